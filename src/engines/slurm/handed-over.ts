// The work went to others, and the program does not wait for it.

/** Thrown where there is nothing to wait for: jobs were submitted and left, or would have been. It is no failure. */
export class HandedOver extends Error {
  override name = "HandedOver";
  constructor(
    message: string,
    /** The same as data. */
    readonly facts: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}
