// Folders of runs know no rule: a walk of a few numbers is kept in one and resumed to the same bits and bytes.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import type { RunFormat } from "../../src/runs/internal.js";
import { RunFolder, readFolder } from "../../src/runs/node.js";
import { inTemporary } from "../meta/fixtures.js";

interface Row {
  readonly stride: number;
  readonly sum: number;
}

const format: RunFormat<{ start: number }, Float32Array, Row> = {
  unit: "stride",
  config: { parse: (value) => value as { start: number }, hash: ({ start }) => `from ${start}`, free: "nothing" },
  state: {
    encode: (data) => ({ place: { shape: [data.length], data } }),
    decode: ({ place }) => (place?.data instanceof Float32Array ? place.data : undefined),
  },
  rows: {
    file: "strides.jsonl",
    checksum: "rows",
    encode: (row) => JSON.stringify(row),
    decode(line) {
      const row: Row = JSON.parse(line);
      return Number.isFinite(row.sum) ? row : undefined;
    },
    stepOf: ({ stride }) => stride,
  },
};

const begin = { config: { start: 3 }, state: Float32Array.of(3, 0.1), marks: { config: "from 3" } };
const anything = (): void => {};

/** Walks on to this stride, one at a time, and gives the state there. */
async function walk(run: RunFolder<{ start: number }, Float32Array, Row>, from: Float32Array, to: number) {
  let state = from;
  while (run.done < to) {
    state = state.map((x) => Math.fround(x * 1.7) - 1);
    await run.record([{ stride: run.done + 1, sum: state[0] + state[1] }], state);
  }
  await run.close();
  return state;
}

describe("a folder of any run", () => {
  it("refuses names that would replace each other in the checkpoint, before anything is lost", () =>
    inTemporary(async (folder) => {
      const named = async (name: string, checksum: string, marks: Record<string, string>): Promise<void> => {
        const rows = { ...format.rows, checksum };
        const run = await RunFolder.create({ ...format, rows }, join(folder, name), { ...begin, marks });
        await run.close();
      };
      await expect(named("a", "strides", begin.marks)).rejects.toThrow('two things called "strides"');
      await expect(named("b", "rows", { format: "x" })).rejects.toThrow('two things called "format"');
      await expect(named("c", "rows", { checksum: "x" })).rejects.toThrow('two things called "checksum"');
      await expect(named("d", "rows", { rows: "x" })).rejects.toThrow('two things called "rows"');
      await named("e", "rows", begin.marks);
    }));

  it("resumes after any step to the bits and bytes of a run that never stopped", () =>
    inTemporary(async (folder) => {
      const whole = join(folder, "whole");
      const end = await walk(await RunFolder.create(format, whole, begin), begin.state, 5);
      for (let stop = 0; stop <= 5; stop++) {
        const out = join(folder, `part-${stop}`);
        await walk(await RunFolder.create(format, out, begin), begin.state, stop);
        await writeFile(join(out, "strides.jsonl"), '{"stride":', { flag: "a" }); // torn by a kill
        const { run, state, rows } = await RunFolder.reopen(format, out, anything);
        expect(rows).toHaveLength(stop);
        expect(await walk(run, state, 5)).toEqual(end);
        expect((await readdir(out)).sort()).toEqual((await readdir(whole)).sort());
        for (const name of await readdir(whole)) {
          expect(await readFile(join(out, name)), name).toEqual(await readFile(join(whole, name)));
        }
      }
    }));

  it("reports a digit that changed in its rows", () =>
    inTemporary(async (folder) => {
      const out = join(folder, "run");
      await walk(await RunFolder.create(format, out, begin), begin.state, 2);
      const text = await readFile(join(out, "strides.jsonl"), "utf8");
      await writeFile(join(out, "strides.jsonl"), text.replace(/"sum":(-?)\d/, '"sum":$19'));
      await expect(readFolder(format, out)).rejects.toThrow(InputError);
      await expect(readFolder(format, out)).rejects.toThrow("strides.jsonl is damaged: its checksum is not the one");
    }));
});
