// Multi-synaptic connectivity: several synapses between each pair of units. Each group of gamma outputs of a layer
// stands for one postsynaptic unit, so its connection with each input has gamma weights, which act together.

import { checkTensors } from "../autodiff/index.js";
import { quote, type Shape, scope, Tensor } from "../core/index.js";
import {
  type LayerDescription,
  type LayerKind,
  layerKinds,
  type Network,
  type NetworkDescription,
  network,
} from "../nn/index.js";
import { checkNetwork } from "../nn/internal.js";
import { broadcastTo, reshape, sum, transpose } from "../ops/index.js";

/** Throws unless `gamma` divides the last axis, that of units or channels. */
function checkGroups(op: string, shape: Shape, gamma: number): void {
  const units = shape[shape.length - 1];
  if (shape.length > 0 && units % gamma === 0) return;
  throw new RangeError(
    `[${op}] ${shape.length === 0 ? "a single number" : `${units} units`} cannot stand in groups of ${quote(gamma)}. ` +
      `Make the layer's units or channels a multiple of split.gamma, or change split.gamma.`,
  );
}

/**
 * Replaces each of `gamma` neighbours along the last axis by the sum of the group: the shape stays the same, and the
 * units of a group share one value, to which each contributes through its own synapses.
 *
 * Reference: the same sum, in which axis 1 of images was channels and is the last axis here. It checked that gamma divides
 * a layer's inputs, then grouped its outputs; the outputs are checked here, before anything runs.
 *
 * @throws RangeError unless gamma divides the last axis.
 * @example splitOutputs(tensor([1, 2, 3, 4]), 2) // [3, 3, 7, 7]
 */
export function splitOutputs(y: Tensor, gamma: number): Tensor {
  checkTensors("splitOutputs", [y]);
  checkGroups("splitOutputs", y.shape, gamma);
  if (gamma === 1) return y;
  return scope(() => {
    // Puts the members of groups side by side as rows, since sums along long rows are ten times as fast as along short
    // ones.
    const total = sum(transpose(reshape(y, [y.size / gamma, gamma])), 0);
    return reshape(transpose(broadcastTo(total, [gamma, total.size])), y.shape);
  });
}

/** A layer with several synapses for each of its connections. */
export interface SplitLayer extends LayerDescription {
  /** This kind. */
  readonly kind: "split";
  /** The layer whose outputs are grouped. */
  readonly layer: LayerDescription;
  /** Synapses for each connection. */
  readonly gamma: number;
}

/**
 * The record of split layers for `network`, for inner layers of these kinds.
 *
 * @example
 * const split = splitKind();
 * network({ input: [4], layers: [{ kind: "split", layer: dense(6), gamma: 2 }] }, { split }).output; // [6]
 */
export function splitKind(kinds: Readonly<Record<string, LayerKind>> = {}): LayerKind<SplitLayer> {
  const known: Readonly<Record<string, LayerKind>> = { ...layerKinds, ...kinds };
  const record = ({ layer }: SplitLayer): LayerKind => known[layer.kind];
  return {
    options: ["layer", "gamma"],
    shape: (split, input) => {
      const shape = record(split).shape(split.layer, input);
      checkGroups("split", shape, split.gamma);
      return shape;
    },
    init: (split, input, key, options) => record(split).init?.(split.layer, input, key, options) ?? {},
    state: (split, input, options) => record(split).state?.(split.layer, input, options) ?? {},
    apply: (split, params, x, context) => {
      const given = record(split).apply(split.layer, params, x, context);
      if (given instanceof Tensor) return splitOutputs(given, split.gamma);
      return { ...given, y: splitOutputs(given.y, split.gamma) };
    },
    synapses: (split, input) => record(split).synapses!(split.layer, input),
  };
}

/**
 * The network with `gamma` synapses for each connection of its layers with synapses, except the last one, whose outputs
 * are the result. Its parameters keep their structure and shapes.
 *
 * @param kinds the kinds of layers that the network was made with besides `layerKinds`.
 * @throws RangeError, naming the layer, unless gamma divides the units of each.
 * @example
 * const net = network({ input: [4], layers: [dense(6), activation("relu"), dense(2)] });
 * splitNetwork(net, 2).init(Key.of(0))[0].weight; // (4, 6)
 */
export function splitNetwork(net: Network, gamma: number, kinds: Readonly<Record<string, LayerKind>> = {}): Network {
  checkNetwork("splitNetwork", net);
  const last = net.layers.findLastIndex(({ synapses }) => synapses);
  const description: NetworkDescription = {
    ...net.description,
    layers: net.layers.map(({ description: layer, synapses }, i) =>
      synapses && i < last ? { kind: "split", layer, gamma } : layer,
    ),
  };
  return network(description, { ...kinds, split: splitKind(kinds) as unknown as LayerKind });
}
