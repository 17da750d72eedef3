// `sweep --ask`: another program chooses the settings. It writes a question per line on our standard input, such as
// {"id": 1, "settings": {"lr": 0.001}}, and reads an answer per line, in the order in which trials finish.
import { createInterface } from "node:readline";
import { isObject } from "../fields/index.js";
import { type AskOptions, asker, type Settings, type Subject } from "../sweeps/index.js";
import { failureOf } from "./failure.js";
import { sayJson } from "./output.js";
import { watchSignals } from "./signals.js";
import { sayStopped } from "./under-bar.js";

/** Answers every question on this stream, and ends when it has ended and all answers are given. */
export async function answerAll(
  input: NodeJS.ReadableStream,
  read: (settings: unknown) => Settings,
  run: (signal: AbortSignal) => AskOptions & { readonly subject: Subject },
): Promise<void> {
  const lines = createInterface({ input });
  const watch = watchSignals(
    () => lines.close(),
    () => {},
  );
  const { subject, ...options } = run(watch.signal);
  const ask = asker(subject, options);
  const answers: Promise<void>[] = [];
  const answer = async (line: string): Promise<void> => {
    let id: unknown = null;
    try {
      const question: unknown = JSON.parse(line);
      id = isObject(question) ? (question.id ?? null) : null;
      const { number, settings, measures } = await ask(read(isObject(question) ? question.settings : question));
      sayJson({ id, trial: number, settings, measures });
    } catch (error) {
      if (watch.code() !== undefined) return; // it was stopped
      const wrong = error instanceof SyntaxError ? `this line is no JSON: ${error.message}` : failureOf(error).message;
      sayJson({ id, error: wrong });
    }
  };
  for await (const line of lines) if (line.trim() !== "") answers.push(answer(line));
  await Promise.all(answers);
  watch.end();
  const code = watch.code();
  if (code !== undefined) sayStopped(code);
}
