// When things happen on the page: one after the other, and in time.

/** Work that is done one piece after the other. */
export interface Queue {
  /**
   * Does something when nothing else is under way, in the order in which it was asked for. Of what waits under the same
   * topic only the last is done: a slider that is dragged asks faster than anything can follow.
   */
  soon(work: () => Promise<void>, topic?: string): Promise<void>;
  /** Whether something is under way. */
  busy(): boolean;
}

/**
 * A queue.
 *
 * @param failed is given a sentence about work that failed.
 */
export function newQueue(failed: (sentence: string) => void): Queue {
  let busy = false;
  let waiting: { readonly work: () => Promise<void>; readonly topic: string | undefined }[] = [];
  return {
    busy: () => busy,
    async soon(work, topic) {
      waiting = waiting.filter((other) => topic === undefined || other.topic !== topic);
      waiting.push({ work, topic });
      if (busy) return;
      busy = true;
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await next.work().catch((error: Error) => failed(error.message));
      }
      busy = false;
    },
  };
}

/** How much of a step may be missing, so that one falls on each picture if there are as many of both. */
const EARLY = 0.1;

/**
 * Takes steps, at most once in each picture of the screen.
 *
 * @param speed steps a second; 0 while it rests. The first step after a rest comes at once.
 * @param go takes so many steps, or says that it cannot now; then they stay due.
 */
export function startClock(speed: () => number, go: (steps: number) => boolean): void {
  let [last, due] = [0, 1];
  const tick = (time: number): void => {
    const now = speed();
    due = now === 0 ? 1 : due + (Math.min(time - last, 100) * now) / 1000;
    last = time;
    const steps = Math.floor(due + EARLY);
    if (now > 0 && steps > 0 && go(steps)) due -= steps;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}
