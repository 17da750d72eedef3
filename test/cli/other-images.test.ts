// Results are of the images that they were made of, whatever the folder is called.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine } from "./fixtures.js";

const cli = commandLine();

/** Forty images of 7 x 7 pixels in each of a folder's files. */
function put(folder: string, label: (image: number) => number): void {
  mkdirSync(folder, { recursive: true });
  const images = Buffer.alloc(16 + 40 * 49);
  images.set([0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 7, 0, 0, 0, 7]);
  for (let i = 16; i < images.length; i++) images[i] = (i * 37) & 255;
  const labels = Buffer.from([0, 0, 8, 1, 0, 0, 0, 40, ...Array.from({ length: 40 }, (_, i) => label(i))]);
  for (const part of ["train", "test"]) {
    writeFileSync(join(folder, `${part}-images-idx3-ubyte`), images);
    writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), labels);
  }
}

describe("other images under the same name", () => {
  it("are not those that bio has results for", async () => {
    put(join(cli.folder, "a/set"), (i) => i % 4);
    put(join(cli.folder, "b/set"), (i) => (i % 4 === 0 ? 0 : 3));
    const flags = "--mechanisms fuzzy --epochs 1 --seeds 1 --batch 8 --json --out kept".split(" ");
    const accuracy = async (data: string): Promise<number> => {
      const { code, stdout } = await cli.run("bio", ...flags, "--data", data);
      expect(code).toBe(0);
      return JSON.parse(stdout.trim().split("\n").at(-1)!).arms[0].accuracy.mean;
    };
    const first = await accuracy("a/set");
    expect(await accuracy("b/set")).not.toBe(first);
    expect(await accuracy("a/set")).toBe(first);
    const results = join(cli.folder, "kept/results");
    for (const name of readdirSync(results)) {
      const file = join(results, name);
      writeFileSync(file, readFileSync(file, "utf8").replace(/"accuracy":[\d.]+/, '"accuracy":2'));
    }
    expect(await cli.refusal(1, "bio", ...flags, "--data", "a/set")).toMatch("is damaged: its checksum is wrong");
  });

  it("are refused by evaluate and by a continued run, and not shown in a report", async () => {
    const set = join(cli.folder, "c/set");
    put(set, (i) => i % 4);
    const small = "--preset fa --hidden 8 --ways 2 --shots 1 --queries 1 --json".split(" ");
    expect((await cli.run("train", ...small, "--episodes", "2", "--data", "c/set", "--out", "run")).code).toBe(0);
    expect((await cli.run("evaluate", "run", "--tasks", "2", "--json")).code).toBe(0);
    renameSync(set, `${set}-before`);
    put(set, (i) => (i % 4 === 0 ? 0 : 3));
    expect(await cli.refusal(1, "evaluate", "run", "--tasks", "2")).toMatch(
      /the images in .*set are not those that run was trained/,
    );
    expect(await cli.refusal(1, "train", "--resume", "run")).toMatch("are not the images that run was trained on");
    expect((await cli.run("report", "run")).code).toBe(0);
    expect(readFileSync(join(cli.folder, "run/report.html"), "utf8")).toMatch(
      /set are not the ones that the runs were trained on/,
    );
  });
});
