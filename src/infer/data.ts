// Recordings that were checked, as a fit uses them.
import { checkEachMade } from "../core/index.js";
import { type Noise, residualsOf, type Seen, seenIn } from "./likelihood.js";
import { checkChoicesVary, type Recording, type Sizes, sizesOf } from "./recording.js";
import { checkTerms, type Term } from "./terms.js";
import { checkObservation, type Observation } from "./unrolled.js";

/** Recordings that were checked. */
export interface Data {
  readonly recordings: readonly Recording[];
  readonly sizes: readonly Sizes[];
  readonly seen: readonly Seen[];
  /** How many numbers were seen. */
  readonly count: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Data of some recordings of other data: of each as often as it is named. */
export const chosen = ({ recordings, sizes, seen }: Data, which: readonly number[]): Data => {
  const picked = which.map((r) => seen[r]);
  return {
    recordings: which.map((r) => recordings[r]),
    sizes: which.map((r) => sizes[r]),
    seen: picked,
    count: sum(picked.map(({ values }) => values.filter((x) => !Number.isNaN(x)).length)),
  };
};

/** The recording with steps after its end of which nothing was seen, so that many of them are of one size. */
function lengthened(recording: Recording, sizes: Sizes, steps: number): Recording {
  if (sizes.steps === steps) return recording;
  const rows = (width: number, value: number) =>
    Array.from({ length: steps - sizes.steps }, () => new Array<number>(width).fill(value));
  const { inputs, outputs, weights, rewards } = recording;
  return {
    ...recording,
    inputs: [...inputs, ...rows(sizes.inputs, 0)],
    outputs: [...outputs, ...rows(sizes.neurons, Number.NaN)],
    ...(weights && { weights: [...weights, ...rows(sizes.neurons * sizes.inputs, Number.NaN)] }),
    ...(rewards && { rewards: [...rewards, ...rows(1, 0).flat()] }),
  };
}

/** Checks recordings and terms. */
export function dataOf(
  op: string,
  recordings: readonly Recording[],
  terms: readonly Term[],
  observe: Observation,
): Data {
  const cure = "Give { inputs, start, outputs }.";
  checkEachMade(op, "the list of recordings", recordings, ["inputs", "start", "outputs"], cure);
  if (recordings.length === 0) throw new RangeError(`[${op}] there are no recordings. Give one or more.`);
  checkTerms(op, terms);
  checkObservation(op, observe);
  const own = recordings.map((recording) => sizesOf(op, recording, observe === "bernoulli"));
  const alike = (a: Sizes, b: Sizes): boolean => a.inputs === b.inputs && a.neurons === b.neurons;
  const sizes = own.map((each) => ({
    ...each,
    steps: Math.max(...own.filter((other) => alike(each, other)).map(({ steps }) => steps)),
  }));
  const all = recordings.map((recording, r) => lengthened(recording, own[r], sizes[r].steps));
  const seen = all.map((recording, r) => seenIn(recording, sizes[r]));
  return chosen({ recordings: all, sizes, seen, count: 0 }, [...all.keys()]);
}

/** Checks recordings to which terms are fitted, `least` at the least. */
export function fittable(
  op: string,
  recordings: readonly Recording[],
  terms: readonly Term[],
  observe: Observation,
  least = 0,
): Data {
  checkTerms(op, terms, least);
  const data = dataOf(op, recordings, terms, observe);
  if (observe === "bernoulli") checkChoicesVary(op, recordings);
  return data;
}

/** The noise that was given, and that of the residuals for the rest. */
export const noiseOf = (
  { observe, given }: { readonly observe: Observation; readonly given: Partial<Noise> },
  data: Data,
  predicted: readonly Float64Array[],
): Noise => ({
  ...residualsOf(observe, data.seen, predicted),
  ...given,
});
