// Adapters: a few parameters that change a network whose own parameters are frozen. The result is a network whose
// parameters are only those of the adapter, so `fit`, `evaluate` and every optimizer work with it.
import { checkKind, checkOptions, Key, quote, scope, type Tensor } from "../core/index.js";
import { add, matmul, mul, random, zeros } from "../ops/index.js";
import { checkCount, type LayerDescription, type LayerParams } from "./layer.js";
import {
  checkNetwork,
  type Network,
  type NetworkDescription,
  network,
  type Params,
  type PlacedLayer,
} from "./network.js";
import { activation } from "./simple.js";
import { gain, type TauGateOptions, tauGate } from "./tau-gate.js";

/** The type of a network's numbers, if it is not the default. */
type ElementOf = Pick<NetworkDescription, "dtype">;

/** One way to adapt a network, layer by layer. */
export interface Adapter {
  /** Its name in errors. */
  readonly name: string;
  /** What a network must have for it, for the error if there is nothing to adapt. */
  readonly needs: string;
  /** The layer that replaces this one; undefined to keep it, which is the default. */
  replaced?(layer: PlacedLayer): LayerDescription | undefined;
  /**
   * The adapter's first parameters for a layer with these frozen ones, of the network's type, `options.dtype`; undefined if
   * it does not adapt the layer.
   */
  own(layer: PlacedLayer, frozen: LayerParams, key: Key, options: ElementOf): LayerParams | undefined;
  /** The parameters with which the layer is applied. */
  merged(frozen: LayerParams, own: LayerParams): LayerParams;
}

/** The key for first parameters of which only the structure is used. */
const ANY = Key.of(0);

const isRelu = ({ description }: PlacedLayer): boolean =>
  Object.entries(activation("relu")).every(([option, value]) => description[option] === value);

/**
 * An adapter with thresholds and gains for all rectified units; see `tauGate`.
 *
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * adapt(net, net.init(Key.of(0)), gates()).init(Key.of(1)); // [{  }, { threshold: [0, 0, 0], gain: [1, 1, 1] }, {  }]
 */
export const gates = (options: TauGateOptions = {}): Adapter => ({
  ...inPlaceOfRelu(tauGate(options)),
  name: "gates",
});

/**
 * An adapter with gains for all rectified units, as in IA³ (Liu et al. 2022).
 *
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * adapt(net, net.init(Key.of(0)), gains()).init(Key.of(1)); // [{  }, { gain: [1, 1, 1] }, {  }]
 */
export const gains = (): Adapter => ({ ...inPlaceOfRelu(gain()), name: "gains" });

function inPlaceOfRelu(description: LayerDescription): Omit<Adapter, "name"> {
  return {
    needs: 'activation("relu") between layers',
    replaced: (layer) => (isRelu(layer) ? description : undefined),
    own: (layer, _, key, options) =>
      isRelu(layer) ? network({ input: layer.input, layers: [description], ...options }).init(key)[0] : undefined,
    merged: (_, own) => own,
  };
}

/**
 * An adapter that trains all biases (BitFit; Ben Zaken, Ravfogel and Goldberg 2021).
 *
 * @example
 * const net = network({ input: [4], layers: [dense(3)] });
 * const adapted = adapt(net, net.init(Key.of(0)), biases());
 * adapted.init(Key.of(1)); // [{ bias: [0, 0, 0] }]
 */
export const biases = (): Adapter => ({
  name: "biases",
  needs: "layers with a bias",
  own: (_, { bias }) => (bias ? { bias } : undefined),
  merged: (frozen, own) => ({ ...frozen, ...own }),
});

/** Options of `lora`. */
export interface LoraOptions {
  /** The rank of the matrix that is added to the weights of each layer: a whole number from 1 up. */
  readonly rank: number;
  /** The factor on this matrix, alpha / rank in the paper; 2 by default. */
  readonly scale?: number;
}

/**
 * Low-rank adapters (LoRA; Hu et al. 2021): the weights of a layer become W + scale `down` `up`. `down` (n_in, rank) begins
 * with normal numbers of variance 1 / n_in, and `up` (rank, n_out) with zeros, so that the network is unchanged at first.
 *
 * @throws RangeError for a rank that is not a whole number from 1 up. `adapt` throws if it is above the rank of a layer.
 * @example
 * const net = network({ input: [64], layers: [dense(32)] });
 * adapt(net, net.init(Key.of(0)), lora({ rank: 2 })).init(Key.of(1)); // [{ down: (64, 2), up: (2, 32) }]
 */
export function lora(options: LoraOptions): Adapter {
  checkOptions("lora", options, ["rank", "scale"]);
  const { rank, scale = 2 } = options;
  checkCount("lora", "`rank`", rank);
  if (!Number.isFinite(scale)) throw new RangeError(`[lora] \`scale\` is ${quote(scale)}. Give a finite number.`);
  const lowRank = ({ down, up }: LayerParams): Tensor => mul(matmul(down, up), scale);
  return {
    name: "lora",
    needs: "dense layers",
    own: ({ description: { kind } }, { weight }, key, options) => {
      if (weight?.rank !== 2) return undefined;
      const [from, to] = weight.shape;
      if (rank > Math.min(from, to)) {
        throw new RangeError(
          `[lora] \`rank\` is ${rank}, but a ${kind} layer of ${from} x ${to} has a lower one. Give at most ${Math.min(from, to)}.`,
        );
      }
      const down = random.normal(key, [from, rank], { std: 1 / Math.sqrt(from), ...options });
      return { down, up: zeros([rank, to], options) };
    },
    merged: (frozen, own) => ({ ...frozen, weight: add(frozen.weight, lowRank(own)) }),
  };
}

/**
 * An adapter that trains all parameters: fine-tuning, with which the others can be compared.
 *
 * @example
 * const net = network({ input: [4], layers: [dense(3)] });
 * adapt(net, net.init(Key.of(0)), everything()).init(Key.of(1))[0].weight; // (4, 3)
 */
export const everything = (): Adapter => ({
  name: "everything",
  needs: "layers with parameters",
  own: (_, frozen) => (Object.keys(frozen).length > 0 ? frozen : undefined),
  merged: (_, own) => own,
});

/**
 * Adapts a network whose parameters are frozen. The parameters of the result are those of the adapter.
 *
 * ```ts
 * const gated = adapt(net, params, gates());
 * const { params: mode } = fit(gated, gated.init(Key.of(1)), rotated, { optimizer: adam({ lr: 1e-2 }), epochs: 5, key });
 * ```
 *
 * @param net the network to adapt.
 * @param frozen its parameters. They must live as long as the result is used, and are never changed.
 * @param adapter how it is adapted.
 * @throws RangeError if the network has nothing to adapt, or `frozen` has the parameters of other layers.
 */
export function adapt(net: Network, frozen: Params, adapter: Adapter): Network {
  checkNetwork("adapt", net);
  checkKind("adapt", "the frozen parameters", frozen, "a list");
  const { description, layers } = net;
  const type: ElementOf = description.dtype ? { dtype: description.dtype } : {};
  if (frozen.length !== layers.length) {
    throw new RangeError(
      `[adapt] there are frozen parameters of ${frozen.length} layers, but the network has ${layers.length}. Pass those of this network.`,
    );
  }
  const inner = network({
    input: description.input,
    layers: layers.map((layer) => adapter.replaced?.(layer) ?? layer.description),
    ...type,
  });
  const init = (key: Key): Params =>
    scope(() => layers.map((layer, i) => adapter.own(layer, frozen[i], key.fold(i), type) ?? {}));
  const first = scope(() => init(ANY).map((own) => Object.keys(own).length > 0));
  if (!first.includes(true)) {
    throw new RangeError(`[adapt] the network has nothing for ${adapter.name} to adapt. Give it ${adapter.needs}.`);
  }
  const merged = (own: Params): Params => {
    checkKind("adapt", "what the layers' parameters are given as", own, "a list");
    if (own.length !== layers.length) {
      throw new RangeError(
        `[adapt] there are parameters of ${own.length} layers, but the network has ${layers.length}. Pass what init gave, or a tree of the same structure.`,
      );
    }
    return frozen.map((params, i) => (first[i] ? adapter.merged(params, own[i]) : params));
  };
  return {
    ...inner,
    init,
    run: (own, x, options) => scope(() => inner.run(merged(own), x, options)),
    apply: (own, x, options) => scope(() => inner.apply(merged(own), x, options)),
    activations: (own, x, options) => scope(() => inner.activations(merged(own), x, options)),
  };
}
