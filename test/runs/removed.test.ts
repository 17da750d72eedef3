// Folders that somebody removes or renames while a process works in them.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { readRun, resume, train } from "../../src/meta/index.js";
import { type Cell, NUMERICS, openStore } from "../../src/runs/index.js";
import { lockFolder } from "../../src/runs/node.js";
import { bury, inTemporary, small, tiny } from "../meta/fixtures.js";

const config = { ...tiny, episodes: 4 };

/** Trains, and disturbs the folder when the second episode is on disk; what it throws. */
async function disturbed(out: string, disturb: () => void): Promise<Error> {
  const onEpisode = ({ episode }: { episode: number }): void => {
    if (episode === 2) disturb();
  };
  const error = await train(small, config, { out, workers: 1, onEpisode }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return error as Error;
}

describe("a run whose folder", () => {
  it("is removed says so, and does not advise to continue it", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      const { message } = await disturbed(out, () => rmSync(out, { recursive: true }));
      expect(message).toMatch(/^\[run\] \S+run was removed or renamed while its run went on\. /);
      expect(message).toContain("if it was removed, begin the run again.");
      expect(await readdir(folder)).toEqual([]);
    }));

  it("is renamed is whole under its new name, and goes on there to the same bits", () =>
    inTemporary(async (folder) => {
      const { ruleHash } = await train(small, config, { workers: 1 });
      const [out, moved] = [join(folder, "run"), join(folder, "moved")];
      const { message } = await disturbed(out, () => renameSync(out, moved));
      expect(message).toContain("If it was renamed, continue it with `resume` and its new name;");
      expect(existsSync(out)).toBe(false);
      expect((await readRun(moved)).metrics).toHaveLength(2);
      await bury(moved); // as if the process had ended, which it has on the command line
      expect((await resume(small, { out: moved, workers: 1 })).ruleHash).toBe(ruleHash);
    }));

  it("is replaced by another one writes nothing into that", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      const { message } = await disturbed(out, () => {
        rmSync(out, { recursive: true });
        mkdirSync(out);
      });
      expect(message).toMatch(
        /run is no longer locked: \S+\.lock was removed\. Make sure that no other process works there/,
      );
      expect(await readdir(out)).toEqual([]);
    }));
});

describe("a lock", () => {
  it("that was removed is not said to be taken over, and its release takes nothing away", () =>
    inTemporary(async (folder) => {
      const lock = await lockFolder(folder);
      await rm(join(folder, ".lock"));
      await expect(lock.check()).rejects.toThrow("is no longer locked");
      const next = await lockFolder(folder);
      await expect(lock.check()).rejects.toThrow("was taken over");
      await lock.release();
      await next.check();
      await next.release();
    }));
});

describe("a store", () => {
  it("keeps what was computed after its folder was removed", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "out");
      const store = await openStore(out);
      const cell: Cell = { kind: "test", config: {}, seed: 0 };
      const result = { cell, numerics: NUMERICS, row: { y: 1 }, seconds: 0 };
      await rm(out, { recursive: true });
      expect(await store.get(cell)).toBeUndefined();
      await store.put(result);
      expect(await (await openStore(out)).get(cell)).toMatchObject(result);
    }));
});
