// The plastic network: fully connected, softplus hidden units, softmax or linear output, no unit biases
// (Shervani-Tabar and Rosenbaum 2023, methods). Weights have shape (nOut, nIn).
import { checkTensors } from "../autodiff/index.js";
import { checkKey, checkKind, checkMade, empty, type Key, kernelsOf, scope, type Tensor } from "../core/index.js";
import {
  crossEntropy,
  matmul,
  matvec,
  mean,
  mul,
  type OfType,
  random,
  softmax,
  softplus,
  softplusGate,
  square,
  sub,
  sum,
  tanh,
} from "../ops/index.js";
import { feedbackPath } from "./feedback/paths.js";
import type { Signals } from "./motifs/numbered.js";
import type { Head, InputGate, PlasticityConfig } from "./rule/config.js";

/** The initial weights of an episode. */
export interface Start {
  /** Initial weights, (nOut, nIn) for each layer; if each chemical begins with its own, (chemicals, nOut, nIn). */
  readonly weights: readonly Tensor[];
  /**
   * Feedback weights B of the same shapes; with direct feedback, (outputs, nIn) for each layer. Not read with symmetric
   * feedback; with plastic feedback, the initial ones.
   */
  readonly feedback: readonly Tensor[];
}

/** The part of a configuration that a start depends on. */
type StartConfig = Partial<Pick<PlasticityConfig, "feedback" | "initialChemicals" | "chemicals">>;

/**
 * Xavier-uniform weights and, drawn independently, feedback weights: U(-r, r) with r = sqrt(6 / (nIn + nOut)).
 *
 * Chemicals that begin with their own weights are drawn as one array (chemicals, nOut, nIn), whose numbers of inputs
 * and outputs are multiplied by its last size, as is usual for kernels of convolutions: r = sqrt(6 / (nIn (nOut +
 * chemicals))), for the published network a twelfth to a sixth of the other r. Some runs of the Recurrent Chemical
 * Network report began in this way, according to its author's public code and logs: those with five chemicals and a
 * bias for each synapse.
 *
 * @param config the configuration of the rule; by default fixed feedback, and weights that all chemicals share.
 * @param options the type of the numbers; float32 by default. The draws of float64 are others.
 * @example initialStart(Key.of(0), [784, 100, 5]).weights // [(100, 784), (5, 100)]
 */
export function initialStart(
  key: Key,
  sizes: readonly number[],
  config: StartConfig = {},
  options: OfType = {},
): Start {
  checkKey("initialStart", key);
  checkKind("initialStart", "the sizes of the layers", sizes, "a list");
  checkKind("initialStart", "the configuration", config, "an object");
  const { feedback = "fixed", initialChemicals, chemicals = 1 } = config;
  const own = initialChemicals === "own";
  const uniform = (key: Key, shape: readonly number[], fans: number): Tensor => {
    const high = Math.sqrt(6 / fans);
    return random.uniform(key, [...shape], { low: -high, high, ...options });
  };
  const [forward, backward] = key.split();
  const weights = sizes.slice(1).map((nOut, layer) => {
    const nIn = sizes[layer];
    return own
      ? uniform(forward.fold(layer), [chemicals, nOut, nIn], nIn * (nOut + chemicals))
      : uniform(forward.fold(layer), [nOut, nIn], nIn + nOut);
  });
  const rows = feedbackPath(feedback).rows(sizes);
  return {
    weights,
    feedback: rows.map((nOut, layer) => uniform(backward.fold(layer), [nOut, sizes[layer]], sizes[layer] + nOut)),
  };
}

/** The activity that motifs see for the output z, and the error that is sent back. */
interface OutputLayer {
  activity(z: Tensor): Tensor;
  error(z: Tensor, y: Tensor, target: Tensor): Tensor;
}

const outputLayers: Readonly<Record<Head, OutputLayer>> = {
  softmax: { activity: softmax, error: (_, y, target) => sub(y, target) },
  linear: { activity: tanh, error: (z, _, target) => sub(z, target) },
};

const inputGates: Readonly<Record<InputGate, (error: Tensor, input: Tensor, beta: number) => Tensor>> = {
  softplus: (error, input, beta) => mul(error, softplusGate(input, beta)),
  one: (error) => error,
};

/** How the first layer meets the input of a step. */
export interface Input {
  /** Its activity, as the first layer's synapses see it, (nIn). */
  readonly yPre: Tensor;
  /** What the first layer's units receive of it through their weights. */
  z(w: Tensor): Tensor;
  /** Its error, as the first layer's synapses see it, (nIn), from what was sent back to it. */
  ePre(sent: Tensor): Tensor;
}

/** An image as the input of a step. */
export function inputOf(image: Tensor, { inputGate, beta }: PlasticityConfig): Input {
  return {
    yPre: image,
    z: (w) => matvec(w, image),
    ePre: (sent) => inputGates[inputGate](sent, image, beta),
  };
}

/**
 * Sends one image forward through the network and its error back, and returns what each layer's synapses see. The
 * weights of a layer are (nOut, nIn), the image (pixels), and the target (outputs).
 *
 * @param feedback the feedback weights of this step.
 * @example signalsOf([ones([3, 4])], [ones([3, 4])], ones([4]), zeros([3]), defaultConfig).length // 1
 */
export function signalsOf(
  weights: readonly Tensor[],
  feedback: readonly Tensor[],
  image: Tensor,
  target: Tensor,
  config: PlasticityConfig,
): Signals[] {
  checkKind("signalsOf", "the weights", weights, "a list");
  checkKind("signalsOf", "the feedback weights", feedback, "a list");
  checkMade(
    "signalsOf",
    "the configuration",
    config,
    ["head", "feedback"],
    "Give a preset's, or one of defaultConfig.",
  );
  return signalsThrough(weights, feedback, inputOf(image, config), target, config).map((signals) => ({ ...signals }));
}

/** What each layer's synapses see of an input; `u` and the error of the input are computed when they are first read. */
export function signalsThrough(
  weights: readonly Tensor[],
  feedback: readonly Tensor[],
  input: Input,
  target: Tensor,
  config: PlasticityConfig,
): Signals[] {
  const last = weights.length - 1;
  const output = outputLayers[config.head];
  const { send } = feedbackPath(config.feedback);
  const y = [input.yPre];
  const z: Tensor[] = [];
  weights.forEach((w, layer) => {
    z.push(layer === 0 ? input.z(w) : matvec(w, y[layer]));
    y.push(layer === last ? output.activity(z[layer]) : softplus(z[layer], config.beta));
  });
  const e: Tensor[] = [];
  e[last + 1] = output.error(z[last], y[last + 1], target);
  for (let layer = last; layer > 0; layer--) {
    e[layer] = mul(send(layer, e, weights, feedback), softplusGate(y[layer], config.beta));
  }
  return weights.map((w, layer) => {
    const u = once(() => matvec(w, y[layer + 1], true));
    const ePre = layer === 0 ? once(() => input.ePre(send(0, e, weights, feedback))) : () => e[layer];
    return {
      ...{ y: y[layer + 1], e: e[layer + 1], z: z[layer], yPre: y[layer] },
      get ePre() {
        return ePre();
      },
      get u() {
        return u();
      },
    };
  });
}

/** A function that makes its value when it is first called. */
function once(make: () => Tensor): () => Tensor {
  let made: Tensor | undefined;
  return () => (made ??= make());
}

/**
 * The last layer's z (rows, outputs) for images (rows, pixels): logits, or the answers of a linear head.
 *
 * @example logitsOf([ones([3, 4]), ones([2, 3])], zeros([5, 4]), 1) // (5, 2)
 */
export function logitsOf(weights: readonly Tensor[], images: Tensor, beta: number): Tensor {
  checkKind("logitsOf", "the weights", weights, "a list");
  return weights.reduce((y, w, layer) => {
    const z = matmul(y, w, { b: true });
    return layer === weights.length - 1 ? z : softplus(z, beta);
  }, images);
}

const losses: Readonly<Record<Head, (outputs: Tensor, wanted: Tensor) => Tensor>> = {
  softmax: (logits, labels) => mean(crossEntropy(logits, labels)),
  linear: (answers, targets) => mul(mean(square(sub(answers, targets))), 0.5),
};

/**
 * The loss of `logitsOf` for a head: the mean cross-entropy with int32 labels (rows), or half the mean square of the
 * distance to float32 targets (rows, outputs).
 *
 * @example lossOf(tensor([[2, 0]]), tensor([0], { dtype: "int32" })) // 0.1269
 */
export function lossOf(outputs: Tensor, wanted: Tensor, head: Head = "softmax"): Tensor {
  return losses[head](outputs, wanted);
}

/**
 * The share of the targets' variance that answers (rows, outputs) explain: R2 = 1 - sum (z - t)^2 / sum (t - mean t)^2,
 * with a separate mean for each output. 1 is perfect, 0 is no better than the mean, and there is no lower bound. NaN
 * for targets that do not vary.
 *
 * @example r2Of(tensor([[1], [2], [3]]), tensor([[1], [2], [3]])) // 1
 */
export function r2Of(answers: Tensor, targets: Tensor): number {
  const squares = (x: Tensor): number => scope(() => sum(square(x)).item());
  const spread = squares(sub(targets, mean(targets, 0, true)));
  return spread > 0 ? 1 - squares(sub(answers, targets)) / spread : Number.NaN;
}

/**
 * The share of rows whose largest logit is at the label; the first of equal ones counts. Logits are (rows, classes), labels
 * int32 (rows).
 *
 * @example accuracyOf(tensor([[2, 1], [0, 3]]), tensor([0, 0], { dtype: "int32" })) // 0.5
 */
export function accuracyOf(logits: Tensor, labels: Tensor): number {
  checkTensors("accuracyOf", [logits, labels]);
  const [rows, classes] = logits.shape;
  const best = empty([rows], "int32");
  kernelsOf(logits).argmax(best.address, logits.address, rows, classes);
  const [found, wanted] = [best.data(), labels.data()];
  let hits = 0;
  for (let i = 0; i < rows; i++) hits += Number(found[i] === wanted[i]);
  return hits / rows;
}
