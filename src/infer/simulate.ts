// Makes recordings from a known rule, to find out whether it would be recovered.
import { checkKey, checkKind, checkMade, checkOptions, InputError, type Key, quote, scope } from "../core/index.js";
import { random } from "../ops/index.js";
import { type Given, type Recording, shapeOf } from "./recording.js";
import { checkTerms, type Term } from "./terms.js";
import { checkObservation, type Observation, predict } from "./unrolled.js";

/** What is recorded, and how. */
export interface SimulateOptions {
  /** As in `FitOptions`. */
  readonly observe?: Observation;
  /** Standard deviation of the noise on activity; 0 by default. */
  readonly noise?: number;
  /** Whether the weights are seen, and with which noise; not by default. */
  readonly weights?: number;
  /** The share of the outputs that is missing; 0 by default. */
  readonly missing?: number;
}

/** Cuts a list into rows. */
const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (_, i) => values[row * width + i]),
  );

/**
 * A recording of neurons that change by the rule of these terms and coefficients. All noise and all choices follow from the
 * key.
 *
 * @throws TypeError or RangeError for inputs or options that are not allowed; InputError if the weights leave the finite numbers.
 * @example
 * const given = { inputs: random.normal(Key.of(0), [50, 4]).toArray(), start: zeros([3, 4]).toArray() };
 * const recording = simulate(given, [monomial({ pre: 1, post: 1 })], [0.01], Key.of(1));
 * recording.outputs.length; // 50
 */
export function simulate(
  given: Given,
  terms: readonly Term[],
  coefficients: readonly number[],
  key: Key,
  options: SimulateOptions = {},
): Recording {
  const op = "simulate";
  checkMade(op, "what the neurons are given", given, ["inputs", "start"], "Give { inputs, start }.");
  checkTerms(op, terms);
  checkKind(op, "the coefficients", coefficients, "a list of numbers");
  if (coefficients.length !== terms.length) {
    throw new RangeError(
      `[${op}] there are ${coefficients.length} coefficients for ${terms.length} terms. Give one for each.`,
    );
  }
  checkKey(op, key, "the key");
  checkOptions(op, options, ["observe", "noise", "weights", "missing"]);
  const { observe = "gaussian", noise = 0, weights, missing = 0 } = options;
  checkObservation(op, observe);
  for (const [name, size, most] of [
    ["noise", noise, Infinity],
    ["weights", weights ?? 0, Infinity],
    ["missing", missing, 1],
  ] as const) {
    if (typeof size === "number" && size >= 0 && size <= most && Number.isFinite(size)) continue;
    throw new RangeError(`[${op}] \`${name}\` is ${quote(size)}: give a number from 0${most === 1 ? " to 1" : ""}.`);
  }
  const { inputs, start, rewards } = given;
  const known = { inputs, start, ...(rewards && { rewards }) };
  const sizes = { ...shapeOf(op, known), weights: true };
  const predicted = predict(terms, observe, coefficients, known, sizes);
  if (!predicted.every(Number.isFinite)) {
    throw new InputError(
      `[${op}] under this rule the weights leave the finite numbers. Give smaller coefficients, or decay.`,
    );
  }
  const count = sizes.steps * sizes.neurons;
  const drawn = (branch: number, length: number) =>
    scope(() => random.normal(key.fold(branch), [length], { dtype: "float64" }).data().slice());
  const [noises, others] = [drawn(0, count), drawn(1, predicted.length - count)];
  const outputs = Array.from(predicted.subarray(0, count), (value, i) => {
    if (key.fold(2).uniform(i) < missing) return Number.NaN;
    return observe === "bernoulli" ? Number(key.fold(3).uniform(i) < value) : value + noise * noises[i];
  });
  const seen = Array.from(predicted.subarray(count), (value, i) => value + (weights ?? 0) * others[i]);
  return {
    ...{ ...known, outputs: rowsOf(outputs, sizes.neurons) },
    ...(weights !== undefined && { weights: rowsOf(seen, sizes.neurons * sizes.inputs) }),
  };
}
