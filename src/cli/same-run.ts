// `train --continue`: goes on with the run in its folder if there is one, and begins it if not, so that a script can repeat
// one command. The run that is found must be the one that is asked for.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError, plain, quote } from "../core/index.js";
import { type RunContents, readRun, type TrainConfig } from "../meta/index.js";
import { differences, settingsOf } from "../meta/internal.js";

/** The run in `folder` that this configuration describes; undefined if none has begun there. */
export async function begunRun(folder: string, config: TrainConfig): Promise<RunContents | undefined> {
  if (!existsSync(join(folder, "config.json"))) return undefined;
  const contents = await readRun(folder);
  const odd = differences(settingsOf(contents.config), settingsOf(config))[0];
  if (odd === undefined) return contents;
  const [name, before, now] = odd;
  throw new InputError(
    `[train] ${plain(folder)} is another run: its ${name} is ${quote(before)}, not ${quote(now)}. ` +
      "Choose another --out, or continue it with its own settings by --resume.",
  );
}
