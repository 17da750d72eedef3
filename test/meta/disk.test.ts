// What a real system does to real processes: disks that are full, read-only or closed to us, limits on files.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRun, resume } from "../../src/meta/index.js";
import { canMount, isRoot, onDisk } from "./disk.js";
import { bundle, inTemporary, small } from "./fixtures.js";

/** Their lines take more than one block of a file system, and more than the checkpoint. */
const EPISODES = 120;
const NOBODY = 65_534;

interface Ending {
  readonly code: number | null;
  readonly told: readonly string[];
  readonly problem: string;
}

/** Trains, or resumes, in a process of its own; `limit` is what the shell does before. */
async function child(code: string, out: string, verb: string, limit = ":", uid?: number): Promise<Ending> {
  const script = `${limit}; exec "$0" "$@"`;
  const options = { cwd: "/", ...(uid === undefined ? {} : { uid }) };
  const process_ = spawn("sh", ["-c", script, process.execPath, code, out, verb, String(EPISODES)], options);
  let [told, problem] = ["", ""];
  process_.stdout.on("data", (data) => {
    told += data;
  });
  process_.stderr.on("data", (data) => {
    problem += data;
  });
  const [exit] = (await once(process_, "close")) as [number | null];
  return { code: exit, told: told.split("\n").filter(Boolean), problem };
}

/** The hash of the rule that an undisturbed run ends with. */
let wanted: string;

/** Where the built process is, and the file. */
let place: string;
let code: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "synaptape-disk-"));
  await chmod(place, 0o755); // another user runs it too
  code = await bundle("test/meta/child.ts", place);
  const { told } = await child(code, join(place, "run"), "train");
  wanted = told.at(-1) ?? "";
  expect(wanted).toMatch(/^[\da-f]{64}$/);
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** Checks that nothing which was told is lost, and that the run ends as one that nothing happened to. */
async function expectWhole(out: string, told: number): Promise<void> {
  expect((await readRun(out)).metrics.length).toBeGreaterThanOrEqual(told);
  expect((await readdir(out)).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect((await resume(small, { out, workers: 1 })).ruleHash).toBe(wanted);
}

describe("a run", () => {
  it.runIf(canMount)("on a disk that fills up says so, and continues when there is room", async () => {
    // Full when the lines of its episodes begin a second block.
    await onDisk("20k", async (disk, remount) => {
      const out = join(disk, "run");
      const { told, problem } = await child(code, out, "train");
      expect(problem).toMatch(
        /run cannot be written: no space is left on the device. It is whole up to episode \d+: put that right, then continue/,
      );
      remount("size=1m");
      expect(told.length).toBeGreaterThan(10);
      await expectWhole(out, told.length);
    });
    // Full before the run is set up.
    await onDisk("8k", async (disk) => {
      const out = join(disk, "run");
      const { problem } = await child(code, out, "train");
      expect(problem).toContain(
        `a run cannot be set up in ${out}: no space is left on the device. Nothing was left there.`,
      );
      expect(await readdir(disk)).toEqual([]);
    });
  });

  it.runIf(canMount)("on a disk that has become read-only says so, and continues later", async () => {
    await onDisk("1m", async (disk, remount) => {
      const out = join(disk, "run");
      const stopped = await child(code, out, "train", "ulimit -f 8");
      remount("ro");
      expect((await child(code, out, "resume")).problem).toContain("cannot be continued: the file system is read-only");
      expect((await child(code, join(disk, "new"), "train")).problem).toContain(
        `a run cannot be set up in ${join(disk, "new")}: the file system is read-only`,
      );
      expect((await readRun(out)).metrics.length).toBeGreaterThan(0); // reading asks for no lock
      remount("rw");
      await expectWhole(out, stopped.told.length);
    });
  });

  it.runIf(isRoot)("that belongs to another user can be read, and says that it cannot be continued", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      const { told } = await child(code, out, "train", "ulimit -f 8");
      for (const each of [folder, out]) await chmod(each, 0o755);
      const { problem } = await child(code, out, "resume", ":", NOBODY);
      expect(problem).toContain(`${out} cannot be continued: permission is denied`);
      const { problem: anew } = await child(code, join(folder, "new"), "train", ":", NOBODY);
      expect(anew).toContain(`a run cannot be set up in ${join(folder, "new")}: permission is denied`);
      await expectWhole(out, told.length);
    }),
  );

  it("under a limit on file sizes says so, and continues without the limit", () =>
    inTemporary(async (folder) => {
      for (const blocks of [1, 6, 8]) {
        const out = join(folder, `run-${blocks}`);
        const { told, problem } = await child(code, out, "train", `ulimit -f ${blocks}`);
        expect(problem).toContain("the file would be larger than the limit on file sizes");
        if (!/Nothing was left/.test(problem)) await expectWhole(out, told.length);
      }
    }));

  it("under a limit on open files says so or manages without, and loses nothing", () =>
    inTemporary(async (folder) => {
      const said: string[] = [];
      for (let files = 16; files < 32; files++) {
        const out = join(folder, `run-${files}`);
        const { code: exit, told, problem } = await child(code, out, "train", `ulimit -n ${files}`);
        if (exit === 0) {
          expect(told.at(-1)).toBe(wanted);
          break; // there are enough
        }
        said.push(problem);
        const names = await readdir(out).catch((): string[] => []);
        if (names.includes("config.json")) await expectWhole(out, told.length);
        else expect(names.filter((name) => !name.startsWith(".lock"))).toEqual([]);
      }
      expect(said.filter((problem) => problem.includes("too many files are open")).length).toBeGreaterThan(0);
    }));
});
