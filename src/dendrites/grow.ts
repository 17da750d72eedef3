// How dendrites learn: while the network stands still, each makes its covariance with the remaining error of its neuron large,
// in either direction (Fahlman and Lebiere 1990), and is then accepted with a strength of 0.
import { grad, stop } from "../autodiff/index.js";
import { advance, checkKey, checkOptions, type Key, keep, quote, scope, type Tensor } from "../core/index.js";
import { classification, type Examples, type Loss, type Network, type Params, type States } from "../nn/index.js";
import { add, div, mean, mul, neg, sign, sqrt, square, sub, sum, zeros } from "../ops/index.js";
import type { Optimizer } from "../optim/index.js";
import { checkOptimizer } from "../optim/internal.js";
import {
  type Dendrites,
  type DendriteTree,
  dendritesOf,
  neuronsOf,
  newDendrites,
  partsOf,
  runWith,
  withDendrites,
  withStrengths,
} from "./perforated.js";

/** How new dendrites learn. */
export interface GrowOptions {
  /** The optimizer of their parameters, such as `adam({ lr: 1e-2 })`. */
  readonly optimizer: Optimizer<Candidates, object>;
  /** How many times every example is seen. */
  readonly epochs: number;
  /** The examples of a batch; 64 by default. */
  readonly batchSize?: number;
  /** The key of the first parameters and of the order of examples. */
  readonly key: Key;
  /** The loss whose gradient is the remaining error; the mean cross-entropy of logits by default. */
  readonly loss?: Loss;
  /** The states of the layers after training, such as those of `batchNorm`; the network's first ones by default. */
  readonly states?: States;
}

/** The dendrites that learn, by layer; of a layer without neurons there are none. */
export type Candidates = readonly (readonly Dendrites[])[];

/** A network with one more dendrite for each neuron. */
export interface Grown {
  /** All dendrites, the new ones last in each layer. */
  readonly tree: DendriteTree;
  /** The parameters, with strengths of 0 for the new dendrites: the network computes what it did. */
  readonly params: Params;
  /** By layer, the mean over neurons of the absolute correlation of the new dendrites with the error in the last epoch. */
  readonly correlation: readonly number[];
}

/** A part of the running covariance that each batch replaces. */
const [FRESH, EPS] = [0.01, 1e-8];

/** For numbers [n, ..., neurons]: the mean over everything but the neurons. */
const meanOf = (x: Tensor): Tensor =>
  x.rank === 1
    ? x
    : mean(
        x,
        Array.from({ length: x.rank - 1 }, (_, axis) => axis),
      );

/** The inputs of all layers, and for each layer the gradient of the loss in what it gives, per example. */
export function errorsOf(
  net: Network,
  params: Params,
  tree: DendriteTree,
  { x, y }: { readonly x: Tensor; readonly y: Tensor },
  { loss, states }: { readonly loss: Loss; readonly states?: States },
): { readonly inputs: Tensor[]; readonly errors: Tensor[] } {
  const parts = partsOf("grow", net);
  const options = states ? { states } : {};
  const { activations } = runWith(parts, tree, [params, x, options]);
  const probes = activations.map((each) => mul(each, 0));
  const slopes = grad((added: readonly Tensor[]) => {
    const changed = runWith(parts, tree, [params, x, options], (each, i) => add(each, added[i]));
    return loss(changed.y, y);
  })(probes);
  // The loss is a mean over examples: what each does to its own is as many times as large.
  return { inputs: [x, ...activations.slice(0, -1)], errors: slopes.map((slope) => mul(slope, x.shape[0])) };
}

/** What a step of the candidates needs of a layer. */
interface Seen {
  readonly view: Network;
  readonly input: Tensor;
  /** The errors less their mean over the batch, which a dendrite that always gives the same cannot follow. */
  readonly centred: Tensor;
}

const covarianceOf = (tree: readonly Dendrites[], candidate: Dendrites, { view, input, centred }: Seen): Tensor => {
  const given = dendritesOf(view, [...tree, candidate], input);
  return meanOf(mul(given[given.length - 1], centred));
};

/**
 * Gives every neuron one more dendrite. The network does not change meanwhile: dendrites of all layers learn on the errors
 * that it leaves, each on that of its own neuron.
 *
 * ```ts
 * const { tree, params: more } = grow(net, params, noDendrites(net), examples, { optimizer: adam({ lr: 1e-2 }), epochs: 5, key });
 * const grown = withDendrites(net, tree);
 * const { params: better } = fit(grown, more, examples, training);
 * ```
 *
 * @param tree the dendrites so far, and `params` the parameters with their strengths.
 * @throws RangeError if no layer can have dendrites, for a tree of another network, and for numbers that cannot be; TypeError
 * for options that do not exist, and for a missing optimizer or key.
 */
export function grow(
  net: Network,
  params: Params,
  tree: DendriteTree,
  examples: Examples,
  options: GrowOptions,
): Grown {
  checkOptions("grow", options, ["optimizer", "epochs", "batchSize", "key", "loss", "states"]);
  const { optimizer, epochs, batchSize = 64, key, loss = classification, states } = options;
  for (const [name, value] of Object.entries({ epochs, batchSize })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`[grow] \`${name}\` is ${quote(value)}: give a whole number of at least 1.`);
    }
  }
  checkKey("grow", key, "`key`");
  checkOptimizer("grow", "`optimizer`", optimizer);
  withDendrites(net, tree);
  const { views } = partsOf("grow", net);
  const [initKey, orderKey] = key.split();
  const dtype = net.description.dtype ?? "float32";
  const candidates: Candidates = views.map((view, i) =>
    view ? [newDendrites(view, tree[i].length, initKey.fold(i))] : [],
  );
  const running = views.map((view) => zeros([view ? neuronsOf(view) : 0], { dtype }));
  let now = { candidates, state: optimizer.init(candidates), running };
  let sums = { correlation: views.map(() => 0), batches: 0 };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = orderKey.fold(epoch).permutation(examples.count);
    sums = { correlation: views.map(() => 0), batches: 0 };
    for (let from = 0; from < order.length; from += batchSize) {
      now = advance(now, (before) => {
        const batch = examples.batch(order.slice(from, from + batchSize));
        const { inputs, errors } = errorsOf(net, params, tree, batch, { loss, ...(states && { states }) });
        const seen = views.map((view, i): Seen | undefined => {
          if (!view) return undefined;
          const error = stop(errors[i]);
          return { view, input: inputs[i], centred: sub(error, meanOf(error)) };
        });
        const scales = seen.map((each) => each && add(sqrt(meanOf(square(each.centred))), EPS));
        const covariances = seen.map((each, i) =>
          each ? covarianceOf(tree[i], before.candidates[i][0], each) : before.running[i],
        );
        const after = before.running.map((each, i) => add(mul(each, 1 - FRESH), mul(covariances[i], FRESH)));
        const signs = after.map((each) => stop(sign(each)));
        seen.forEach((each, i) => {
          if (each) sums.correlation[i] += correlationOf(tree[i], before.candidates[i][0], each, scales[i]!);
        });
        sums.batches++;
        // Up along the covariance, in the direction that it has.
        const slopes = grad((tried: Candidates) => {
          const terms = seen.flatMap((each, i) =>
            each ? [sum(div(mul(covarianceOf(tree[i], tried[i][0], each), signs[i]), scales[i]!))] : [],
          );
          return neg(terms.reduce((total, term) => add(total, term)));
        })(before.candidates);
        const { params: next, state } = optimizer.step(before.candidates, slopes, before.state);
        return { candidates: next, state, running: after };
      });
    }
  }
  const grown = tree.map((all, i) => [...all, ...now.candidates[i].map((each) => keep(each))]);
  return {
    tree: grown,
    params: withStrengths(net, params, grown),
    correlation: sums.correlation.map((each) => each / sums.batches),
  };
}

/** The mean absolute correlation of a layer's candidates with the errors of a batch. */
function correlationOf(tree: readonly Dendrites[], candidate: Dendrites, seen: Seen, scale: Tensor): number {
  return scope(() => {
    const given = dendritesOf(seen.view, [...tree, candidate], seen.input);
    const v = given[given.length - 1];
    const centred = sub(v, meanOf(v));
    const size = add(sqrt(meanOf(square(centred))), EPS);
    return mean(div(meanOf(mul(centred, seen.centred)), mul(size, scale)).abs()).item();
  });
}
