// How a worker of the page answers: it does what it is asked for and sends what comes of it.
import type { Answer, Question } from "./page/ask.js";

type Any = (...given: never[]) => unknown;

/** Answers questions by these functions, which may take turns: one that waits does not keep others from their work. */
export function serve(acts: Readonly<Record<string, Any>>): void {
  addEventListener("message", async ({ data: { id, name, given } }: MessageEvent<Question>) => {
    const answer = async (): Promise<Answer> => {
      try {
        return { id, value: await acts[name](...(given as never[])) };
      } catch (error) {
        return { id, problem: error instanceof Error ? error.message : String(error) };
      }
    };
    postMessage(await answer());
  });
}
