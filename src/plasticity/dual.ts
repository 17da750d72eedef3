// A lifetime of a linear rule whose first layer is held in dual form: in place of the weights W (nOut, nIn) their products
// Z = W A' (nOut, N) with the N examples of the lifetime, which are the rows of A: the images of its steps, then the queries.
//
// A step of a linear rule (`synapses/linear-step.ts`) on the image x, with its error e and the layer's activity y, is
//
//   W' = (1 - d) W + a x' + b e' + c (W'y)'          a, b, c (nOut) by the motifs, d the coefficient of the decay.
//
// Times A', and since (W'y)' A' = (Z'y)', it is a step of the same rule on Z, with A x, A e and Z'y in place of x, e and W'y:
//
//   Z' = (1 - d) Z + a (A x)' + b (A e)' + c (Z'y)'.
//
// What the first layer's units receive of step t's image is column t of Z; A x is row t of the Gram matrix of the images
// with all examples, which is computed once; and after the lifetime the last columns of Z are what the units receive of the
// queries. The weights are never formed, and nothing of their size is stored. So a step costs N numbers for each unit in
// place of nIn, and this pays where a lifetime has fewer examples than an example has numbers, the more so for motifs that
// need neither e nor W'y (those of FA and BP). The other layers are held as weights, since their inputs change while they learn.
//
// The sums are others than those of the direct form, so the bits are others too: each is fixed by the ops that it is made of.
import { apply, rowOp } from "../autodiff/index.js";
import { checkMade, checkOptions, quote, showShape, type Tensor } from "../core/index.js";
import { concat, eye, matmul, matvec, slice, softplus, transpose } from "../ops/index.js";
import { feedbackPath } from "./feedback/paths.js";
import { checkStart, checkTypes, type Life, type LifetimeOptions, liveThrough, type Stream } from "./lifetime.js";
import { motifsRead } from "./motifs/numbered.js";
import { type Input, inputOf, logitsOf, type Start } from "./network.js";
import type { PlasticityConfig } from "./rule/config.js";
import type { Rule } from "./rule/parts.js";
import { synapseKind } from "./synapses/registry.js";
import { targetsOf } from "./targets.js";

/** The lifetimes of a network on some examples, with its first layer in dual form; see `dualLifetime`. */
export interface DualLifetime {
  /**
   * The network after the steps from `begin` (included) to `end` (excluded), by default all. The first of its `weights` are
   * their products with the examples, (nOut, steps + queries).
   */
  live(rule: Rule, options?: DualOptions): Life;
  /** The last layer's z (queries, outputs), as `logitsOf` gives it. */
  outputs(life: Life): Tensor;
}

/** Options of a lifetime in dual form. */
export interface DualOptions extends Pick<LifetimeOptions, "checkpoint" | "from"> {
  /** The first step, from 0; 0 by default. */
  readonly begin?: number;
  /** The step after the last one; by default the stream's length. */
  readonly end?: number;
}

/** Why no lifetime of this rule can be held in dual form, and the cure; undefined if it can. */
export function noDual(config: PlasticityConfig): string | undefined {
  const { synapse, motifs, feedback } = config;
  const cure = 'or use the form "direct"';
  if (!synapseKind(synapse).dual) {
    return `the dual form is for rules that are linear in the weights, and ${synapse} synapses are not: use linear ones, ${cure}.`;
  }
  const deep = motifs.find((motif) => typeof motif === "string" || motif === 6 || motif === 7);
  if (deep !== undefined) {
    return (
      `the dual form knows the weights' products with images, and motif ${JSON.stringify(deep)} may need others: ` +
      `leave it out, ${cure}.`
    );
  }
  const { plastic, readsWeights } = feedbackPath(feedback);
  if (plastic || (readsWeights && motifsRead(motifs).ePre)) {
    return (
      `the dual form has no weights through which ${feedback} feedback could send the errors of the image, ` +
      `which the motifs ${motifs.join(", ")} read: use fixed feedback, ${cure}.`
    );
  }
  return undefined;
}

/**
 * Lifetimes whose first layer is held as its products with the examples; the equations are at the head of this file. The
 * results are those of `live` and `logitsOf` but for rounding, in less time where the images have more pixels than there
 * are examples, that is steps and queries together.
 *
 * @param queries (queries, pixels): the images that the network is tested on.
 * @throws RangeError if the rule is not linear, or needs products of the weights with more than images.
 * @example
 * const [rule, start] = [initialRule(defaultConfig, [4, 3, 2]), initialStart(Key.of(0), [4, 3, 2])];
 * const stream = { images: ones([6, 4]), labels: tensor([0, 1, 0, 1, 0, 1], { dtype: "int32" }) };
 * const dual = dualLifetime(defaultConfig, start, stream, ones([5, 4]));
 * dual.outputs(dual.live(rule)); // (5, 2)
 */
export function dualLifetime(config: PlasticityConfig, start: Start, stream: Stream, queries: Tensor): DualLifetime {
  checkMade("dualLifetime", "the configuration", config, ["synapse", "motifs", "feedback"], "Give a preset's.");
  checkMade("dualLifetime", "the start", start, ["weights"], "Make one with initialStart().");
  checkMade("dualLifetime", "the stream", stream, ["images", "labels"], "Give { images, labels }.");
  const misfit = noDual(config);
  if (misfit) throw new RangeError(`[dualLifetime] ${misfit}`);
  checkStart(config, start);
  const { images } = stream;
  const steps = images.shape[0];
  if (queries.rank !== 2 || queries.shape[1] !== images.shape[1]) {
    throw new RangeError(
      `[dualLifetime] the queries have the shape ${showShape(queries.shape)}, and the images ${showShape(images.shape)}: ` +
        "give queries of as many pixels.",
    );
  }
  const examples = concat([images, queries]);
  const last = start.weights[start.weights.length - 1];
  const targets = targetsOf(stream.labels, last.shape[0], last.dtype);
  const gram = matmul(images, examples, { b: true });
  const columns = eye(steps, examples.shape[0], 0, images);
  const [first, ...others] = start.weights;
  const begun: Start = { ...start, weights: [matmul(first, examples, { b: true }), ...others] };
  const inputAt = (index: number): Input => {
    const [image, products, column] = [images, gram, columns].map((x) => apply(rowOp, [x], { index }));
    const { ePre } = inputOf(image, config);
    return { yPre: products, z: (w) => matvec(w, column), ePre: (sent) => matvec(examples, ePre(sent)) };
  };
  return {
    live(rule, { begin = 0, end = steps, ...options } = {}) {
      checkMade("dualLifetime", "the rule", rule, ["P", "K", "v", "b"], "Make one with initialRule().");
      checkTypes(rule, start, stream);
      checkOptions("dualLifetime", options, ["checkpoint", "from"]);
      if (!(Number.isInteger(begin) && Number.isInteger(end) && 0 <= begin && begin <= end && end <= steps)) {
        throw new RangeError(
          `[dualLifetime] steps from ${quote(begin)} to ${quote(end)}, but the lifetime has ${steps} steps. ` +
            "Give whole numbers, 0 <= `begin` <= `end` <= steps.",
        );
      }
      const inputs = {
        steps: end - begin,
        targetAt: (index: number): Tensor => apply(rowOp, [targets], { index: begin + index }),
        inputAt: (index: number): Input => inputAt(begin + index),
      };
      return liveThrough(config, rule, begun, inputs, options);
    },
    outputs({ weights: [products, ...others] }) {
      const z = transpose(slice(products, [0, steps]));
      return others.length === 0 ? z : logitsOf(others, softplus(z, config.beta), config.beta);
    },
  };
}
