// Writes to a server that may be away or full for a while: they are tried again until they succeed or nobody wants them.
import { setTimeout as wait } from "node:timers/promises";
import { quote } from "../../core/index.js";
import { Stopped } from "../../runs/index.js";
import { scrubbed } from "../secrets.js";
import { factOf } from "./failures.js";

/** The first and the longest pause between two attempts, in milliseconds. */
const PAUSES = [100, 2000] as const;

/** After so many milliseconds without success, the user is told. */
const TELL_AFTER = 5000;

/** What the answers of servers that are full begin with. */
const FULL = /^(OOM|MISCONF)|could not extend file|No space left/;

/** Tries things again and again. It says at most once at a time that they fail, and when they no longer do. */
export function patience(name: string, tell: (sentence: string) => void) {
  let told = false;
  return async <T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const began = performance.now();
    for (let pause: number = PAUSES[0]; ; pause = Math.min(2 * pause, PAUSES[1])) {
      try {
        const done = await attempt();
        if (told) tell(`${name} works again.`);
        told = false;
        return done;
      } catch (error) {
        if (signal?.aborted) throw new Stopped();
        if (!told && performance.now() - began > TELL_AFTER) {
          told = true;
          const message = String((error as Error)?.message ?? error);
          const fact = FULL.test(message) ? "it has no room left" : (factOf(error) ?? quote(scrubbed(message)));
          tell(`${name} does not take what it is sent: ${fact}. This is tried again until it does.`);
        }
      }
      await wait(pause, undefined, signal ? { signal } : {}).catch(() => {
        throw new Stopped();
      });
    }
  };
}
