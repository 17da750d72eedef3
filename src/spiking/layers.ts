// Spiking neurons as layers of `network`: an item is a list of steps, [steps, inputs].
import { quote, showShape } from "../core/index.js";
import { initialise, type LayerDescription, type LayerKind } from "../nn/index.js";
import { cast, full } from "../ops/index.js";
import { eventMatmul } from "./event-matmul.js";
import { type IzhikevichOptions, izhikevich } from "./izhikevich.js";
import { type LifOptions, lif } from "./lif.js";
import { firingRates } from "./measures.js";
import { type MetaOptions, metaNeuron } from "./meta-neuron.js";
import { type Neuron, runNeurons } from "./neuron.js";

/** The models of neurons by name, with the options that they take. */
interface Models {
  readonly lif: LifOptions;
  readonly meta: MetaOptions;
  readonly izhikevich: IzhikevichOptions;
}

const models: { readonly [M in keyof Models]: (units: number, options: Models[M]) => unknown } = {
  lif,
  meta: metaNeuron,
  izhikevich,
};

/** A layer of spiking neurons with synapses from all inputs. */
export interface SpikingLayer extends LayerDescription {
  /** This kind. */
  readonly kind: "spiking";
  /** The model of its neurons. */
  readonly neuron: keyof Models;
  /** How many there are. */
  readonly units: number;
  /** The options of the model. */
  readonly model: LifOptions | MetaOptions | IzhikevichOptions;
}

/** A layer that makes rates of trains. */
export interface RatesLayer extends LayerDescription {
  /** This kind. */
  readonly kind: "rates";
}

/**
 * A layer of spiking neurons, for `network` with `spikingKinds`: [steps, inputs] to spikes [steps, units]. Its parameters are
 * `weight` (inputs, units) and the internals that the options name in `learn`. Neurons with a `temperature` draw from the key
 * that `apply` is given; without one they spike, outside training, wherever this is more likely than not.
 *
 * ```ts
 * const layers = [spiking("lif", 32, { learn: ["tau"] }), rates(), dense(2)];
 * const net = network({ input: [100, 8], layers }, spikingKinds);
 * ```
 */
export const spiking = <M extends keyof Models>(neuron: M, units: number, model: Models[M] = {}): SpikingLayer => ({
  kind: "spiking",
  neuron,
  units,
  model,
});

/**
 * A layer that turns spikes [steps, units] into spikes per step [units], for `network` with `spikingKinds`.
 *
 * ```ts
 * const net = network({ input: [100, 8], layers: [spiking("lif", 16), rates(), dense(2)] }, spikingKinds);
 * ```
 */
export const rates = (): RatesLayer => ({ kind: "rates" });

function neuronOf({ neuron, units, model }: SpikingLayer): Neuron<never> {
  if (!Object.hasOwn(models, neuron)) {
    throw new RangeError(`[spiking] there is no neuron ${quote(neuron)}. Use ${Object.keys(models).join(", ")}.`);
  }
  const make = models[neuron] as (units: number, options: SpikingLayer["model"]) => unknown;
  return make(units, model) as Neuron<never>;
}

/** Neurons that spike wherever they more likely do than not. */
const atHalf = (neuron: Neuron<never>): Neuron<never> => ({
  ...neuron,
  step: (params, state, current) =>
    neuron.step(params, state, current, full(current.shape, 0.5, { dtype: current.dtype })),
});

/** The length of an item and its inputs; throws for another shape. */
function stepsOf(op: string, input: readonly number[]): readonly [steps: number, inputs: number] {
  if (input.length === 2 && input[0] > 0) return [input[0], input[1]];
  throw new RangeError(`[${op}] an item has shape ${showShape(input)}. Give trains as [steps, inputs].`);
}

/** The kinds of layers for spikes, the second argument of `network`. */
export const spikingKinds: { readonly spiking: LayerKind<SpikingLayer>; readonly rates: LayerKind<RatesLayer> } = {
  spiking: {
    options: ["neuron", "units", "model"],
    shape: (layer, input) => [stepsOf("spiking", input)[0], neuronOf(layer).units],
    init(layer, input, key, options) {
      const [, inputs] = stepsOf("spiking", input);
      const fans = { fanIn: inputs, fanOut: layer.units };
      const { dtype = "float32" } = options;
      const internals = Object.entries(neuronOf(layer).init()).map(
        ([name, each]) => [name, cast(each, dtype)] as const,
      );
      return {
        weight: initialise("heNormal", key, [inputs, layer.units], fans, options),
        ...Object.fromEntries(internals),
      };
    },
    apply(layer, { weight, ...internals }, x, { training, key }) {
      const currents = eventMatmul(x, weight);
      const neuron = neuronOf(layer);
      if (layer.model.temperature === undefined) return runNeurons(neuron, internals, currents).spikes;
      if (key) return runNeurons(neuron, internals, currents, undefined, key).spikes;
      if (!training) return runNeurons(atHalf(neuron), internals, currents).spikes;
      throw new RangeError(
        "[spiking] training neurons with a `temperature` needs a key. Pass one: apply(params, x, { training: true, key }).",
      );
    },
    synapses: (layer, input) => ({
      ...{ parameter: "weight", shape: [input[1], layer.units], presynaptic: 0, postsynaptic: 1 },
      ...{ fanIn: input[1], fanOut: layer.units, initialiser: { kind: "heNormal" } },
    }),
  },
  rates: {
    options: [],
    shape: (_, input) => [stepsOf("rates", input)[1]],
    apply: (_, __, x) => firingRates(x),
  },
};
