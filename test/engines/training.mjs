// The training run that is hashed: five episodes of 50 steps. Its hash is the `ruleHash` of that run.
export const training = { preset: "rcn", hidden: [30, 20], ways: 5, shots: 10, queries: 10, episodes: 5, seed: 3 };
