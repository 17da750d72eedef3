// Writes to a server that may be away or full for a while: they are tried again until they succeed or nobody wants them.
import { setTimeout as wait } from "node:timers/promises";
import { InputError, quote } from "../../core/index.js";
import { Stopped } from "../../runs/index.js";
import { scrubbed } from "../secrets.js";
import { factOf } from "./failures.js";

/** The first and the longest pause between two attempts, in milliseconds. */
const PAUSES = [100, 2000] as const;

/** How long a server may take to answer, in milliseconds. */
const ANSWER_WITHIN = 3000;

/** After so many milliseconds without success, the user is told. */
const TELL_AFTER = 5000;

/** What the answers of servers that are full begin with. */
const FULL = /^(OOM|MISCONF)|could not extend file|No space left/;

/** Tries something until it succeeds, or rejects with `Stopped` when nobody wants it any more. */
export type Patiently = <T>(attempt: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Tries things again and again. The user is told once when one of them has failed for a while, and once when none does
 * any more.
 */
export function patience(name: string, tell: (sentence: string) => void): Patiently {
  /** What fails, once the user was told that something does. */
  const failing = new Set<object>();
  return async (attempt, signal) => {
    const own = {};
    const began = performance.now();
    for (let pause: number = PAUSES[0]; ; pause = Math.min(2 * pause, PAUSES[1])) {
      try {
        const done = await attempt();
        if (failing.delete(own) && failing.size === 0) tell(`${name} works again.`);
        return done;
      } catch (error) {
        if (signal?.aborted) throw stopped(own);
        if (error instanceof InputError) throw error; // it says what the user must do
        // Not after the first attempt: a process that was stopped finds that much time has passed.
        if (pause > PAUSES[0] && performance.now() - began > TELL_AFTER) {
          if (failing.size === 0)
            tell(`${name} does not take what it is sent: ${factIn(error)}. This is tried again until it does.`);
          failing.add(own);
        }
      }
      await wait(pause, undefined, signal ? { signal } : {}).catch(() => {
        throw stopped(own);
      });
    }
  };

  function stopped(own: object): Stopped {
    failing.delete(own);
    return new Stopped();
  }
}

/** The fact in a server's error. */
function factIn(error: unknown): string {
  const message = String((error as Error)?.message ?? error);
  return FULL.test(message) ? "it has no room left" : (factOf(error) ?? quote(scrubbed(message)));
}

/** What a server answers; an error if it does not, since a client may wait for ever for one that is away. */
export async function answered<T>(answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const silence = wait(ANSWER_WITHIN, undefined, { signal: over.signal }).then(() => {
    throw Object.assign(new Error("timeout"), { code: "ETIMEDOUT" });
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    over.abort();
  }
}
