// The plastic network: fully connected, softplus hidden units, softmax output, no unit biases (Shervani-Tabar and
// Rosenbaum 2023, methods). Weights have shape (nOut, nIn).
import { stop } from "../autodiff/index.js";
import { empty, type Key, kernels, type Tensor } from "../core/index.js";
import { crossEntropy, matmul, matvec, mean, mul, random, softmax, softplus, softplusGate, sub } from "../ops/index.js";
import type { PlasticityConfig } from "./config.js";
import type { Signals } from "./motifs.js";

/** What an episode begins with. */
export interface Start {
  /** Initial weights, (nOut, nIn) a layer. */
  readonly weights: readonly Tensor[];
  /** Feedback weights B of the same shapes; not read with symmetric feedback. */
  readonly feedback: readonly Tensor[];
}

/** Xavier-uniform weights and, drawn independently, feedback weights: U(-r, r) with r = sqrt(6 / (nIn + nOut)). */
export function initialStart(key: Key, sizes: readonly number[]): Start {
  const draw = (keys: Key): Tensor[] =>
    sizes.slice(1).map((nOut, layer) => {
      const high = Math.sqrt(6 / (sizes[layer] + nOut));
      return random.uniform(keys.fold(layer), [nOut, sizes[layer]], { low: -high, high });
    });
  const [forward, backward] = key.split();
  return { weights: draw(forward), feedback: draw(backward) };
}

/** One image through the network and its error back: what each layer's synapses see. */
export function signalsOf(
  weights: readonly Tensor[],
  feedback: readonly Tensor[],
  image: Tensor,
  target: Tensor,
  config: PlasticityConfig,
): Signals[] {
  const last = weights.length - 1;
  const y = [image];
  const z: Tensor[] = [];
  weights.forEach((w, layer) => {
    z.push(matvec(w, y[layer]));
    y.push(layer === last ? softmax(z[layer]) : softplus(z[layer], config.beta));
  });
  const e: Tensor[] = [];
  e[last + 1] = sub(y[last + 1], target);
  for (let layer = last; layer >= 0; layer--) {
    const back = config.feedback === "symmetric" ? stop(weights[layer]) : feedback[layer];
    e[layer] = mul(matvec(back, e[layer + 1], true), softplusGate(y[layer], config.beta));
  }
  return weights.map((w, layer) => ({
    y: y[layer + 1],
    e: e[layer + 1],
    z: z[layer],
    yPre: y[layer],
    ePre: e[layer],
    u: matvec(w, y[layer + 1], true),
  }));
}

/** Logits (rows, classes) of images (rows, pixels). */
export function logitsOf(weights: readonly Tensor[], images: Tensor, beta: number): Tensor {
  return weights.reduce((y, w, layer) => {
    const z = matmul(y, w, { b: true });
    return layer === weights.length - 1 ? z : softplus(z, beta);
  }, images);
}

/** Mean cross-entropy of logits with int32 labels. */
export function lossOf(logits: Tensor, labels: Tensor): Tensor {
  return mean(crossEntropy(logits, labels));
}

/** The share of rows whose largest logit is at the label; the first of equal ones counts. */
export function accuracyOf(logits: Tensor, labels: Tensor): number {
  const [rows, classes] = logits.shape;
  const best = empty([rows], "int32");
  kernels().argmax(best.address, logits.address, rows, classes);
  const [found, wanted] = [best.data(), labels.data()];
  let hits = 0;
  for (let i = 0; i < rows; i++) hits += Number(found[i] === wanted[i]);
  return hits / rows;
}
