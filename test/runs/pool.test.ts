import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { Stopped } from "../../src/runs/index.js";
import { openPool, type PoolOptions, type Slot } from "../../src/runs/internal.js";
import { bundle, inTemporary } from "../meta/fixtures.js";

/** Runs `body` with a slot whose thread is this code of Node. */
function withThread(code: string, options: Partial<PoolOptions>, body: (slot: Slot) => Promise<void>): Promise<void> {
  return inTemporary(async (folder) => {
    const file = join(folder, "thread.mjs");
    await writeFile(file, `import { parentPort } from "node:worker_threads";\n${code}`);
    const entry = pathToFileURL(file);
    const [slot] = await openPool({
      code: { entry, name: "x", places: [], from: "" },
      threads: 1,
      begin: {},
      ...options,
    });
    try {
      await body(slot);
    } finally {
      await slot.close();
    }
  });
}

const READY =
  'let begun = false; const answer = (f) => parentPort.on("message", (m) => begun ? f(m) : (begun = true, parentPort.postMessage({ ready: true })));';

describe("a thread", () => {
  it("that never answers is ended, and named in the error", () =>
    withThread('parentPort.on("message", () => {});', { readyWithin: 300 }, async (slot) => {
      const run = slot.run({}, { name: "job 1" });
      await expect(run).rejects.toThrow(InputError);
      await expect(run).rejects.toThrow(/thread\.mjs runs as a thread, but does not answer\. Give the address of x/);
    }));

  it("that stops answering during a job is ended soon after it is asked to stop", () =>
    withThread(`${READY} answer(() => { for (;;); });`, { stopWithin: 200 }, async (slot) => {
      const ended = new AbortController();
      const run = slot.run({}, { name: "job 1", signal: ended.signal });
      setTimeout(() => ended.abort(), 500);
      await expect(run).rejects.toThrow(Stopped);
      await expect(run).rejects.toThrow("job 1 did not end when asked to stop");
    }));

  it("that is asked to stop gets the time to end its job", () =>
    withThread(
      `${READY} answer((m) => { if (m.stop) setTimeout(() => parentPort.postMessage({ result: 7 }), 50); });`,
      { stopWithin: 20_000 },
      async (slot) => {
        const ended = new AbortController();
        const run = slot.run({}, { name: "job 1", signal: ended.signal });
        setTimeout(() => ended.abort(), 300);
        expect(await run).toBe(7);
      },
    ));

  it("that runs out of memory every time is reported in a sentence, and the process survives", () =>
    inTemporary(async (folder) => {
      const eater = join(folder, "eater.mjs");
      const code = `${READY} answer(() => { const all = []; for (;;) all.push({ x: all.length }); });`;
      await writeFile(eater, `import { parentPort } from "node:worker_threads";\n${code}`);
      const child = await bundle("test/runs/pool-child.ts", folder);
      const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=48", child, eater]);
      expect(stdout).toMatch(
        /^ThreadError: \[workers\] job 1 brought its thread down 4 times, .*memory.*Use fewer `workers`/,
      );
    }));
});
