// The currents that flow into a circuit from outside, by time, and the checks of times.
import { checkKind, listed, quote } from "../core/index.js";
import type { Input } from "./circuit.js";
import { fading } from "./numbers.js";

/** The moments of the pulses of each source, by the source's name, in ps. */
export type Pulses = Readonly<Record<string, readonly number[]>>;

/** The times of every source, after checks. */
export function timesOf(op: string, inputs: readonly Input[], pulses: Pulses): readonly (readonly number[])[] {
  checkKind(op, "`pulses`", pulses, "an object");
  const names = inputs.map(({ name }) => name);
  const odd = Object.keys(pulses).find((name) => !names.includes(name));
  if (odd !== undefined) {
    const known = names.length > 0 ? `There is ${listed(names)}.` : "It has none: a line such as P1 in makes one.";
    throw new RangeError(`[${op}] \`pulses\` has times for ${quote(odd)}, which is no source of the circuit. ${known}`);
  }
  return inputs.map(({ name }) => {
    const times = pulses[name] ?? [];
    const odd = Array.from(times).find((time) => !Number.isFinite(time));
    if (odd !== undefined)
      throw new RangeError(`[${op}] a pulse of ${quote(name)} is at ${quote(odd)}: give a time in ps.`);
    return times;
  });
}

/** The share of the constant currents that flows at a time. */
export const risen = (time: number, ramp: number): number => (time >= ramp ? 1 : time / ramp);

/** The current of a source at a time: a bell around each pulse. */
export function inputAt({ amplitude, sigma }: Input, times: readonly number[], time: number): number {
  let current = 0;
  for (const middle of times) {
    const off = (time - middle) / sigma;
    if (off < 8 && off > -8) current += amplitude * fading((off * off) / 2);
  }
  return current;
}

/** The most steps of a simulation, and the most numbers that it keeps. */
const [MOST_STEPS, MOST_NUMBERS] = [1e8, 2e8];

/** Throws unless the numbers of a simulation are usable; the number of its steps. */
export function stepsOf(op: string, duration: number, dt: number, ramp: number, width: number): number {
  for (const [name, value] of Object.entries({ duration, dt })) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(`[${op}] ${name} is ${quote(value)}: give a time in ps, above 0.`);
  }
  if (!(Number.isFinite(ramp) && ramp >= 0)) throw new RangeError(`[${op}] ramp is ${quote(ramp)}: give a time in ps.`);
  const steps = Math.ceil(duration / dt - 1e-9);
  if (steps > MOST_STEPS || steps * width > MOST_NUMBERS) {
    throw new RangeError(
      `[${op}] ${steps} steps of ${width} numbers are too many to keep. Take a larger dt or a shorter time.`,
    );
  }
  return steps;
}
