import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { mechanisms } from "../../src/bio/index.js";
import { idx } from "../data/fixtures.js";
import { commandLine, objects } from "./fixtures.js";

const { folder, refusal, run } = commandLine();

/** Three classes of 6 x 6 pixels, each with ink of its own: 60 images to train on, 30 to test with. */
beforeAll(() => {
  mkdirSync(join(folder, "stripes"));
  for (const [name, count] of [
    ["train", 60],
    ["t10k", 30],
  ] as const) {
    const labels = Array.from({ length: count }, (_, i) => i % 3);
    const pixels = labels.flatMap((label, i) =>
      Array.from({ length: 36 }, (_, p) => (p % 3 === label ? 150 + ((i * 37 + p * 11) % 100) : (i * 13 + p * 7) % 90)),
    );
    writeFileSync(join(folder, `stripes/${name}-images-idx3-ubyte`), idx([count, 6, 6], pixels));
    writeFileSync(join(folder, `stripes/${name}-labels-idx1-ubyte`), idx([count], labels));
  }
});

const SMALL = ["bio", "--data", "stripes", "--batch", "10", "--epochs", "16"];

describe("bio", () => {
  it("trains with no mechanism, each and all, and reports accuracy, rates and signs", async () => {
    const { code, stdout, stderr } = await run(
      ...SMALL,
      "--mechanisms",
      "all",
      "--seeds",
      "1",
      "--json",
      "--out",
      "all",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [last, ...runs] = objects(stdout).reverse();
    expect(runs.length).toBe(mechanisms.length + 2);
    const arms = last.arms as Record<string, { mean: number } & number>[];
    expect(arms.map(({ arm }) => arm)).toEqual(["none", ...mechanisms, "all"]);
    expect(last).toMatchObject({ done: true, network: "mlp", optimizer: "adam", data: "stripes/train" });
    for (const { arm, accuracy, violations, frozen, spread } of arms) {
      const all = String(arm) === "all";
      expect(accuracy.mean, String(arm)).toBeGreaterThan(0.9);
      expect(violations).toBe(all || String(arm) === "dale" ? 0 : null);
      if (all || String(arm) === "crystallize") expect(frozen).toBeGreaterThanOrEqual(0);
      else expect(frozen).toBeNull();
      if (String(arm) === "none") expect(spread.mean).toBe(0);
      // Uniform on 1 ± 0.16, through Adam.
      if (String(arm) === "fuzzy") expect(spread.mean).toBeCloseTo(0.16 / Math.sqrt(3), 2);
    }
    const svg = readFileSync(join(folder, "all/ablation.svg"), "utf8");
    expect(svg).toMatch(/^<svg /);
    for (const name of ["none", ...mechanisms, "all"]) expect(svg).toContain(`>${name}<`);
  });

  it("reports the same, in the same order, for any number of workers", async () => {
    const flags = [...SMALL, "--epochs", "2", "--mechanisms", "fuzzy,dale", "--seeds", "2", "--json"];
    const [one, three] = await Promise.all([run(...flags, "--workers", "1"), run(...flags, "--workers", "3")]);
    const told = ({ stdout }: { stdout: string }) => objects(stdout).map((line) => ({ ...line, seconds: 0 }));
    expect(told(one).length).toBeGreaterThan(6);
    expect(told(three)).toEqual(told(one));
  });

  it("skips finished runs, but not those with other settings or other images", async () => {
    const flags = [...SMALL, "--mechanisms", "dale", "--optimizer", "sgd", "--out", "kept"];
    const first = objects((await run(...flags, "--seeds", "1", "--json")).stdout);
    const again = objects((await run(...flags, "--seeds", "2", "--json")).stdout);
    expect(again.map(({ seed }) => seed)).toEqual([1, 1, undefined]);
    expect(objects((await run(...flags, "--seeds", "1", "--json")).stdout)).toEqual([first.at(-1)]);
    expect(objects((await run(...flags, "--seeds", "1", "--json", "--epochs", "1")).stdout).length).toBe(3);
    // The same name, other images.
    mkdirSync(join(folder, "other"));
    cpSync(join(folder, "stripes"), join(folder, "other/stripes"), { recursive: true });
    const file = join(folder, "other/stripes/train-images-idx3-ubyte");
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(file, bytes);
    const others = [...flags];
    others[others.indexOf("stripes")] = "other/stripes";
    expect(objects((await run(...others, "--seeds", "1", "--json")).stdout).length).toBe(3);
    const results = readdirSync(join(folder, "kept/results"));
    expect(results.length).toBe(2 * 2 + 2 + 2);
    for (const name of results) {
      const damaged = join(folder, "kept/results", name);
      writeFileSync(damaged, readFileSync(damaged, "utf8").replace(/"accuracy":\d/, '"accuracy":9'));
    }
    expect(await refusal(1, ...flags, "--seeds", "2")).toMatch(
      /results\/[0-9a-f]{64}\.json is damaged: its checksum is wrong/,
    );
  });

  it("shows that the published fuzzy rates have no effect under Adam, and prints a table", async () => {
    const { code, stdout } = await run(...SMALL, "--mechanisms", "fuzzy", "--seeds", "1", "--reference");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^What each mechanism does: stripes\/train, mlp, adam, 16 epochs, 1 seeds?, published formulas\.$/m,
    );
    const [, spread] = /^fuzzy .* ([\d.]+)$/m.exec(stdout)!;
    expect(Number(spread)).toBeLessThan(0.01); // 0.092 is what the rates have
  });

  it("trains a convolutional network too, and with mechanisms together only", async () => {
    expect(existsSync(join(folder, "stripes"))).toBe(true);
    const { code, stdout } = await run(
      ...SMALL.slice(0, 5),
      "--epochs",
      "1",
      "--mechanisms",
      "dale,fuzzy",
      "--together",
      "--seeds",
      "1",
      "--network",
      "conv",
      "--json",
    );
    expect(code).toBe(0);
    const lines = objects(stdout);
    expect(lines.map(({ arm }) => arm)).toEqual(["none", "fuzzy+dale", undefined]);
    expect(lines.at(-1)).toMatchObject({ done: true, network: "conv" });
  });

  it("refuses mechanisms that do not exist and data that are missing", async () => {
    expect(await refusal(2, "bio", "--mechanisms", "dale,sleep")).toMatch(
      /^--mechanisms is "dale,sleep"\. Pass all, or different names out of split, scaleGrad, /,
    );
    expect(await refusal(2, "bio", "--epochs", "0")).toMatch(/^--epochs is "0"\. Pass a whole number from 1/);
    expect(await refusal(1, "bio", "--data", "nowhere")).toMatch(/nowhere does not exist/);
    expect(await refusal(1, "bio", "--data", "small")).toMatch(/small has no set that begins with "test"/);
  });
});
