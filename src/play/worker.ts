// The worker of the playground's page: it does what it is asked for, one thing after the other, and answers.
import { type Acts, acts } from "./acts.js";
import type { Answer, Question } from "./page/ask.js";

type Any = (...given: unknown[]) => unknown;

addEventListener("message", async ({ data: { id, name, given } }: MessageEvent<Question>) => {
  const answer = async (): Promise<Answer> => {
    try {
      return { id, value: await (acts[name as keyof Acts] as Any)(...given) };
    } catch (error) {
      return { id, problem: error instanceof Error ? error.message : String(error) };
    }
  };
  postMessage(await answer());
});
