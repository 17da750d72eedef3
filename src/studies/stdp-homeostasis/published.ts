// What the authors measured on their machine: numbers of their data set (Davies, Gait, Rowley and Di Nuovo, CC BY 4.0).

/** Two code words, the homeostatic factor, and how many of all 1,024 words made the output fire; both trained words did. */
export const pairs: readonly (readonly [first: number, second: number, factor: number, positives: number])[] = [
  [992, 0, 4.18751, 32],
  [992, 896, 2.61769, 4],
  [992, 1008, 2.32647, 2],
  [992, 28, 10.47075, 256],
  [992, 512, 3.4907, 16],
  [992, 1023, 4.18751, 32],
  [992, 30, 20.94149, 512],
  [992, 16, 5.23538, 64],
  [992, 24, 6.98139, 128],
  [992, 768, 2.99136, 8],
  [992, 1022, 3.4907, 16],
  [992, 1016, 2.61769, 4],
  [992, 960, 2.32647, 2],
  [992, 1020, 2.99136, 8],
];

/** The factor of one trained word. */
export const SINGLE_FACTOR = 4.18817;

/** Words that were trained beside word 0, and how many words made the output fire, trained ones among them. */
export const triples: readonly (readonly [second: number, third: number, positives: number, trained: number])[] = `
31 227 93 3, 3 508 46 2, 7 121 102 3, 15 115 67 3, 1 6 7 3, 3 1021 11 2, 7 56 42 3, 1 14 21 3, 15 1009 176 2, 1 510 10 2,
3 252 433 3, 15 243 165 3, 31 483 257 3, 7 1016 176 2, 63 455 131 3, 3 29 26 3, 0 7 15 2, 3 12 11 3, 3 61 61 3, 15 51 22 3,
0 1 2 2, 31 995 176 2, 3 124 207 3, 0 31 62 2, 3 5 4 3, 0 3 4 2, 0 63 232 2, 63 967 386 3, 3 253 433 3, 63 963 386 3,
3 1020 56 2, 0 1023 386 1, 31 992 1 1, 0 15 46 2, 7 1017 56 2, 7 504 131 2, 15 1011 56 2, 0 255 1 1, 15 1008 386 2, 3 509 10 2,
7 57 42 3, 1 126 319 3, 15 496 392 3, 7 120 102 3, 0 127 449 2, 3 125 207 3, 7 505 46 2, 15 499 392 3, 1 62 151 3, 15 497 392 3,
7 248 237 3, 0 511 512 2, 15 240 165 3, 15 113 67 3, 3 60 61 3, 31 993 386 2, 31 481 257 3, 7 25 16 3, 1 254 9 2, 7 249 237 3,
3 13 11 3, 1 1022 11 2, 3 28 26 3, 15 241 165 3, 1 2 3 3, 0 0 1 1, 1 30 61 3`
  .trim()
  .split(/,\s*/)
  .map((row) => row.split(" ").map(Number) as unknown as readonly [number, number, number, number]);
