// A disk that is full when the files of an evaluation are written.
import { existsSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { canMount, onDisk } from "../meta/disk.js";
import { commandLine, TINY } from "./fixtures.js";

const { folder, run } = commandLine();
const CONTINUAL = [...TINY, "--task", "continual", "--parts", "2", "--ways", "4", "--shots", "2", "--queries", "2"];
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
      const evaluate = ["evaluate", out, "--tasks", "40", "--workers", "1"];
      expect(await run(...evaluate)).toMatchObject({ code: 0, stderr: "" });
      const written = (): string[] => FILES.map((name) => readFileSync(join(out, name), "utf8"));
      const before = written();
      const named = new Set<string>();
      const filler = join(disk, "filler");
      let bytes = 4096;
      for (; !named.has("none"); bytes += 4096) {
        expect(bytes).toBeLessThan(2 ** 18);
        leave(filler, bytes);
        const { code, stderr } = await run(...evaluate);
        truncateSync(filler, 0);
        const name = FILES.find((each) => stderr.includes(each)) ?? (stderr === "" ? "none" : "results");
        named.add(name);
        expect(code).toBe(name === "none" ? 0 : 1);
        if (name !== "none") {
          expect(stderr).toMatch(
            /^synaptape: \S+ cannot be written: no space is left on the device\. Put that right and run/,
          );
        }
        // The old files are whole, and so are the new ones: they are the same.
        expect(written()).toEqual(before);
      }
      expect([...named]).toEqual(expect.arrayContaining([...FILES, "none"]));
      for (const name of FILES) rmSync(join(out, name));
      leave(filler, 4096);
      expect(await run(...evaluate)).toMatchObject({ code: 1 });
      expect(FILES.filter((name) => existsSync(join(out, name)))).toEqual([]);
      rmSync(filler);
      expect(await run(...evaluate)).toMatchObject({ code: 0, stderr: "" });
      expect(written()).toEqual(before);
    });
  },
  120_000,
);
