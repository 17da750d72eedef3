// A disk that is full when the files of an evaluation are written.
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { canMount, onDisk } from "../meta/disk.js";
import { commandLine } from "./fixtures.js";

const { folder, run } = commandLine();
const CONTINUAL = [..."--hidden 12 --shots 1 --queries 2 --ways 2 --task continual".split(" ")];
const PAGE = 4096;
const FILES = ["evaluation.jsonl", "retention.svg"] as const;

/** Takes all room of the disk that holds `filler` but so many bytes. */
function leave(filler: string, bytes: number): void {
  writeFileSync(filler, "");
  const { bavail, bsize } = statfsSync(filler);
  const taken = bavail * bsize - bytes;
  writeFileSync(filler, Buffer.alloc(taken, 1));
}

it.runIf(canMount)(
  "names the file that does not fit, leaves the ones before, and loses no result",
  async () => {
    await onDisk("2m", async (disk) => {
      const out = join(disk, "run");
      const data = join(folder, "small");
      const train = ["train", ...CONTINUAL, "--data", data, "--episodes", "2", "--out", out, "--json"];
      expect(await run(...train)).toMatchObject({ code: 0, stderr: "" });
      const evaluate = ["evaluate", out, "--tasks", "10", "--workers", "1"];
      expect(await run(...evaluate)).toMatchObject({ code: 0, stderr: "" });
      const written = (): (string | undefined)[] =>
        FILES.map((name) => (existsSync(join(out, name)) ? readFileSync(join(out, name), "utf8") : undefined));
      const named = new Set<string | undefined>();
      const [lines, drawing] = written();
      const filler = join(disk, "filler");
      /** Evaluates again, with so much room on the disk; the file that did not fit. */
      const evaluateIn = async (bytes: number): Promise<string | undefined> => {
        leave(filler, bytes);
        const { code, stderr } = await run(...evaluate);
        rmSync(filler);
        expect(code).toBe(stderr === "" ? 0 : 1);
        const cure = "cannot be written: no space is left on the device. Put that right and run the same command again";
        if (stderr !== "") expect(stderr).toContain(cure);
        return FILES.find((name) => stderr.includes(name));
      };
      // The old files stay as they are.
      expect(await evaluateIn(PAGE)).toBe(FILES[0]);
      expect(written()).toEqual([lines, drawing]);
      // Where one file fits and the next one does not, the first is whole.
      for (let pages = 1; ; pages++) {
        for (const name of FILES) rmSync(join(out, name), { force: true });
        const name = await evaluateIn(pages * PAGE);
        const fitting = name === undefined ? 2 : FILES.indexOf(name as never);
        named.add(name);
        expect(written()).toEqual([lines, drawing].map((text, i) => (i < fitting ? text : undefined)));
        if (name === undefined) break;
      }
      expect([...named]).toEqual([...FILES, undefined]);
    });
  },
  120_000,
);
