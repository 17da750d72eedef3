// The workloads that are measured, here and in the scripts of other frameworks. Each is prepared once and returns a
// function that does the work once.
import {
  type CreditParams,
  equilibriumPropagation,
  predictiveChain,
  prototypicalModel,
  selectiveRtrl,
  zil,
} from "../src/credit/index.js";
import {
  compile,
  conv2d,
  Key,
  loop,
  matmul,
  type OfType,
  random,
  scope,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
} from "../src/index.js";
import { type SelectiveParams, selectiveCell } from "../src/nn/index.js";
import {
  initialRule,
  initialStart,
  type LifetimeOptions,
  lifetime,
  logitsOf,
  lossOf,
  presets,
  type Rule,
} from "../src/plasticity/index.js";
import convolutions from "./peers/convolutions.json" with { type: "json" };
import { gridWork, lifProducts, lifWork } from "./spiking-workloads.js";

/** The widths of the published network, input first. */
export const SIZES: readonly number[] = [784, 170, 130, 100, 70, 47];
const QUERIES = 50;

export interface LifetimeWork extends LifetimeOptions, OfType {
  readonly chemicals: number;
  readonly steps?: number;
  readonly sizes?: readonly number[];
  /** Lifetimes whose losses are added. */
  readonly episodes?: number;
}

/**
 * One lifetime of the Recurrent Chemical Network with its meta-gradient: three motifs, 50 query images; from rule and
 * data to loss and the gradient with respect to P, K, v and b.
 */
export function lifetimeWork({
  chemicals,
  steps = 50,
  sizes = SIZES,
  dtype = "float32",
  episodes = 1,
  ...options
}: LifetimeWork) {
  const config = { ...presets.rcn.config, chemicals, motifs: [0, 2, 9], bias: "layer" as const };
  const key = Key.of(0);
  const start = initialStart(key.fold(0), sizes, {}, { dtype });
  const rule = initialRule(config, sizes, { dtype });
  const labels = (count: number): Tensor =>
    tensor(
      Int32Array.from({ length: count }, (_, i) => i % 5),
      { dtype: "int32" },
    );
  const stream = { images: random.uniform(key.fold(1), [steps, sizes[0]], { dtype }), labels: labels(steps) };
  const query = { images: random.uniform(key.fold(2), [QUERIES, sizes[0]], { dtype }), labels: labels(QUERIES) };
  const one = (r: Rule): Tensor =>
    lossOf(logitsOf(lifetime(config, r, start, stream, options), query.images, config.beta), query.labels);
  const loss = (r: Rule): Tensor =>
    Array.from({ length: episodes }, () => one(r)).reduce((total, episode) => total.add(episode));
  const differentiate = valueAndGrad(loss, { unused: "zero" });
  return {
    /** Everything. */
    total: (): void => scope(() => void differentiate(rule)),
    /** The loss, with all that the gradient needs. */
    forward: (): void => scope(() => vjp(loss, rule).pullback.dispose()),
  };
}

/** A square product. */
export function matmulWork(n: number): () => void {
  const [a, b] = Key.of(n)
    .split()
    .map((key) => random.uniform(key, [n, n]));
  return () => scope(() => void matmul(a, b));
}

/** A convolution of the list, forward, or its derivative with respect to the image or the filter. */
function convolutionWork(index: number, which: "forward" | "image" | "filter"): () => void {
  const { batch, side, channels, outputs, kernel } = convolutions[index];
  const [kx, kf, ky] = Key.of(index).split(3);
  const image = random.uniform(kx, [batch, side, side, channels]);
  const filter = random.uniform(kf, [kernel, kernel, channels, outputs]);
  const options = { padding: "same" } as const;
  if (which === "forward") return () => scope(() => void conv2d(image, filter, options));
  const cotangent = random.uniform(ky, [batch, side, side, outputs]);
  const { pullback } =
    which === "image"
      ? vjp((x: Tensor) => conv2d(x, filter, options), image)
      : vjp((f: Tensor) => conv2d(image, f, options), filter);
  return () => scope(() => void pullback(cotangent));
}

interface HebbianRule {
  rate: Tensor;
  decay: Tensor;
}

/**
 * A small inner loop, in which the overhead of ops matters: 50 steps of Hebbian learning with decay, weights 32 x 32,
 * batch 16, value and gradient of two rule parameters.
 */
export function smallLoop(width = 32, batch = 16) {
  const [kw, kx, kt] = Key.of(0).split(3);
  const w0 = random.normal(kw, [width, width], { std: 0.1 });
  const x = random.normal(kx, [batch, width]);
  const t = random.uniform(kt, [batch, width], { low: -1 });
  /** The loss after a lifetime that begins with these weights. */
  const from = (rule: HebbianRule, start: Tensor): Tensor => {
    const end = loop(50, start, (w) => {
      const y = x.matmul(w).tanh();
      const hebb = x.transpose().matmul(t.sub(y));
      return w.add(hebb.mul(rule.rate)).sub(w.mul(rule.decay));
    });
    return x.matmul(end).tanh().sub(t).square().mean();
  };
  const lifetime = (rule: HebbianRule): Tensor => from(rule, w0);
  const rule = { rate: tensor(0.01), decay: tensor(0.02) };
  return { from, lifetime, differentiate: valueAndGrad(lifetime), rule };
}

/** The small inner loop, run once. */
export function smallLoopWork(): () => void {
  const { differentiate, rule } = smallLoop();
  return () => scope(() => void differentiate(rule));
}

/** Items of a batch of the credit workloads. */
const CREDIT_BATCH = 64;

/** Credit by Z-IL, compiled, for a network with two hidden layers of `width`; with 512 the input has 784 neurons, else as many. */
export function zilWork(width: number): () => void {
  const net = predictiveChain([width === 512 ? 784 : width, width, width, 10]);
  const [ofParams, ofData, ofTargets] = Key.of(width).split(3);
  const params = net.init(ofParams);
  const x = random.normal(ofData, [CREDIT_BATCH, ...net.vertices[0].shape]);
  const target = random.normal(ofTargets, [CREDIT_BATCH, 10]);
  const step = compile((p: CreditParams, data: Tensor, t: Tensor) => zil(net, p, data, t).credit);
  return () => scope(() => void step(params, x, target));
}

/** Equilibrium propagation, compiled, for a prototypical network of one hidden layer: 30 and 10 ticks, a batch of 20. */
export function equilibriumWork(width: number): () => void {
  const model = prototypicalModel([width === 512 ? 784 : width, width, 10], (x) => x.mul(4).sub(2).sigmoid());
  const [ofParams, ofData, ofTargets] = Key.of(width).split(3);
  const params = model.init(ofParams);
  const x = random.uniform(ofData, [20, params[0].weight.shape[0]]);
  const target = random.uniform(ofTargets, [20, 10]);
  const phases = { free: 30, nudged: 10, beta: 0.1 };
  const step = compile(
    (p: typeof params, data: Tensor, t: Tensor) => equilibriumPropagation(model, p, data, t, phases).credit,
  );
  return () => scope(() => void step(params, x, target));
}

/** A step of real-time recurrent learning, compiled, in a selective state space of so many channels and 16 states; one sequence. */
export function rtrlWork(width: number): () => void {
  const cell = selectiveCell(width);
  const rtrl = selectiveRtrl([cell]);
  const [ofParams, ofData, ofTarget] = Key.of(width).split(3);
  const params = cell.init(ofParams);
  const [u, target] = [random.normal(ofData, [1, width]), random.normal(ofTarget, [1, width])];
  const step = compile((p: SelectiveParams, state: ReturnType<typeof rtrl.rest>, x: Tensor, t: Tensor) => {
    const tick = rtrl.tick([p], state, x, (y) => y.sub(t));
    return { state: tick.state, credit: tick.credit };
  });
  const state = rtrl.rest(1);
  return () => scope(() => void step(params, state, u, target));
}

/** The workloads by name, each made from its number (chemicals, n, or an index in a list), for `children/serve.ts`. */
export default {
  lifetime: (chemicals: number) => lifetimeWork({ chemicals }).total,
  "lifetime-250": (chemicals: number) => lifetimeWork({ chemicals, steps: 250 }).total,
  matmul: matmulWork,
  "small-loop": smallLoopWork,
  zil: zilWork,
  ep: equilibriumWork,
  rtrl: rtrlWork,
  lif: (units: number) => lifWork(units, "numbers"),
  "lif-spikes": (units: number) => lifWork(units, "spikes"),
  "lif-products": lifProducts,
  grid: gridWork,
  conv2d: (index: number) => convolutionWork(index, "forward"),
  "conv2d-image": (index: number) => convolutionWork(index, "image"),
  "conv2d-filter": (index: number) => convolutionWork(index, "filter"),
};
