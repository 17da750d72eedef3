// Finds the synapses of a network: which tensors of its parameters are weights, and what their axes mean.

import { type Key, leavesOf, type Shape, sameShape, showShape, type Tensor } from "../core/index.js";
import { initialise, type Network } from "../nn/index.js";
import { checkNetwork } from "../nn/internal.js";
import { mul } from "../ops/index.js";

/** The synapses of one layer. */
export interface Site {
  /** Where the weight is in the tree of parameters, such as "[0].weight". */
  readonly path: string;
  /** Its shape. */
  readonly shape: Shape;
  /** The axis of presynaptic units: inputs, or input channels. */
  readonly pre: number;
  /** The axis of postsynaptic units: outputs, or output channels. */
  readonly post: number;
  /** The index of its layer in the network. */
  readonly layer: number;
  /** Draws weights from the layer's initial distribution. */
  draw(key: Key): Tensor;
}

/**
 * The sites of a network, first to last.
 *
 * @param gain the factor for the weights of each layer, by the layer's index in the network; default 1.
 * @throws RangeError for a network without synapses.
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * sitesOf(net).length; // 2
 */
export function sitesOf(net: Network, gain: (layer: number) => number = () => 1): Site[] {
  checkNetwork("sitesOf", net);
  const { dtype } = net.description;
  const type = dtype ? { dtype } : {};
  const sites = net.layers.flatMap(({ synapses }, layer): Site[] => {
    if (!synapses) return [];
    const { parameter, shape, presynaptic, postsynaptic, initialiser } = synapses;
    const times = gain(layer);
    const draw = (key: Key): Tensor => {
      const drawn = initialise(initialiser, key, shape, synapses, type);
      return times === 1 ? drawn : mul(drawn, times);
    };
    return [{ path: `[${layer}].${parameter}`, shape, pre: presynaptic, post: postsynaptic, layer, draw }];
  });
  if (sites.length === 0) {
    throw new RangeError("[bio] the network has no weights: no layer has synapses. Add a dense or conv2d layer.");
  }
  return sites;
}

/**
 * For each site, the index of its weight among the leaves of the parameters.
 *
 * @throws RangeError if it is not there, or has another shape.
 */
export function placesOf(op: string, sites: readonly Site[], params: unknown): number[] {
  const leaves = leavesOf(op, params);
  return sites.map(({ path, shape }) => {
    const place = leaves.findIndex((leaf) => leaf.path === path);
    if (place >= 0 && sameShape(leaves[place].tensor.shape, shape)) return place;
    const fact = place < 0 ? "is missing" : `has shape ${showShape(leaves[place].tensor.shape)}`;
    throw new RangeError(
      `[${op}] the weight "${path}" ${showShape(shape)} ${fact}. Pass the parameters of the network that bio was given.`,
    );
  });
}
