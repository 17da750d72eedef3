import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Dataset, glyphs } from "../../src/data/index.js";
import { InputError } from "../../src/index.js";
import { diagnosisLines } from "../../src/meta/diagnosis-lines.js";
import { readRun, readRunConfig, resume, type TrainResult, train } from "../../src/meta/index.js";
import { learnerCodec } from "../../src/meta/learner-codec.js";
import { metricsLines } from "../../src/meta/metrics.js";
import { decodeCheckpoint } from "../../src/runs/checkpoint.js";
import { faults } from "./faults.js";
import { bury, inTemporary, small, tiny } from "./fixtures.js";

vi.mock("node:fs/promises", async (original) => (await import("./faults.js")).faulty(await original()));

const config = { ...tiny, episodes: 3 };
const begin = (out: string, changed = config) => train(small, changed, { out, workers: 1 });
const resumeIn = (out: string, data: Dataset = small) => resume(data, { out, workers: 1 });

/** metrics.jsonl without the seconds, which differ from run to run. */
async function linesOf(folder: string): Promise<unknown[]> {
  const text = await readFile(join(folder, "metrics.jsonl"), "utf8");
  expect(text === "" || text.endsWith("\n")).toBe(true);
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => ({ ...JSON.parse(line), seconds: 0 }));
}

let whole: TrainResult;
let lines: unknown[];
/** Operations that a whole run takes. */
let operations: number;

beforeAll(() =>
  inTemporary(async (folder) => {
    faults.reset();
    whole = await begin(join(folder, "run"));
    operations = faults.count;
    lines = await linesOf(join(folder, "run"));
  }),
);
afterEach(() => faults.reset());

/** Checks that the run in `out` is, or can be brought, where a run that never stopped is. */
async function expectWhole(out: string, diagnostics?: number): Promise<void> {
  const { seconds: _, ...result } = { seconds: 0, ...(await resume(small, { out, workers: 1, diagnostics })) };
  expect(result).toEqual(whole);
  expect(await linesOf(out)).toEqual(lines);
  const notes = diagnostics ? ["diagnostics.jsonl"] : [];
  expect((await readdir(out)).sort()).toEqual(["checkpoint.safetensors", "config.json", ...notes, "metrics.jsonl"]);
}

describe("a run's folder", () => {
  it("may share new parent folders with runs that begin at the same time", () =>
    inTemporary(async (folder) => {
      const outs = [0, 1, 2, 3, 4].map((i) => join(folder, "a/b/c", `run-${i}`));
      await Promise.all(outs.map((out) => begin(out, { ...config, episodes: 1 })));
      for (const out of outs) expect((await readRun(out)).metrics).toHaveLength(1);
    }));

  it("holds the configuration, a line per episode, and the rule", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "a/b/run");
      const result = await begin(out);
      expect(await readRunConfig(out)).toEqual(config);
      expect(lines).toHaveLength(3);
      expect(lines[0]).toEqual({ episode: 1, loss: expect.any(Number), accuracy: expect.any(Number), seconds: 0 });
      const { rule, metrics } = await readRun(out);
      expect(rule).toEqual(result.rule);
      expect(metrics.map(({ episode }) => episode)).toEqual([1, 2, 3]);
      expect(result).toEqual(whole);
      await expectWhole(out); // resuming a finished run changes nothing
    }));

  it.each([
    ["a kill", () => {}],
    ["a power cut, which discards what was not synced,", faults.cutPower],
  ])("survives %s at every operation: only the meta-step under way is lost", async (_, cut) => {
    const measured = { workers: 1, diagnostics: 1 };
    const notesOf = (folder: string): Promise<string> => readFile(join(folder, "diagnostics.jsonl"), "utf8");
    let [operations, notes] = [0, ""];
    await inTemporary(async (folder) => {
      faults.reset();
      await train(small, config, { ...measured, out: folder });
      operations = faults.count;
      notes = await notesOf(folder);
    });
    expect(operations).toBeGreaterThan(40);
    for (let at = 1; at <= operations; at++) {
      await inTemporary(async (folder) => {
        const out = join(folder, "run");
        faults.reset(at);
        const done: number[] = [];
        const options = { ...measured, out, onEpisode: ({ episode }: { episode: number }) => done.push(episode) };
        // A kill while the lock is given back at the end is not seen here.
        await train(small, config, options).catch((error: Error) => expect(error.message).toBe("killed"));
        cut();
        faults.reset();
        await bury(out);
        if (existsSync(join(out, "config.json"))) {
          expect((await readRun(out)).metrics.length).toBeGreaterThanOrEqual(done.length);
        } else {
          expect(done).toEqual([]);
          expect(await train(small, config, { ...measured, out })).toEqual(whole);
        }
        await expectWhole(out, 1);
        expect(await notesOf(out)).toBe(notes);
      });
    }
  });

  it.each(["ENOSPC", "EROFS", "EFBIG", "EIO"])(
    "leaves nothing half-written after %s at any operation",
    async (code) => {
      for (let at = 1; at <= operations; at++) {
        await inTemporary(async (folder) => {
          const out = join(folder, "run");
          faults.reset(at, code);
          const error = await begin(out).catch((thrown: unknown) => thrown);
          faults.reset();
          await bury(out); // where the lock itself could not be removed
          if (!(error instanceof Error)) return expectWhole(out); // what failed was no more than tidying up
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toMatch(/^\[run\] \S+run: |^\[run\] (a run cannot be set up in )?\S+run/);
          if (!existsSync(out)) {
            expect(await readdir(folder)).toEqual([]);
            expect((error as Error).message).toMatch("Nothing was left there. Choose another `out`.");
            return;
          }
          const { metrics } = await readRun(out);
          expect((error as Error).message).toMatch(
            `It is whole up to episode ${metrics.length}: put that right, then continue with \`resume\` ${out}.`,
          );
          expect(await linesOf(out)).toEqual(lines.slice(0, metrics.length));
          expect((await readdir(out)).sort()).toEqual(["checkpoint.safetensors", "config.json", "metrics.jsonl"]);
          await expectWhole(out);
        });
      }
    },
  );

  it("repeats the system's message", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      faults.reset(5, "ENOSPC");
      await expect(begin(out)).rejects.toThrow(
        `[run] a run cannot be set up in ${out}: no space is left on the device. Nothing was left there.`,
      );
      await writeFile(join(folder, "file"), "");
      faults.reset();
      await expect(begin(join(folder, "file"))).rejects.toThrow("it is a file, not a folder");
      await expect(begin(join(folder, "file/run"))).rejects.toThrow("a part of the path is a file, not a folder");
      await expect(begin(join(folder, "new", "x".repeat(300)))).rejects.toThrow("the name is too long");
      expect(await readdir(folder)).toEqual(["file"]);
    }));

  it("does not remove an empty folder that was there before", () =>
    inTemporary(async (folder) => {
      faults.reset(3, "EACCES");
      await expect(begin(folder)).rejects.toThrow("permission is denied");
      faults.reset();
      expect(await readdir(folder)).toEqual([]);
      expect(await begin(folder)).toEqual(whole);
    }));

  it("never begins in a folder that is not empty", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await begin(out);
      await expect(begin(out)).rejects.toThrow(InputError);
      await expect(begin(out)).rejects.toThrow(
        `[run] ${out} holds a run. Continue it with \`resume\` ${out}, or choose another \`out\`.`,
      );
      await rm(join(out, "config.json")); // what is left has episodes in it, so it is not overwritten
      await expect(begin(out)).rejects.toThrow(`[run] ${out} is not empty and holds no run. Choose another \`out\`.`);
      const other = join(folder, "other");
      await mkdir(other);
      await writeFile(join(other, "notes.txt"), "mine");
      await expect(begin(other)).rejects.toThrow(InputError);
      expect(await readdir(other)).toEqual(["notes.txt"]);
    }));

  it("creates no folder if configuration or data are wrong", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await expect(begin(out, { ...config, learningRate: -1 })).rejects.toThrow('"learningRate" is -1');
      await expect(begin(out, { ...config, shots: 50 })).rejects.toThrow("Lower `shots` or `queries`");
      await expect(train(small, config, { out, workers: 0 })).rejects.toThrow(
        "`workers` is 0. Make it a whole number from 1 up.",
      );
      expect(await readdir(folder)).toEqual([]);
    }));
});

describe("resume", () => {
  it("drops episodes that no checkpoint includes, and an incomplete line", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await begin(out);
      const checkpoint = await readFile(join(out, "checkpoint.safetensors"));
      for (const tail of ['{"episode":4,"loss":1,"accuracy":0,"seconds":1}\n', '{"episode":4,"lo', "\0\0\0"]) {
        await writeFile(join(out, "metrics.jsonl"), tail, { flag: "a" });
        expect((await readRun(out)).metrics).toHaveLength(3);
        await expectWhole(out);
      }
      expect(await readFile(join(out, "checkpoint.safetensors"))).toEqual(checkpoint);
    }));

  it("can make a finished run longer, with the bits of one that was long from the start", () =>
    inTemporary(async (folder) => {
      const [short, long] = [join(folder, "short"), join(folder, "long")];
      await begin(short);
      await writeFile(join(short, "config.json"), JSON.stringify({ ...config, episodes: 5, checkpoint: "off" }));
      expect((await resumeIn(short)).ruleHash).toBe((await begin(long, { ...config, episodes: 5 })).ruleHash);
    }));

  it("refuses to continue after a smaller batch", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await begin(out, { ...config, metaBatch: 2 });
      await writeFile(join(out, "config.json"), JSON.stringify({ ...config, metaBatch: 2, episodes: 5 }));
      await expect(resumeIn(out)).rejects.toThrow("ended after 3 episodes with a smaller batch");
    }));

  it("refuses images other than those the run began with, wherever they are stored", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await begin(out);
      await expect(resumeIn(out, glyphs({ perClass: 5, seed: 1 }))).rejects.toThrow(
        "[run] glyphs are not the images that",
      );
      expect(await resumeIn(out, { ...small, name: "copy" })).toEqual(whole);
    }));

  it("notices that another process uses the same run", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      const meddle = (): Promise<void> => writeFile(join(out, "metrics.jsonl"), "x", { flag: "a" });
      const running = train(small, { ...config, episodes: 50 }, { out, workers: 1, onEpisode: meddle });
      await expect(running).rejects.toThrow("was changed from outside; another process may be running this run");
    }));

  const text = (content: string) => (file: string) => writeFile(file, content);
  const changed = (change: (json: Record<string, unknown>) => unknown) => async (file: string) =>
    writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, "utf8")))));
  it.each<[string, string, (file: string) => Promise<unknown>, RegExp]>([
    ["no config.json", "config.json", rm, /run is not a run: it has no config.json. Give the folder that a run wrote/],
    ["broken JSON", "config.json", text("{"), /config.json is not JSON. Put back the file that the run wrote/],
    [
      "a missing field",
      "config.json",
      changed(({ ways: _, ...rest }) => rest),
      /config.json: the field "ways" is missing/,
    ],
    ["a wrong field", "config.json", changed((json) => ({ ...json, seed: -1 })), /config.json: "seed" is -1/],
    [
      "another learning rate",
      "config.json",
      changed((json) => ({ ...json, learningRate: 1 })),
      /config.json is not the one/,
    ],
    ["no checkpoint", "checkpoint.safetensors", rm, /checkpoint.safetensors cannot be read: it does not exist/],
    [
      "an empty checkpoint",
      "checkpoint.safetensors",
      text(""),
      /\[safetensors\] \S+checkpoint.safetensors has 0 bytes/,
    ],
    ["no metrics", "metrics.jsonl", rm, /metrics.jsonl cannot be read: it does not exist/],
    [
      "lost lines",
      "metrics.jsonl",
      text('{"episode":1,"loss":1,"accuracy":0,"seconds":1}\n'),
      /line 2 is not that of episode 2/,
    ],
    ["a line of another kind", "metrics.jsonl", text('{"episode":1}\n{}\n{}\n'), /metrics.jsonl is damaged: line 1/],
  ])("names the file for %s", (_, name, damage, message) =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await begin(out);
      await damage(join(out, name));
      const error = await resumeIn(out).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(message);
    }),
  );

  it("names a folder that does not exist, and one that is a file", () =>
    inTemporary(async (folder) => {
      await writeFile(join(folder, "file"), "");
      await expect(resumeIn(join(folder, "nowhere"))).rejects.toThrow("is not a run: it has no config.json");
      await expect(resumeIn(join(folder, "file"))).rejects.toThrow("is not a run: it has no config.json");
      await expect(readRunConfig(folder)).rejects.toThrow(InputError);
    }));

  it("gives an InputError for any changed or missing byte of a checkpoint", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await begin(out);
      const file = join(out, "checkpoint.safetensors");
      const bytes = await readFile(file);
      const spaces = bytes.indexOf("}  ") + 1; // the header's filling may change: it says nothing
      const format = { unit: "episode", state: learnerCodec, rows: metricsLines, notes: diagnosisLines };
      /** One in so many is also read where it lies, which takes far longer. */
      const sampled = 16;
      for (let at = 0; at < bytes.length; at++) {
        if (bytes[at] === 0x20 && spaces > 0 && at >= spaces) continue;
        const damaged = Buffer.from(bytes);
        damaged[at] ^= 1 << (at % 8);
        expect(() => decodeCheckpoint(format, damaged, file)).toThrow(InputError);
        if (at % sampled !== 0) continue;
        await writeFile(file, damaged);
        await expect(readRun(out)).rejects.toThrow(InputError);
      }
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeCheckpoint(format, bytes.subarray(0, length), file)).toThrow(InputError);
        if (length % (7 * sampled) !== 0) continue;
        await writeFile(file, bytes.subarray(0, length));
        await expect(readRun(out)).rejects.toThrow(InputError);
      }
      await writeFile(file, bytes);
      await cp(out, `${out}-copy`, { recursive: true });
      await expectWhole(`${out}-copy`);
    }));
});
