// The second-order neuron of Cheng, Zhang, Jia and Xu ("Finite meta-dynamic neurons in spiking neural networks", arXiv
// 2010.03140), in the order of the authors' code: a step begins with the reset of neurons that spiked in the last one.
import { checkOptions, type Tensor } from "../core/index.js";
import { add, mul, sigmoid, square, sub } from "../ops/index.js";
import {
  type ChanceOptions,
  filled,
  finite,
  type Internals,
  insideOf,
  type Neuron,
  type PerUnit,
  type SpikingState,
  temperatureOf,
} from "./neuron.js";
import { oneMinus, type Surrogate, type SurrogateKind, spikesBy } from "./surrogates.js";

/** The state of second-order neurons; each part has shape (n, units). */
export interface MetaState extends SpikingState {
  /** The membrane potentials. */
  readonly v: Tensor;
  /** The recovery variables. */
  readonly u: Tensor;
}

/** The names of the quantities that second-order neurons can learn. */
export type MetaInternal = "a" | "b" | "c" | "d" | "initial" | "temperature";

/** Options of `metaNeuron`. The defaults are those of the authors' code. */
export interface MetaOptions extends ChanceOptions {
  /** How fast u follows v; 0.02 by default. */
  readonly a?: PerUnit;
  /** How strongly u follows v; 0.2 by default. */
  readonly b?: PerUnit;
  /** The potential after a spike; 0 by default. */
  readonly c?: PerUnit;
  /** What a spike adds to u; 0.08 by default. */
  readonly d?: PerUnit;
  /** u before the first step; 0.08 by default. The potential begins at 0. */
  readonly initial?: PerUnit;
  /** The quantities that learn, and so are parameters; none by default. */
  readonly learn?: readonly MetaInternal[];
  /** The curve whose derivative replaces that of a spike; "rectangular" of size 0.5 by default. */
  readonly surrogate?: SurrogateKind | Surrogate;
}

/** The potential above which a neuron spikes. */
const THRESHOLD = 0.5;

/**
 * Second-order neurons. After the reset of neurons that spiked in the last step (v = c, u + d), v' = v^2 - u + I and
 * u' = u + a (b v - u) with I = sigmoid(current), and s' = 1 where v' is above 0.5. Each quantity that learns is a parameter
 * of that name, with one number per unit.
 *
 * ```ts
 * const neuron = metaNeuron(4, { learn: ["a", "b", "c", "d"] });
 * const { spikes } = runNeurons(neuron, neuron.init(), full([1, 200, 4], 0.5));
 * ```
 *
 * @throws RangeError for a list without one number per unit, and names that do not exist.
 */
export function metaNeuron(units: number, options: MetaOptions = {}): Neuron<MetaState> {
  checkOptions("metaNeuron", options, ["a", "b", "c", "d", "initial", "learn", "surrogate", "temperature"]);
  const { a = 0.02, b = 0.2, c = 0, d = 0.08, initial = 0.08, learn = [], surrogate = "rectangular" } = options;
  const internals: Internals = {
    ...finite({ a, b, c, d, initial }),
    ...temperatureOf("metaNeuron", options, learn),
  };
  const inside = insideOf("metaNeuron", units, internals, learn);
  const spike = spikesBy("metaNeuron", surrogate);
  const byChance = options.temperature !== undefined;
  return {
    units,
    init: inside.init,
    state: (params, count, dtype = "float32") => {
      const none = filled(count, units, dtype);
      return { h: none, v: none, u: filled(count, units, dtype, inside.of(params, dtype)("initial")) };
    },
    step: (params, { h, v: before, u: recovery }, current, draws) => {
      const of = inside.of(params, current.dtype);
      const v = add(mul(before, oneMinus(h)), mul(h, of("c")));
      const u = add(recovery, mul(h, of("d")));
      const next = add(sub(square(v), u), sigmoid(current));
      const s = spike(sub(next, THRESHOLD), byChance ? of("temperature") : undefined, draws);
      return { h: s, v: next, u: add(u, mul(sub(mul(v, of("b")), u), of("a"))) };
    },
  };
}
