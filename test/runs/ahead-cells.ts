// The kinds of cells that threads compute in the tests of cells that wait for a lane.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { InputError } from "../../src/index.js";
import { type CellKind, Stopped, yieldToEvents } from "../../src/runs/index.js";

/** What a cell of these tests does; `folder` is where it leaves a file under its number. */
export interface Deed {
  readonly at: number;
  readonly folder: string;
  /** Throws, ends its thread at the first try, ends it at every try, or goes on until it is told to stop. */
  readonly does?: "throw" | "die once" | "die" | "wait" | undefined;
}

const deed: CellKind<Deed, number> = {
  name: "deed",
  async run({ config: { at, folder, does } }, { signal, progress }) {
    const file = join(folder, String(at));
    const before = existsSync(file);
    writeFileSync(file, String(threadId));
    progress(0.5, file);
    if (does === "throw") throw new InputError(`cell ${at} throws`);
    if (does === "die" || (does === "die once" && !before)) process.exit(3);
    while (does === "wait" && !signal.aborted) await yieldToEvents();
    if (does === "wait") throw new Stopped();
    return at * at;
  },
};

/** The sum of what it needs. */
const total: CellKind = {
  name: "total",
  run: ({ needs = [] }, { row }) => needs.reduce((sum, _, i) => sum + (row(i) as number), 0),
};

export const kinds = [deed, total];
