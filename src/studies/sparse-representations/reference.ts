// Chances of segments on sparse patterns that were computed elsewhere, with Python's exact integers, to the digits given.
// They include those of the authors' notebook and scripts, corrected where these are wrong (see `errors.ts`).

/** A segment, and the chance that it fires on a random pattern. */
type Five = readonly [cells: number, active: number, synapses: number, threshold: number, chance: number];
/** The same for a segment that has learned several patterns. */
type Six = readonly [...Five, patterns: number];

/** Chances of false matches. */
export const falseMatchNumbers: readonly Five[] = [
  [10_000, 300, 24, 12, 8.375845227e-13],
  [100_000, 2000, 6, 6, 6.35308872942e-11],
  [100_000, 2000, 8, 8, 2.52507239e-14],
  [100_000, 2000, 10, 10, 1.0016321618e-17],
  [100_000, 2000, 12, 6, 5.29386837e-8],
  [100_000, 2000, 16, 8, 2.81724528e-10],
  [100_000, 2000, 20, 10, 1.54192767e-12],
  [100_000, 2000, 24, 12, 8.586941e-15],
  [100_000, 2000, 40, 10, 4.91541865e-9],
  [100_000, 2000, 80, 10, 4.62568448e-6],
  [100_000, 2000, 120, 10, 1.58799793e-4],
  [100_000, 2000, 240, 20, 1.07990764e-7],
  [300, 64, 24, 12, 1.0946166e-3],
  [500, 64, 24, 12, 5.6957111e-6],
  [1100, 64, 24, 12, 8.36246969e-10],
  [4100, 64, 24, 12, 1.66258638e-16],
  [10_100, 64, 24, 12, 3.58854e-21],
  [500, 128, 24, 12, 7.367883e-3],
  [2100, 128, 24, 12, 2.29143708e-9],
  [4100, 128, 24, 12, 1.0064924e-12],
  [500, 256, 24, 12, 0.629372755],
  [2100, 256, 24, 12, 5.8956e-6],
  [300, 64, 16, 8, 0.0086133],
];

/** Chances of false matches of unions. */
export const unionNumbers: readonly Six[] = [
  [10_000, 200, 25, 15, 5.303524e-20, 1],
  [10_000, 200, 25, 15, 2.356022e-14, 2],
  [10_000, 200, 25, 15, 2.279219e-8, 5],
  [10_000, 200, 25, 15, 1.270804e-4, 10],
  [10_000, 200, 25, 15, 4.537895e-2, 19],
  [20_000, 200, 25, 15, 3.322426e-8, 10],
  [20_000, 200, 25, 15, 8.140891e-5, 19],
  [1000, 200, 25, 15, 0.0473895, 2],
  [1000, 200, 25, 15, 0.9910795, 5],
];

/** Median chances over the cortical grid, by threshold. */
export const medianNumbers: readonly (readonly [threshold: number, chance: number])[] = [
  [3, 0.018156949],
  [6, 1.5754e-5],
  [8, 4.83411e-8],
  [9, 2.04055e-9],
  [10, 7.40034e-11],
  [12, 7.6313e-14],
  [15, 1.03273e-18],
  [20, 4.11234e-28],
];

/**
 * Chances that 24 synapses on 64 cells, at a threshold of 12, miss their pattern when a number of its cells are silent.
 */
export const missedNumbers: readonly (readonly [silenced: number, chance: number])[] = [
  [19, 0.00126],
  [25, 0.0494],
  [32, 0.398],
];

/** The allowed error of a number: 1e-6 of it, or one unit of its last digit if that is more. */
export function allowance(given: number): number {
  const [mantissa, exponent = "0"] = String(given.toExponential()).split("e");
  const digits = mantissa.split(".")[1]?.length ?? 0;
  return Math.max(1e-6 * given, 10 ** (Number(exponent) - digits));
}
