// What holds of the descent by itself, without a task: how many steps it takes, where it goes, what gradients reach the first
// layer of a deep network, and that the local rule goes there too. All in float64.
import { grad } from "../../autodiff/index.js";
import { advance, Key, type Shape, scope, type Tensor } from "../../core/index.js";
import { float64 } from "../../float64/index.js";
import { svd } from "../../linalg/index.js";
import { initialise, ojaStep, orthogonalise, orthogonalityCost } from "../../nn/index.js";
import { abs, crossEntropy, matmul, max, mean, norm, random, sub, tanh, tensor } from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { inParts } from "../pause.js";

/** How much is tried. */
export interface DescentConfig {
  /** Weights drawn for each measure. */
  readonly draws: number;
  /** Steps of the local rule, at most. */
  readonly noise: number;
}

/** Lengths of the gradients of the first and of the last layer. */
export type Flow = readonly [first: number, last: number];

/** The results of a seed, of all draws the worst. */
export interface DescentRow {
  /** The most steps that any shape took, from uniform weights by Glorot and from small normal ones. */
  readonly steps: { readonly glorot: number; readonly small: number };
  /** The gradient of the tape against 4 (WW'W - W): relative error. */
  readonly gradient: number;
  /** From weights without a singular value of 1.8 or more: the farthest element from the nearest orthogonal matrix. */
  readonly polar: number;
  /** Of the numbers 1.87, 1.9 and 2.46: how many end elsewhere than at 1, at -1 and nowhere. */
  readonly scalars: number;
  /** Of weights beyond the limit: how many do not become orthogonal after they are scaled down. */
  readonly rescaled: number;
  /** Gradients in a network of 12 layers. */
  readonly flow: { readonly small: Flow; readonly glorot: Flow; readonly orthogonal: Flow };
  /** ‖W'W - I‖ after every hundredth step of the local rule. */
  readonly noise: readonly number[];
  /** The first step after which it is below 1e-6; null if there is none. */
  readonly settled: number | null;
}

const SHAPES: readonly Shape[] = [
  [100, 100],
  [2, 100],
  [100, 4],
  [784, 100],
  [100, 10],
  [1, 100],
];
const [SMALL, RATE] = [1e-3, 0.1];
/** The local rule: units, items of a batch, rate, and steps between two looks. */
const [UNITS, ITEMS, LOCAL_RATE] = [50, 64, 0.02];
export const LOOK = 100;

const glorot = (key: Key, [fanIn, fanOut]: Shape): Tensor =>
  initialise("xavierUniform", key, [fanIn, fanOut], { fanIn, fanOut }, float64);
const small = (key: Key, shape: Shape): Tensor => random.normal(key, shape, { std: SMALL, ...float64 });

/** WW'W - W. */
const beyond = (w: Tensor): Tensor => sub(matmul(matmul(w, w, { b: true }), w), w);

const relative = (found: Tensor, wanted: Tensor): number => norm(sub(found, wanted)).item() / norm(wanted).item();

/** Measures everything for one seed. */
export async function measureDescent({ config, seed }: Cell<DescentConfig>, context: Context): Promise<DescentRow> {
  const keys = Key.of(seed).split(config.draws);
  const next = inParts(context, 7);
  const worst = (of: (key: Key) => number): number => Math.max(...keys.map((key) => scope(() => of(key))));
  const most = (from: typeof glorot): number =>
    worst((key) => Math.max(...SHAPES.map((shape, i) => scope(() => orthogonalise(from(key.fold(i), shape)).steps))));
  const steps = { glorot: await next(() => most(glorot)), small: await next(() => most(small)) };
  const gradient = await next(() => worst((key) => Math.max(...SHAPES.slice(0, 3).map((shape) => ofTape(key, shape)))));
  const polar = await next(() => worst(fromPolar));
  const rescaled = await next(() => keys.filter((key) => scope(() => isLost(key))).length);
  const flow = await next(() => ({
    small: flowOf(keys[0], small),
    glorot: flowOf(keys[0], glorot),
    orthogonal: flowOf(keys[0], (key, shape) => orthogonalise(small(key, shape)).weight),
  }));
  const { noise, settled } = await next(() => localRule(keys[0].fold(101), config.noise));
  return { steps, gradient, polar, scalars: scalarsOff(), rescaled, flow, noise, settled };
}

function ofTape(key: Key, shape: Shape): number {
  const w = random.normal(key, shape, { std: 0.3, ...float64 });
  return relative(grad(orthogonalityCost)(w), beyond(w).mul(4));
}

/** Uniform weights, made smaller if they must be, beside the orthogonal factor UV' of their singular vectors. */
function fromPolar(key: Key): number {
  const drawn = glorot(key, [40, 30]);
  const { s } = svd(drawn);
  const start = drawn.mul(Math.min(1, 1.79 / s.data()[0]));
  const { u, v } = svd(start);
  const { weight } = orthogonalise(start, { tolerance: 1e-9 });
  return max(abs(sub(weight, matmul(u, v, { b: true })))).item();
}

/** Whether a weight whose largest singular value is beyond the limit cannot be made orthogonal. */
function isLost(key: Key): boolean {
  const { weight, scale } = orthogonalise(random.normal(key, [30, 30], float64));
  return scale >= 1 || orthogonalityCost(weight).item() >= 1e-6;
}

/** Where the numbers end by the descent's own map, without scaling. */
function scalarsOff(): number {
  const ends = (sigma: number): number => {
    let s = sigma;
    for (let step = 0; step < 200 && Math.abs(s) < 1e6; step++) s *= 1 - 4 * RATE * (s * s - 1);
    return s;
  };
  const isAt = (found: number, wanted: number): boolean => Math.abs(found - wanted) < 1e-9;
  const byDescent = [1.87, 1.9].map((sigma) => orthogonalise(tensor([[sigma]], float64)).weight.item());
  const right = [
    ...[isAt(ends(1.87), 1), isAt(ends(1.9), -1), Math.abs(ends(2.46)) > 1e6],
    ...[Math.abs(byDescent[0] - 1) < 1e-3, Math.abs(byDescent[1] + 1) < 1e-3],
  ];
  return right.filter((is) => !is).length;
}

/** The gradients of the first and the last weight of a 784-100-...-100-10 network, for a batch of 20. */
function flowOf(key: Key, from: (key: Key, shape: Shape) => Tensor): Flow {
  const sizes = [784, ...Array.from({ length: 11 }, () => 100), 10];
  const weights = sizes.slice(1).map((size, i) => from(key.fold(i), [sizes[i], size]));
  const x = random.normal(key.fold(100), [20, 784], float64);
  const labels = tensor(
    Int32Array.from({ length: 20 }, (_, i) => i % 10),
    { dtype: "int32" },
  );
  const gradients = grad((all: readonly Tensor[]) =>
    mean(
      crossEntropy(
        all.reduce((a, w, i) => (i < all.length - 1 ? tanh(matmul(a, w)) : matmul(a, w)), x),
        labels,
      ),
    ),
  )(weights);
  return [norm(gradients[0]).item(), norm(gradients[gradients.length - 1]).item()];
}

function localRule(key: Key, steps: number): Pick<DescentRow, "noise" | "settled"> {
  const off = (w: Tensor): number => scope(() => Math.sqrt(orthogonalityCost(w).item()));
  let carry = { weight: glorot(key.fold(0), [UNITS, UNITS]) };
  const noise = [off(carry.weight)];
  let settled: number | null = null;
  for (let step = 1; step <= steps; step++) {
    carry = advance(carry, ({ weight }) => ({
      weight: ojaStep(weight, random.normal(key.fold(step), [ITEMS, UNITS], float64), LOCAL_RATE),
    }));
    if (step % LOOK > 0) continue;
    noise.push(off(carry.weight));
    if (settled === null && noise[noise.length - 1] < 1e-6) settled = step;
  }
  return { noise, settled };
}
