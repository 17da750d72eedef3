// Izhikevich's neurons ("Simple model of spiking neurons", IEEE Transactions on Neural Networks 14, 2003), with the steps of
// the program that he published, or by Euler's method in steps of any length.
import { checkOptions, quote, type Tensor } from "../core/index.js";
import { add, mul, square, sub } from "../ops/index.js";
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
export type IzhikevichInternal = "a" | "b" | "c" | "d" | "initial" | "temperature";

/** How a step of these neurons is taken. */
export type IzhikevichMethod = keyof typeof methods;

/** Options of `izhikevich`. */
export interface IzhikevichOptions extends ChanceOptions {
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
  /** The length of a step, in milliseconds: above 0 and at most 1; 1 by default. */
  readonly dt?: number;
  /** How a step is taken; see `izhikevich`. "published" by default. */
  readonly method?: IzhikevichMethod;
  /** The quantities that learn, and so are parameters; none by default. */
  readonly learn?: readonly IzhikevichInternal[];
  /** The curve whose derivative replaces that of a spike, over millivolts; "fastSigmoid" by default. */
  readonly surrogate?: SurrogateKind | Surrogate;
}

/** The peak of a spike, in millivolts. */
const PEAK = 30;

/** What a step is made of: the two slopes, and its length. */
interface Slopes {
  /** How fast v changes, by v. */
  readonly ofV: (v: Tensor) => Tensor;
  /** How fast u changes, by v; u is that before the step. */
  readonly ofU: (v: Tensor) => Tensor;
  readonly dt: number;
}

/** By how much v and u change in a step: the next potential, and what is added to u. */
const methods = {
  // The order of the published program, to the bit: spikes overshoot so far that a difference in the last digit moves the
  // spikes of a second later.
  published: (before: Tensor, { ofV, ofU, dt }: Slopes) => {
    const half = (v: Tensor): Tensor => add(v, mul(ofV(v), 0.5 * dt));
    const v = half(half(before));
    return { v, du: ofU(v) };
  },
  simultaneous: (before: Tensor, { ofV, ofU, dt }: Slopes) => ({
    v: add(before, mul(ofV(before), dt)),
    du: ofU(before),
  }),
  sequential: (before: Tensor, { ofV, ofU, dt }: Slopes) => {
    const v = add(before, mul(ofV(before), dt));
    return { v, du: ofU(v) };
  },
};

/**
 * Izhikevich's neurons. After the reset of neurons that spiked in the last step (v = c, u + d), v and u take a step of `dt`
 * milliseconds along v' = 0.04 v^2 + 5 v + 140 - u + current and u' = a (b v - u). A neuron spikes if v is above 30. With
 * the method "published", v takes two half steps and then u a whole one, as in the paper's program, whose steps last one
 * millisecond; "simultaneous" is Euler's method; with "sequential", u already gets the next v. Each quantity that learns is a
 * parameter of that name, with one number per unit.
 *
 * ```ts
 * const cells = izhikevich(100, { cell: "fastSpiking", dt: 0.5, method: "simultaneous" });
 * const { spikes } = runNeurons(cells, cells.init(), full([1, 2000, 100], 10)); // one second at a current of 10
 * ```
 *
 * @throws RangeError for a type of cell, a method or a name that does not exist, a list without one number per unit, and a step
 * that is not above 0 and at most 1 or too long for `a`: longer ones are unstable.
 */
export function izhikevich(units: number, options: IzhikevichOptions = {}): Neuron<IzhikevichState> {
  checkOptions("izhikevich", options, [
    ...["cell", "a", "b", "c", "d", "initial", "dt", "method", "learn", "surrogate", "temperature"],
  ]);
  const { cell = "regularSpiking", initial = -65, dt = 1, method = "published", learn = [] } = options;
  if (!Object.hasOwn(cellTypes, cell)) {
    throw new RangeError(`[izhikevich] there is no \`cell\` ${quote(cell)}. Use ${Object.keys(cellTypes).join(", ")}.`);
  }
  if (!Object.hasOwn(methods, method)) {
    throw new RangeError(
      `[izhikevich] there is no \`method\` ${quote(method)}. Use ${Object.keys(methods).join(", ")}.`,
    );
  }
  if (!(dt > 0 && dt <= 1)) {
    throw new RangeError(
      `[izhikevich] \`dt\` is ${quote(dt)}: these cells are unstable in steps of more than 1 ms. Give a number above 0 and at most 1.`,
    );
  }
  const { a, b, c, d } = { ...cellTypes[cell], ...options };
  const internals: Internals = {
    ...finite({ a, b, c, d, initial }),
    ...temperatureOf("izhikevich", options, learn),
  };
  const inside = insideOf("izhikevich", units, internals, learn);
  const fast = [a].flat().find((each) => each * dt > 2);
  if (fast !== undefined) {
    throw new RangeError(
      `[izhikevich] \`a\` is ${quote(fast)} and \`dt\` ${quote(dt)}: u grows without end if a dt is above 2. Give a smaller \`dt\`.`,
    );
  }
  const spike = spikesBy("izhikevich", options.surrogate);
  const byChance = options.temperature !== undefined;
  const take = methods[method];
  return {
    units,
    init: inside.init,
    state: (params, count, dtype = "float32") => {
      const of = inside.of(params, dtype);
      const v = filled(count, units, dtype, of("initial"));
      return { h: filled(count, units, dtype), v, u: mul(v, of("b")) };
    },
    step: (params, { h, v: before, u: recovery }, current, draws) => {
      const of = inside.of(params, current.dtype);
      const u = add(recovery, mul(h, of("d")));
      const { v, du } = take(add(mul(before, oneMinus(h)), mul(h, of("c"))), {
        ofV: (v) => add(sub(add(add(mul(square(v), 0.04), mul(v, 5)), 140), u), current),
        ofU: (v) => mul(sub(mul(v, of("b")), u), of("a")),
        dt,
      });
      const s = spike(sub(v, PEAK), byChance ? of("temperature") : undefined, draws);
      return { h: s, v, u: add(u, dt === 1 ? du : mul(du, dt)) };
    },
  };
}
