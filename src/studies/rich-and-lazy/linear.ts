// A linear network of two layers that learns a direction, from first weights that are full, of rank one along a random
// direction, or of rank one along the direction to learn. The last is the exception: learning stays lazy despite low rank.
import { valueAndGrad } from "../../autodiff/index.js";
import { advance, Key, scope, type Tensor } from "../../core/index.js";
import { alignedWeights, kernelAlignment, tangentKernel } from "../../nn/index.js";
import { div, matmul, mean, mul, norm, outer, random, square, sub } from "../../ops/index.js";
import { sgd } from "../../optim/index.js";
import type { Cell } from "../../runs/index.js";

/**
 * The number of inputs, hidden units and examples, the norm of the first weights, the step size, and the error to
 * reach.
 */
const [INPUTS, UNITS, EXAMPLES, NORM, RATE, ERROR] = [20, 100, 200, 3, 0.02, 1e-4];
/** The limit on steps; no network needs as many. */
const MOST = 20_000;

/** How first weights [inputs, units] are drawn, by name, for the task's direction [inputs]. */
const starts = {
  full: (key: Key) => scaled(random.normal(key, [INPUTS, UNITS])),
  "rank one": (key: Key) => {
    const [from, to] = key.split();
    return scaled(outer(random.normal(from, [INPUTS]), random.normal(to, [UNITS])));
  },
  aligned: (key: Key, direction: Tensor) => alignedWeights(key, direction, UNITS, NORM),
} satisfies Readonly<Record<string, (key: Key, direction: Tensor) => Tensor>>;

/** The name of a kind of first weights. */
export type Start = keyof typeof starts;
/** Their names. */
export const startNames = Object.keys(starts) as Start[];

/** Which linear network is trained. */
export interface LinearConfig {
  readonly start: Start;
}

/** The results of one network. */
export interface LinearRow {
  /** The Frobenius norm of the change of the first layer. */
  readonly moved: number;
  /** The alignment of the tangent kernels before and after learning. */
  readonly kernel: number;
  /** How many steps it took to reach the error. */
  readonly steps: number;
  /** The error at the end: half the mean squared error. */
  readonly error: number;
}

interface Layers {
  readonly first: Tensor;
  readonly second: Tensor;
}

const scaled = (weights: Tensor): Tensor => div(mul(weights, NORM), norm(weights));
const answer = ({ first, second }: Layers, x: Tensor): Tensor => matmul(matmul(x, first), second);

/** Trains one network and measures it. */
export function trainLinear({ config: { start }, seed }: Cell<LinearConfig>): LinearRow {
  const [inputKey, directionKey, firstKey, secondKey] = Key.of(seed).split(4);
  return scope(() => {
    const x = random.normal(inputKey, [EXAMPLES, INPUTS]);
    const drawn = random.normal(directionKey, [INPUTS]);
    const direction = div(drawn, norm(drawn));
    const y = matmul(x, direction.reshape([INPUTS, 1]));
    const begin: Layers = {
      first: starts[start](firstKey, direction),
      second: random.normal(secondKey, [UNITS, 1], { std: 0.3 / Math.sqrt(UNITS) }),
    };
    const slope = valueAndGrad((layers: Layers) => mul(mean(square(sub(answer(layers, x), y))), 0.5));
    const optimizer = sgd({ lr: RATE });
    const memory = optimizer.init(begin);
    let layers = begin;
    let [steps, error] = [0, Number.POSITIVE_INFINITY];
    for (; ; steps++) {
      let done = false;
      layers = advance(layers, (before) => {
        const { value, grad } = slope(before);
        error = value.item();
        done = 2 * error < ERROR || steps === MOST;
        return done ? before : optimizer.step(before, grad, memory).params;
      });
      if (done) break;
    }
    const [own, learned] = [begin, layers].map((each) =>
      tangentKernel((p: Layers, one: Tensor) => answer(p, one.reshape([1, INPUTS])).reshape([1]), each, x),
    );
    return {
      moved: norm(sub(layers.first, begin.first)).item(),
      kernel: kernelAlignment(own, learned).item(),
      steps,
      error,
    };
  });
}
