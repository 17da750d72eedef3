// Izhikevich's neurons ("Simple model of spiking neurons", IEEE Transactions on Neural Networks 14, 2003), stepped as in the
// program that he published: one millisecond, in which v takes two half steps and u one.
import { quote, type Tensor } from "../core/index.js";
import { add, mul, square, sub } from "../ops/index.js";
import { FINITE, filled, type Internals, insideOf, type Neuron, type PerUnit, type SpikingState } from "./neuron.js";
import { oneMinus, type Surrogate, type SurrogateKind, spikeFunction } from "./surrogates.js";

/** What these neurons remember; all (n, units). */
export interface IzhikevichState extends SpikingState {
  /** The membranes, in millivolts. */
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

/** The names of what these neurons can learn. */
export type IzhikevichInternal = "a" | "b" | "c" | "d" | "initial";

/** What these neurons may be told. */
export interface IzhikevichOptions {
  /** The type of cell; "regularSpiking" by default. */
  readonly cell?: CellType;
  /** How fast u follows v, per millisecond; that of the type by default. */
  readonly a?: PerUnit;
  /** How strongly u follows v; that of the type by default. */
  readonly b?: PerUnit;
  /** The membrane after a spike, in millivolts; that of the type by default. */
  readonly c?: PerUnit;
  /** What a spike adds to u; that of the type by default. */
  readonly d?: PerUnit;
  /** The membrane before the first step, in millivolts; -65 by default. u begins with b times it. */
  readonly initial?: PerUnit;
  /** What learns, and so is a parameter; nothing by default. */
  readonly learn?: readonly IzhikevichInternal[];
  /** What stands in for the derivative of a spike, x in millivolts; "fastSigmoid" by default. */
  readonly surrogate?: SurrogateKind | Surrogate;
}

/** The membrane at which a spike has reached its peak, in millivolts. */
const PEAK = 30;

/**
 * Izhikevich's neurons, a step of one millisecond at a time: after the reset of the last spikes (v = c, u + d), twice
 * v = v + 0.5 (0.04 v^2 + 5 v + 140 - u + current), then u = u + a (b v - u); a neuron spikes where v is above 30. What learns
 * is a parameter of that name, one number per unit.
 *
 * @throws RangeError for a type of cell that does not exist, a wrong number of numbers, and other names.
 */
export function izhikevich(units: number, options: IzhikevichOptions = {}): Neuron<IzhikevichState> {
  const { cell = "regularSpiking", initial = -65, learn = [] } = options;
  if (!Object.hasOwn(cellTypes, cell)) {
    throw new RangeError(
      `[izhikevich] there is no cell ${quote(cell)}. Take one of ${Object.keys(cellTypes).join(", ")}.`,
    );
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
      // In the published order, to the bit: a spike overshoots so far that a last digit moves the spikes after a second.
      const half = (v: Tensor): Tensor =>
        add(v, mul(add(sub(add(add(mul(square(v), 0.04), mul(v, 5)), 140), u), current), 0.5));
      const v = half(half(add(mul(before, oneMinus(h)), mul(h, of("c")))));
      return { h: spike(sub(v, PEAK)), v, u: add(u, mul(sub(mul(v, of("b")), u), of("a"))) };
    },
  };
}
