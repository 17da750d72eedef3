// What is said when a signal has stopped a run that can be resumed.
import type { TrainConfig, TrainResult } from "../meta/index.js";
import { shellWord } from "../runs/node.js";

/** The flag for the module of a run's own parts, with a space before it; "" if it has none. */
export const moduleWords = ({ module: { file } }: TrainConfig): string =>
  file === "" ? "" : ` --module ${shellWord(file)}`;

/** Says on standard error how to continue, and sets the exit code that the signal calls for. */
export function tellStopped({ episodes }: TrainResult, config: TrainConfig, out: string, code = 1): void {
  process.stderr.write(
    `Stopped after episode ${episodes} of ${config.episodes}. Continue with:\n` +
      `  npx synaptape train --resume ${shellWord(out)}${moduleWords(config)}\n`,
  );
  process.exitCode = code;
}
