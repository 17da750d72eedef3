// Predictive coding for the networks of `synaptape/nn`: each layer is a vertex, and what the layer does is the projection to it.
import { checkKind, checkMade, checkOptions, scope, type Tensor, treeMap } from "../../core/index.js";
import { type LayerKind, type Network, network, type Params } from "../../nn/index.js";
import { mul, oneHot } from "../../ops/index.js";
import { type CreditParams, INPUT } from "../checks.js";
import type { OutputLossName } from "../output.js";
import { projection } from "../projections.js";
import { type PredictiveNetwork, predictiveNetwork } from "./network.js";

/** An algorithm of predictive coding: `zil`, `faZil`, `inferenceLearning`, or one of them with options. */
export type PredictiveAlgorithm = (
  net: PredictiveNetwork,
  params: CreditParams,
  x: Tensor,
  target: Tensor,
) => { readonly credit: CreditParams };

/** Options of `networkCredit`. */
export interface NetworkCreditOptions {
  /**
   * The loss: "crossEntropy" (the default) of logits [n, classes] with int32 labels [n], or "squared", half the squared distance
   * to targets of the shape of the output. Each is the mean over the items of the batch.
   */
  readonly loss?: OutputLossName;
  /** The kinds of layers that the network was made with, in addition to those that are built in. */
  readonly kinds?: Readonly<Record<string, LayerKind>>;
}

/** The name of the vertex of a layer. */
const nameOf = (i: number): string => `layer${i}`;

/**
 * Credit by predictive coding for a network of `synaptape/nn`, as the option `credit` of `fit` and `train`, or for any optimizer,
 * `bio` among them. Each layer is a vertex of its own, so that activities pass from layer to layer and errors back, in as many
 * ticks as there are layers. With `zil` the result is the gradient of the mean loss, but for rounding.
 *
 * ```ts
 * const net = network({ input: [64], layers: [dense(32), activation("tanh"), dense(10)] });
 * const { params } = fit(net, net.init(Key.of(0)), examples, {
 *   ...{ optimizer: adam({ lr: 1e-3 }), epochs: 5, key: Key.of(1), credit: networkCredit(net, zil) },
 * });
 * ```
 *
 * Layers do what they do outside training: dropout changes nothing.
 *
 * @param assign the algorithm.
 * @returns the credit of parameters for data x [n, ...input] and targets y, shaped like the parameters.
 * @throws RangeError for a network without layers, and for layers with a state of their own, such as `batchNorm`.
 */
export function networkCredit(
  net: Network,
  assign: PredictiveAlgorithm,
  options: NetworkCreditOptions = {},
): (params: Params, x: Tensor, y: Tensor) => Params {
  const op = "networkCredit";
  checkMade(op, "the network", net, ["description", "layers", "states"], "Make one with network().");
  checkKind(op, "the algorithm", assign, "a function");
  checkOptions(op, options, ["loss", "kinds"]);
  const { loss = "crossEntropy", kinds } = options;
  const { input, dtype } = net.description;
  const stateful = scope(() => net.states().findIndex((state) => Object.keys(state).length > 0));
  if (stateful >= 0) {
    const { kind } = net.layers[stateful].description;
    throw new RangeError(
      `[${op}] layer ${stateful} (${kind}) has a state of its own, which depends on the whole batch. Leave it out.`,
    );
  }
  if (net.layers.length === 0) throw new RangeError(`[${op}] the network has no layers. Give it at least one.`);
  const vertices = net.layers.map(({ description, input: before, output }, i) => {
    const layer = network({ input: before, layers: [description], ...(dtype && { dtype }) }, kinds);
    const from = projection((params, activity) => layer.apply([params], activity), { shape: () => output });
    return [nameOf(i), { from: { [sourceOf(i)]: from } }] as const;
  });
  const predictive = predictiveNetwork({ input, vertices: Object.fromEntries(vertices), loss });
  return (params, x, y) =>
    scope(() => {
      const given = Object.fromEntries(params.map((layer, i) => [nameOf(i), { [sourceOf(i)]: layer }]));
      const target = loss === "crossEntropy" && !y.type.isFloat ? oneHot(y, net.output[0], { dtype: x.dtype }) : y;
      const { credit } = assign(predictive, given, x, target);
      const found = params.map((_, i) => credit[nameOf(i)][sourceOf(i)]);
      return treeMap((leaf: Tensor) => mul(leaf, 1 / x.shape[0]), found);
    });
}

const sourceOf = (i: number): string => (i === 0 ? INPUT : nameOf(i - 1));
