// Izhikevich's neurons ("Simple model of spiking neurons", IEEE Transactions on Neural Networks 14, 2003), with the steps of
// the program that he published: in one millisecond, v takes two half steps and u takes one step.
import { quote, type Tensor } from "../core/index.js";
import { add, mul, square, sub } from "../ops/index.js";
import { FINITE, filled, type Internals, insideOf, type Neuron, type PerUnit, type SpikingState } from "./neuron.js";
import { oneMinus, type Surrogate, type SurrogateKind, spikeFunction } from "./surrogates.js";

/** The state of Izhikevich's neurons; each part has shape (n, units). */
export interface IzhikevichState extends SpikingState {
  /** The membrane potentials, in millivolts. */
  readonly v: Tensor;
  /** The recovery variables. */
  readonly u: Tensor;
}

/** The published types of cells (figure 2 of the paper): regular spiking, intrinsically bursting, and so on. */
export const cellTypes = {
  regularSpiking: { a: 0.02, b: 0.2, c: -65, d: 8 },
  intrinsicallyBursting: { a: 0.02, b: 0.2, c: -55, d: 4 },
  chattering: { a: 0.02, b: 0.2, c: -50, d: 2 },
  fastSpiking: { a: 0.1, b: 0.2, c: -65, d: 2 },
  lowThresholdSpiking: { a: 0.02, b: 0.25, c: -65, d: 2 },
  thalamoCortical: { a: 0.02, b: 0.25, c: -65, d: 0.05 },
  resonator: { a: 0.1, b: 0.26, c: -65, d: 2 },
} as const;

/** The name of a published type of cell. */
export type CellType = keyof typeof cellTypes;

/** The names of the quantities that these neurons can learn. */
export type IzhikevichInternal = "a" | "b" | "c" | "d" | "initial";

/** Options of `izhikevich`. */
export interface IzhikevichOptions {
  /** The type of cell; "regularSpiking" by default. */
  readonly cell?: CellType;
  /** How fast u follows v, per millisecond; by default that of the type. */
  readonly a?: PerUnit;
  /** How strongly u follows v; by default that of the type. */
  readonly b?: PerUnit;
  /** The potential after a spike, in millivolts; by default that of the type. */
  readonly c?: PerUnit;
  /** What a spike adds to u; by default that of the type. */
  readonly d?: PerUnit;
  /** The potential before the first step, in millivolts; -65 by default. u begins at b times this. */
  readonly initial?: PerUnit;
  /** The quantities that learn, and so are parameters; none by default. */
  readonly learn?: readonly IzhikevichInternal[];
  /** The curve whose derivative replaces that of a spike, over millivolts; "fastSigmoid" by default. */
  readonly surrogate?: SurrogateKind | Surrogate;
}

/** The peak of a spike, in millivolts. */
const PEAK = 30;

/**
 * Izhikevich's neurons, in steps of one millisecond. After the reset of neurons that spiked in the last step (v = c, u + d),
 * v = v + 0.5 (0.04 v^2 + 5 v + 140 - u + current) is applied twice, and then u = u + a (b v - u). A neuron spikes if v is
 * above 30. Each quantity that learns is a parameter of that name, with one number per unit.
 *
 * @throws RangeError for a type of cell or a name that does not exist, and a list without one number per unit.
 */
export function izhikevich(units: number, options: IzhikevichOptions = {}): Neuron<IzhikevichState> {
  const { cell = "regularSpiking", initial = -65, learn = [] } = options;
  if (!Object.hasOwn(cellTypes, cell)) {
    throw new RangeError(`[izhikevich] there is no \`cell\` ${quote(cell)}. Use ${Object.keys(cellTypes).join(", ")}.`);
  }
  const { a, b, c, d } = { ...cellTypes[cell], ...options };
  const internals: Internals = Object.fromEntries(
    Object.entries({ a, b, c, d, initial }).map(([name, value]) => [name, { value, range: FINITE }]),
  );
  const inside = insideOf("izhikevich", units, internals, learn);
  const spike = spikeFunction(options.surrogate);
  return {
    units,
    init: inside.init,
    state: (params, count, dtype = "float32") => {
      const of = inside.of(params, dtype);
      const v = filled(count, units, dtype, of("initial"));
      return { h: filled(count, units, dtype), v, u: mul(v, of("b")) };
    },
    step: (params, { h, v: before, u: recovery }, current) => {
      const of = inside.of(params, current.dtype);
      const u = add(recovery, mul(h, of("d")));
      // The order is the published one, to the bit: spikes overshoot so far that a difference in the last digit moves the spikes
      // of a second later.
      const half = (v: Tensor): Tensor =>
        add(v, mul(add(sub(add(add(mul(square(v), 0.04), mul(v, 5)), 140), u), current), 0.5));
      const v = half(half(add(mul(before, oneMinus(h)), mul(h, of("c")))));
      return { h: spike(sub(v, PEAK)), v, u: add(u, mul(sub(mul(v, of("b")), u), of("a"))) };
    },
  };
}
