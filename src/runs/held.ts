// A lock, as seen by the code that works while it is held.

/** A lock that is held. */
export interface Lock {
  /** Throws an InputError if the lock is no longer held, for example because its file was removed. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** A lock that the caller holds and will release. */
export const heldAbove: Lock = { async check() {}, async release() {} };
