// How the work of a cell pauses, so that it can be told of, stopped, and never holds up a page for long.
import { scope } from "../core/index.js";
import { type Context, Stopped, yieldToEvents } from "../runs/index.js";

/**
 * Reports how much of a cell's work is done, from 0 to 1, and lets events through.
 *
 * @throws Stopped if the cell is to stop.
 */
export async function pause(context: Context, done: number): Promise<void> {
  context.progress(done);
  await yieldToEvents();
  if (context.signal.aborted) throw new Stopped();
}

/** For work in so many parts: gives a function that runs the next part in a scope, after a pause. */
export function inParts(context: Context, parts: number) {
  let done = 0;
  return async <T>(run: () => T extends PromiseLike<unknown> ? never : T): Promise<T> => {
    await pause(context, done++ / parts);
    return scope(run);
  };
}
