// What all models of neurons share: parameters per unit and a step in time, as functions of plain trees, so that `scan`,
// `vmap` and every transform work with them. Synapses are not part of a model: a neuron gets a current, which may come from
// `dense` or anything else.
import { checkTensors, scan } from "../autodiff/index.js";
import { checkMade, type DType, type Key, quote, showShape, type Tensor, type TreeOf } from "../core/index.js";
import type { HiddenState, LayerParams } from "../nn/index.js";
import { add, exp, full, log, moveAxis, type Operand, random, tensor } from "../ops/index.js";
import { unstack } from "../ops/internal.js";

/** The part of the state that every model has. */
export interface SpikingState extends HiddenState {
  /**
   * The spikes of the last step, 0 or 1, shape (n, units). The output of recurrent cells of `synaptape/nn` has this
   * name too.
   */
  readonly h: Tensor;
}

/** A model of `units` neurons. Made by `lif`, `metaNeuron` or `izhikevich`. */
export interface Neuron<S extends SpikingState> {
  /** How many there are. */
  readonly units: number;
  /** The first parameters: one number per unit for each quantity that learns. */
  init(): LayerParams;
  /** The state before the first step, for `count` examples; float32 by default. It may depend on the parameters. */
  state(params: LayerParams, count: number, dtype?: DType): S;
  /**
   * The state after one more step with this current, shape (n, units). Neurons that spike by chance also need uniform draws
   * from 0 to 1 of this shape.
   */
  step(params: LayerParams, state: S, current: Tensor, draws?: Tensor): S;
}

/** A number for all units, or one for each. */
export type PerUnit = number | readonly number[];

/** A number for each unit. Throws a RangeError unless there is one for each, strictly between the ends of the range. */
function numbersOf(op: string, name: string, units: number, value: PerUnit, [low, high]: Range): number[] {
  const numbers = typeof value === "number" ? new Array<number>(units).fill(value) : Array.from(value);
  if (numbers.length !== units) {
    throw new RangeError(`[${op}] \`${name}\` has ${numbers.length} numbers for ${units} units. Give one for each.`);
  }
  const odd = numbers.find((each) => !(each > low && each < high));
  if (odd === undefined) return numbers;
  const range = high === Infinity ? (low === -Infinity ? "finite" : `above ${low}`) : `between ${low} and ${high}`;
  throw new RangeError(`[${op}] \`${name}\` is ${quote(odd)}. Give a number that is ${range}.`);
}

/** The open interval in which a number must lie. */
type Range = readonly [low: number, high: number];
/** Any finite number. */
export const FINITE: Range = [-Infinity, Infinity];
/** Any finite number above 0. */
export const POSITIVE: Range = [0, Infinity];

/** A quantity of a model: its first value and its range. */
export interface Internal {
  readonly value: PerUnit;
  readonly range: Range;
  /** The name of its logarithm, which learns in its place, so that it stays above 0. */
  readonly logarithm?: string;
}

/** The quantities of a model by name. */
export type Internals = Readonly<Record<string, Internal>>;

/** Quantities that may be any finite number. */
export const finite = (values: Readonly<Record<string, PerUnit>>): Internals =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, range: FINITE }]));

/** The option of neurons that can spike by chance. */
export interface ChanceOptions {
  /**
   * Makes neurons spike by chance, with the probability sigmoid((potential - threshold) / temperature), whose derivative then
   * is that of a spike: above 0, in units of the potential; none by default, which is the limit of a low temperature. If it
   * learns, the parameter is its logarithm, `logTemperature`. `runNeurons` needs a key then.
   */
  readonly temperature?: PerUnit;
}

/** The temperature as a quantity, if there is one. Throws a RangeError if one that does not exist shall learn. */
export function temperatureOf(op: string, { temperature }: ChanceOptions, learn: readonly string[]): Internals {
  if (temperature !== undefined) {
    return { temperature: { value: temperature, range: POSITIVE, logarithm: "logTemperature" } };
  }
  if (!learn.includes("temperature")) return {};
  throw new RangeError(
    `[${op}] \`learn\` contains "temperature", but there is none. Give one, such as temperature: 0.1.`,
  );
}

/** The quantities of a model, as parameters or constants. */
export interface Inside {
  /** Those that learn, as tensors of shape (units). */
  init(): LayerParams;
  /** A quantity as an operand for tensors of this type: a parameter, a number, or a tensor of constants. */
  of(params: LayerParams, dtype: DType): (name: string) => Operand;
}

/**
 * Access to the quantities of a model, of which those named in `learn` are parameters.
 *
 * @throws RangeError unless there is at least one unit, a number for each unit, and a quantity for each name.
 */
export function insideOf(op: string, units: number, internals: Internals, learn: readonly string[]): Inside {
  if (!Number.isInteger(units) || units < 1) {
    throw new RangeError(`[${op}] \`units\` is ${quote(units)}. Give a whole number from 1 up.`);
  }
  const odd = learn.find((name) => !Object.hasOwn(internals, name));
  if (odd !== undefined) {
    throw new RangeError(`[${op}] \`learn\` contains ${quote(odd)}. Use ${Object.keys(internals).join(", ")}.`);
  }
  const numbers = new Map(
    Object.entries(internals).map(([name, { value, range }]) => [name, numbersOf(op, name, units, value, range)]),
  );
  return {
    init: () =>
      Object.fromEntries(
        learn.map((name) => {
          const [first, { logarithm }] = [tensor(numbers.get(name) as number[]), internals[name]];
          return logarithm ? [logarithm, log(first)] : [name, first];
        }),
      ),
    of: (params, dtype) => (name) => {
      const { value, logarithm } = internals[name];
      if (learn.includes(name)) {
        const learned = params[logarithm ?? name] ?? missing(op, name);
        return logarithm ? exp(learned) : learned;
      }
      return typeof value === "number" ? value : tensor(value as number[], { dtype });
    },
  };
}

/** Throws since a quantity that learns is not among the parameters. */
function missing(op: string, name: string): never {
  throw new TypeError(`[${op}] \`${name}\` learns, but is not among the parameters. Give those that init() makes.`);
}

/** A tensor (count, units) filled with a number, or with one number per unit. */
export const filled = (count: number, units: number, dtype: DType, value: Operand = 0): Tensor =>
  typeof value === "number" ? full([count, units], value, { dtype }) : add(full([count, units], 0, { dtype }), value);

/**
 * Runs neurons through a sequence of currents (n, steps, units), from `state` (by default their first one), and gives the
 * spikes (n, steps, units) and the last state. It uses a checkpointed `scan`, so that long sequences fit into memory.
 *
 * ```ts
 * const neuron = lif(16);
 * const currents = eventMatmul(spikes, weight); // spikes (n, steps, 8), weight (8, 16)
 * const { spikes: out } = runNeurons(neuron, neuron.init(), currents);
 * ```
 *
 * @param key for neurons that spike by chance: their draws.
 * @throws RangeError unless the currents have three axes, with at least one step and one number per unit.
 */
export function runNeurons<S extends SpikingState & TreeOf<S>>(
  neuron: Neuron<S>,
  params: LayerParams,
  currents: Tensor,
  state?: S,
  key?: Key,
): { spikes: Tensor; state: S } {
  checkMade("runNeurons", "the neurons", neuron, ["units", "state", "step"], "Make them with lif() or its like.");
  checkTensors("runNeurons", [currents]);
  if (currents.rank !== 3 || currents.shape[2] !== neuron.units || currents.shape[1] === 0) {
    throw new RangeError(
      `[runNeurons] the currents have shape ${showShape(currents.shape)}. Give [n, steps, ${neuron.units}] with at least one step.`,
    );
  }
  if (!currents.type.isFloat) {
    throw new TypeError(`[runNeurons] the currents are ${currents.dtype}. Use cast(x, "float32").`);
  }
  const steps = unstack(currents, 1);
  const first: S = state ?? neuron.state(params, currents.shape[0], currents.dtype);
  const [last, spikes] = scan(steps.length, first, (before: S, at): readonly [S, Tensor] => {
    const draws = key && random.uniform(key.fold(at), steps[at].shape, { dtype: currents.dtype });
    const after = neuron.step(params, before, steps[at], draws);
    return [after, after.h];
  });
  return { spikes: moveAxis(spikes, 0, 1), state: last };
}
