// The eight patterns that the network of XOR is tried on, one after the other: every pattern twice, so that what a pattern
// leaves behind would be seen.
import { type Circuit, type Pulses, type Recording, transient } from "../../circuits/index.js";

const PATTERNS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [1, 1],
  [1, 0],
  [0, 1],
  [0, 0],
] as const;

/** When the first pattern comes, the time between patterns, and how long the whole is, in ps. */
export const SEQUENCE = { first: 60, period: 100, duration: 60 + 8 * 100 } as const;
/** The pulses of the inputs. */
export const sequencePulses: Pulses = Object.fromEntries(
  [0, 1].map((k) => [
    `P${k + 1}`,
    PATTERNS.flatMap((pattern, i) => (pattern[k] === 1 ? [SEQUENCE.first + i * SEQUENCE.period] : [])),
  ]),
);
/** How many pulses the output sends for each pattern, if all is right. */
export const WANTED: readonly number[] = PATTERNS.map(([a, b]) => a ^ b);

/** The pulses of the output in the period of each pattern; its latency of about 30 ps lies within. */
export function flipsOf(course: Recording): number[] {
  const moments = course.pulses("out");
  return PATTERNS.map((_, i) => {
    const begin = SEQUENCE.first + i * SEQUENCE.period;
    const from = i === 0 ? 0 : begin;
    return moments.filter((moment) => moment >= from && moment < begin + SEQUENCE.period).length;
  });
}

/** Whether the network is right on the whole sequence with these parameters. */
export const works = (circuit: Circuit, parameters: Readonly<Record<string, number>>, dt = 0.1): boolean =>
  flipsOf(transient(circuit, { duration: SEQUENCE.duration, dt, pulses: sequencePulses, parameters })).join() ===
  WANTED.join();
