// A lock as those see it who work under it.

/** A lock that is held. */
export interface Lock {
  /** Throws an InputError if the lock is not this one any more, such as when its file was removed. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** A lock that somebody above holds, and gives back. */
export const heldAbove: Lock = { async check() {}, async release() {} };
