// Returns that others have, to compare ours with.

/** Steps of control in an episode of the paper. */
export const STEPS = 1000;

/**
 * Returns of the untrained circuit by MuJoCo's official WebAssembly build (3.14.0), by links, from this study's starts of the
 * seeds 0 to 4. A test drives MuJoCo again for some of them.
 */
export const returnsOfEngine: Readonly<Record<number, readonly number[]>> = {
  4: [334.3, 344.5, 347.5, 336.2, 343.3],
  6: [803.4, 794.3, 800.4, 804.5, 791.3],
  8: [909.6, 906.4, 904.0, 910.5, 895.2],
  10: [913.8, 911.7, 908.1, 915.3, 901.8],
  12: [909.0, 901.2, 904.5, 906.7, 898.6],
};

/** Returns of another program, which drove MuJoCo from Python: means by links, by period, and with other strengths. */
export const published = {
  links: { 4: 341.6, 6: 798.2, 8: 902.7, 10: 908.7, 12: 902.6 },
  periods: { 30: 499, 40: 612, 50: 705, 60: 811, 80: 810, 100: 780, 120: 781 },
  ablations: {
    ...{
      "prop = 0": 130,
      "osc = 0": 28,
      "contra = 0": 795,
      "all halved": 256,
      "prop = ipsi = 1.2": 843,
      "prop = 2": 870,
    },
    ...{ "random, signed": 283, "random, no signs": 47, perceptron: 11, "random torques": 96, "no torques": 0 },
  },
} as const;
