// Returns that others have, to compare ours with.

/** Steps of control in an episode of the paper. */
export const STEPS = 1000;

/**
 * Returns of the untrained circuit by MuJoCo's official WebAssembly build (3.14.0), from this study's starts of the seeds 0 to
 * 4: by links, and for six links by the period of the oscillator and with other strengths. A test drives MuJoCo again for
 * some of them.
 */
export const returnsOfEngine: Readonly<
  Record<"links" | "periods" | "ablations", Readonly<Record<string, readonly number[]>>>
> = {
  links: {
    4: [334.3, 344.5, 347.5, 336.2, 343.3],
    6: [803.4, 794.3, 800.4, 804.5, 791.3],
    8: [909.6, 906.4, 904.0, 910.5, 895.2],
    10: [913.8, 911.7, 908.1, 915.3, 901.8],
    12: [909.0, 901.2, 904.5, 906.7, 898.6],
  },
  periods: {
    30: [477.9, 495.2, 508.5, 482.0, 484.7],
    40: [607.0, 615.1, 621.2, 610.1, 606.9],
    50: [697.2, 694.9, 702.2, 695.5, 689.3],
    60: [803.4, 794.3, 800.4, 804.5, 791.3],
    80: [803.1, 795.1, 799.8, 801.3, 793.4],
    100: [771.9, 770.0, 774.1, 771.7, 769.0],
    120: [773.0, 767.5, 770.2, 772.8, 765.7],
  },
  ablations: {
    "prop = 0": [139.9, 125.8, 123.9, 139.5, 129.1],
    "osc = 0": [45.9, 61.1, 86.4, 108.1, 103.7],
    "contra = 0": [803.4, 794.3, 800.4, 804.5, 791.3],
    "all halved": [232.8, 249.6, 264.3, 235.8, 239.2],
    "prop = ipsi = 1.2": [852.1, 842.7, 850.5, 854.1, 842.6],
    "prop = 2": [871.6, 862.4, 870.1, 874.6, 863.1],
  },
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
