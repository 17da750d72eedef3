// The random networks that the claims are about, all in float64 unless another type is given.
import type { DType, Key, Tensor } from "../../core/index.js";
import {
  type ActivationName,
  type ChainOptions,
  type CreditParams,
  fullyConnected,
  type PredictiveNetwork,
  predictiveChain,
  predictiveNetwork,
  skip,
} from "../../credit/index.js";
import "../../float64/index.js";
import { random, softmax } from "../../ops/index.js";

/** A network with parameters, data and targets. */
export interface Trial {
  readonly net: PredictiveNetwork;
  readonly params: CreditParams;
  readonly x: Tensor;
  readonly target: Tensor;
}

/** The activation functions of the experiment. */
export const ACTIVATIONS = ["sigmoid", "tanh", "relu"] as const satisfies readonly ActivationName[];
/** Items of a batch. */
const BATCH = 8;

/** A network with random parameters, data and targets. With `probabilities`, each target is a distribution. */
function trialOf(net: PredictiveNetwork, key: Key, dtype: DType, probabilities = false): Trial {
  const [ofParams, ofData, ofTargets] = key.split(3);
  const { vertices } = net;
  const drawn = random.normal(ofTargets, [BATCH, ...vertices[vertices.length - 1].shape], { dtype });
  return {
    ...{ net, params: net.init(ofParams, { dtype }) },
    x: random.normal(ofData, [BATCH, ...vertices[0].shape], { dtype }),
    target: probabilities ? softmax(drawn) : drawn,
  };
}

/** A chain of 2 to 6 layers with 3 to 40 neurons each. */
export function randomChain(key: Key, dtype: DType, options: ChainOptions): Trial {
  const layers = 2 + key.integer(0, 5);
  const sizes = Array.from({ length: layers + 1 }, (_, i) => 3 + key.integer(1 + i, 38));
  const net = predictiveChain(sizes, { init: "xavierNormal", ...options });
  return trialOf(net, key.fold(0), dtype, options.loss === "crossEntropy");
}

/** The chain that learns by inference and whose firing is recorded, with layers of 6, 9, 8, 7 and 5 neurons. */
export const smallChain = (key: Key): Trial =>
  trialOf(predictiveChain([6, 9, 8, 7, 5], { bias: false }), key, "float64");

/** A network with three residual connections, one of which spans three levels. */
export function residualNetwork(key: Key, activation: ActivationName, levelled = true): Trial {
  const wide = (): ReturnType<typeof fullyConnected> => fullyConnected(7);
  const net = predictiveNetwork({
    input: [7],
    levelled,
    vertices: {
      a: { from: { input: wide() }, activation },
      b: { from: { a: wide() }, activation },
      c: { from: { b: wide(), input: skip() }, activation },
      d: { from: { c: wide(), a: skip() }, activation },
      output: { from: { d: fullyConnected(4), a: fullyConnected(4) } },
    },
  });
  return trialOf(net, key, "float64");
}
