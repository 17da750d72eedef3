// Random networks and batches to compare algorithms on.
import "../../src/float64/index.js";
import {
  type ActivationOption,
  type ChainOptions,
  type CreditParams,
  fullyConnected,
  type PredictiveNetwork,
  predictiveChain,
  predictiveNetwork,
  skip,
} from "../../src/credit/index.js";
import { type DType, Key, random, softmax, type Tensor } from "../../src/index.js";

/** A network with parameters, data and targets. */
export interface Case {
  readonly net: PredictiveNetwork;
  readonly params: CreditParams;
  readonly x: Tensor;
  readonly target: Tensor;
}

/** Data and targets for a network; targets of the cross-entropy are probabilities. */
export function batchOf(
  net: PredictiveNetwork,
  key: Key,
  dtype: DType,
  probabilities = false,
): Pick<Case, "x" | "target"> {
  const [first, last] = [net.vertices[0], net.vertices[net.vertices.length - 1]];
  const x = random.normal(key.fold(0), [8, ...first.shape], { dtype });
  const drawn = random.normal(key.fold(1), [8, ...last.shape], { dtype });
  return { x, target: probabilities ? softmax(drawn) : drawn };
}

/** A chain of 2 to 6 layers of 3 to 40 neurons. */
export function randomChain(
  seed: number,
  activation: ActivationOption,
  dtype: DType,
  options: ChainOptions = {},
): Case {
  const key = Key.of(seed);
  const layers = 2 + key.integer(0, 5);
  const sizes = Array.from({ length: layers + 1 }, (_, i) => 3 + key.integer(1 + i, 38));
  const net = predictiveChain(sizes, { activation, init: "xavierNormal", ...options });
  const params = net.init(key.fold(0), { dtype });
  return { net, params, ...batchOf(net, key.fold(1), dtype, options.loss === "crossEntropy") };
}

/** A network with residual connections, of which one spans three levels. */
export function residual(seed: number, activation: ActivationOption, dtype: DType, levelled = true): Case {
  const wide = (): ReturnType<typeof fullyConnected> => fullyConnected(7);
  const net = predictiveNetwork({
    input: [7],
    levelled,
    vertices: {
      // Deliberately not in order.
      output: { from: { d: fullyConnected(4), a: fullyConnected(4) } },
      a: { from: { input: wide() }, activation },
      b: { from: { a: wide() }, activation },
      c: { from: { b: wide(), input: skip() }, activation },
      d: { from: { c: wide(), a: skip(), b: wide() }, activation },
    },
  });
  const key = Key.of(seed);
  return { net, params: net.init(key.fold(0), { dtype }), ...batchOf(net, key.fold(1), dtype) };
}
