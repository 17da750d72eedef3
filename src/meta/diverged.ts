// What a run throws for an episode whose numbers left the finite ones.

/**
 * An episode, or its gradient, is no longer finite.
 *
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const wild = { ...config, learningRate: 1e30, clip: "off" } as const;
 * try {
 *   await train(images, wild, { workers: 1 });
 * } catch (error) {
 *   if (!(error instanceof DivergedError)) throw error;
 *   console.log(error.episode); // the episode, from 1
 * }
 */
export class DivergedError extends Error {
  override name = "DivergedError";
  constructor(
    message: string,
    /** From 1. */
    readonly episode: number,
    /** Online step, from 1; undefined if all weights stayed finite. */
    readonly step?: number,
    /** Layer, from 1; undefined if all weights stayed finite. */
    readonly layer?: number,
  ) {
    super(message);
  }
}
