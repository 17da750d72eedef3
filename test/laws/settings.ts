// What all generated tests share: one seed, so that a failure today is a failure tomorrow, and bounded numbers of runs.

/** Parameters for `fc.assert`. fast-check prints seed and path when a property fails. */
export const runs = (numRuns: number): { seed: number; numRuns: number } => ({ seed: 20_241_122, numRuns });
