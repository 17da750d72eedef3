// Numbers of a run that were changed on the disk.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.js";
import { readRun, resume, train } from "../../src/meta/index.js";
import { inTemporary, small, tiny } from "./fixtures.js";

const config = { ...tiny, episodes: 2 };

/** Makes the checkpoint one of an earlier version, which held no checksum of the metrics. */
async function forgetChecksum(run: string): Promise<void> {
  const file = join(run, "checkpoint.safetensors");
  const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
  const { checksum: _, metrics, ...rest } = metadata;
  expect(metrics).toMatch(/^[\da-f]{64}$/);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([rest, Object.entries(tensors).map(([name, { shape }]) => [name, shape])]));
  for (const { data } of Object.values(tensors)) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  await writeFile(file, encodeSafetensors(tensors, { ...rest, checksum: hash.digest("hex") }));
}

/** What the lines say. */
const numbersOf = (text: string): string =>
  JSON.stringify(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
  );

/** Checks that whoever reads the run names the file, in an InputError. */
async function expectRefused(run: string, what: string): Promise<void> {
  for (const reader of [() => readRun(run), () => resume(small, { out: run, workers: 1 })]) {
    const error = await reader().catch((thrown: unknown) => thrown);
    expect(error, what).toBeInstanceOf(InputError);
    expect((error as Error).message, what).toMatch(/metrics\.jsonl is damaged/);
  }
}

describe("metrics that were changed on the disk are found", () => {
  it("at every digit except those of the seconds", () =>
    inTemporary(async (folder) => {
      const run = join(folder, "run");
      await train(small, config, { out: run, workers: 1 });
      const file = join(run, "metrics.jsonl");
      const text = await readFile(file, "utf8");
      let flipped = 0;
      for (const { index, 0: digit } of text.matchAll(/\d/g)) {
        const field = text.slice(0, index).match(/"(\w+)":[^"]*$/)?.[1];
        if (field === "seconds") continue;
        const changed = text.slice(0, index) + ((Number(digit) + 4) % 10) + text.slice(index + 1);
        if (numbersOf(changed) === numbersOf(text)) continue; // a last digit too many, which says nothing
        await writeFile(file, changed);
        await expectRefused(run, `${field} at ${index}`);
        flipped++;
      }
      expect(flipped).toBeGreaterThan(20);
      await writeFile(file, text);
      expect((await readRun(run)).metrics).toHaveLength(2);
    }));

  it("but not at digits of the seconds, which differ from run to run and decide nothing", () =>
    inTemporary(async (folder) => {
      const run = join(folder, "run");
      const { ruleHash } = await train(small, config, { out: run, workers: 1 });
      const file = join(run, "metrics.jsonl");
      const text = await readFile(file, "utf8");
      let changes = 0;
      for (const { index, 0: seconds } of text.matchAll(/(?<="seconds":)[\d.]+/g)) {
        for (let at = 0; at < seconds.length; at++) {
          if (seconds[at] === "." || at === 0) continue; // a zero in front would be no number of JSON
          const changed = seconds.slice(0, at) + ((Number(seconds[at]) + 4) % 10) + seconds.slice(at + 1);
          await writeFile(file, text.slice(0, index) + changed + text.slice(index + seconds.length));
          expect((await readRun(run)).metrics.map((each) => each.seconds)).toContain(Number(changed));
          expect((await resume(small, { out: run, workers: 1 })).ruleHash).toBe(ruleHash);
          changes++;
        }
      }
      expect(changes).toBeGreaterThan(4);
      for (const odd of ["-1", "1e400", '"a while"']) {
        await writeFile(file, text.replace(/"seconds":[\d.]+/, `"seconds":${odd}`));
        await expectRefused(run, odd);
      }
    }));

  it.each([
    ["an accuracy below 0", /"accuracy":[\d.]+/, '"accuracy":-5'],
    ["an accuracy above 1", /"accuracy":[\d.]+/, '"accuracy":1e300'],
    ["a loss beyond float32", /"loss":[\d.]+/, '"loss":1e300'],
  ])("if an earlier version stored no checksum: %s", (what, found, instead) =>
    inTemporary(async (folder) => {
      const run = join(folder, "run");
      await train(small, config, { out: run, workers: 1 });
      await forgetChecksum(run);
      expect((await readRun(run)).covered).toBe(false);
      const file = join(run, "metrics.jsonl");
      await writeFile(file, (await readFile(file, "utf8")).replace(found, instead));
      await expectRefused(run, what);
    }),
  );
});
