// Adapters: a few parameters of their own over a network that stays as it is. What results is a network whose parameters are
// those of the adapter alone, so that `fit`, `evaluate` and every optimizer take it.
import { Key, quote, scope, type Tensor } from "../core/index.js";
import { add, matmul, mul, random, zeros } from "../ops/index.js";
import { checkCount, type LayerDescription, type LayerParams } from "./layer.js";
import { type Network, network, type Params, type PlacedLayer } from "./network.js";
import { activation } from "./simple.js";
import { gain, type TauGateOptions, tauGate } from "./tau-gate.js";

/** One way to adapt a network, layer by layer. */
export interface Adapter {
  /** What errors call it. */
  readonly name: string;
  /** What a network needs for it, for the error where nothing can be adapted. */
  readonly needs: string;
  /** The layer in place of this one; the same by default. */
  replaced?(layer: PlacedLayer): LayerDescription | undefined;
  /** The adapter's own first parameters for a layer with these; undefined if it leaves the layer alone. */
  own(layer: PlacedLayer, frozen: LayerParams, key: Key): LayerParams | undefined;
  /** The parameters that the layer is applied with. */
  merged(frozen: LayerParams, own: LayerParams): LayerParams;
}

/** For parameters that are only looked at. */
const ANY = Key.of(0);

const isRelu = ({ description }: PlacedLayer): boolean =>
  Object.entries(activation("relu")).every(([option, value]) => description[option] === value);

/** Thresholds and gains of all rectified units; see `tauGate`. */
export const gates = (options: TauGateOptions = {}): Adapter => ({
  ...inPlaceOfRelu(tauGate(options)),
  name: "gates",
});

/** Gains of all rectified units, as in IA³ (Liu et al. 2022). */
export const gains = (): Adapter => ({ ...inPlaceOfRelu(gain()), name: "gains" });

function inPlaceOfRelu(description: LayerDescription): Omit<Adapter, "name"> {
  return {
    needs: 'activation("relu") between layers',
    replaced: (layer) => (isRelu(layer) ? description : undefined),
    own: (layer, _, key) =>
      isRelu(layer) ? network({ input: layer.input, layers: [description] }).init(key)[0] : undefined,
    merged: (_, own) => own,
  };
}

/** All biases (BitFit; Ben Zaken, Ravfogel and Goldberg 2021). */
export const biases = (): Adapter => ({
  name: "biases",
  needs: "layers with a bias",
  own: (_, { bias }) => (bias ? { bias } : undefined),
  merged: (frozen, own) => ({ ...frozen, ...own }),
});

/** Options of `lora`. */
export interface LoraOptions {
  /** The rank of what is added to the weights of each layer. */
  readonly rank: number;
  /** What it is multiplied with, alpha / rank in the paper; 2 by default. */
  readonly scale?: number;
}

/**
 * Low-rank adapters (LoRA; Hu et al. 2021): weights W + scale `down` `up` with `down` (n_in, rank), normal of variance
 * 1 / n_in, and `up` (rank, n_out), which begins with zeros, so that the network begins as it was.
 *
 * @throws RangeError for a rank that is no whole number of at least 1; `adapt` throws for one above that of a layer.
 */
export function lora({ rank, scale = 2 }: LoraOptions): Adapter {
  checkCount("lora", "`rank`", rank);
  if (!Number.isFinite(scale)) throw new RangeError(`[lora] \`scale\` is ${quote(scale)}: give a finite number.`);
  const lowRank = ({ down, up }: LayerParams): Tensor => mul(matmul(down, up), scale);
  return {
    name: "lora",
    needs: "dense layers",
    own: ({ description: { kind } }, { weight }, key) => {
      if (weight?.rank !== 2) return undefined;
      const [from, to] = weight.shape;
      if (rank > Math.min(from, to)) {
        throw new RangeError(
          `[lora] \`rank\` is ${rank}, above that of a ${kind} layer of ${from} x ${to}: give at most ${Math.min(from, to)}.`,
        );
      }
      const down = random.normal(key, [from, rank], { std: 1 / Math.sqrt(from) });
      return { down, up: zeros([rank, to]) };
    },
    merged: (frozen, own) => ({ ...frozen, weight: add(frozen.weight, lowRank(own)) }),
  };
}

/** All parameters: fine-tuning, what adapters are compared with. */
export const everything = (): Adapter => ({
  name: "everything",
  needs: "layers with parameters",
  own: (_, frozen) => (Object.keys(frozen).length > 0 ? frozen : undefined),
  merged: (_, own) => own,
});

/**
 * The network `net` with its parameters frozen as `frozen`, adapted: its own parameters are the adapter's.
 *
 * ```ts
 * const gated = adapt(net, params, gates());
 * const { params: mode } = fit(gated, gated.init(Key.of(1)), rotated, { optimizer: adam({ lr: 1e-2 }), epochs: 5, key });
 * ```
 *
 * @param frozen must live as long as the result is used. It is never changed.
 * @throws RangeError if the network has nothing that the adapter could adapt, or frozen parameters of other layers.
 */
export function adapt(net: Network, frozen: Params, adapter: Adapter): Network {
  const { description, layers } = net;
  if (frozen.length !== layers.length) {
    throw new RangeError(
      `[adapt] parameters of ${frozen.length} layers for a network of ${layers.length}. Pass those of this network.`,
    );
  }
  const inner = network({
    input: description.input,
    layers: layers.map((layer) => adapter.replaced?.(layer) ?? layer.description),
  });
  const init = (key: Key): Params =>
    scope(() => layers.map((layer, i) => adapter.own(layer, frozen[i], key.fold(i)) ?? {}));
  const first = scope(() => init(ANY).map((own) => Object.keys(own).length > 0));
  if (!first.includes(true)) {
    throw new RangeError(`[adapt] the network has nothing for ${adapter.name}: it needs ${adapter.needs}.`);
  }
  const merged = (own: Params): Params => {
    if (own.length !== layers.length) {
      throw new RangeError(
        `[adapt] parameters of ${own.length} layers for a network of ${layers.length}. Pass what init gave, or a tree like it.`,
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
