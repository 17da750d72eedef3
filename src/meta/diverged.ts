// What a run throws for an episode whose numbers left the finite ones.

/** An episode, or its gradient, is no longer finite. */
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
