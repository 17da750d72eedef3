// "Copy as code": the program, run by Node with the built package, ends with the hash of the life it was copied from.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keptRules } from "../../src/meta/index.js";
import { keptSetup } from "../../src/play/kept.js";
import { learnedSetup } from "../../src/play/learned.js";
import { Life } from "../../src/play/life.js";
import { programOf } from "../../src/play/program.js";
import type { Setup } from "../../src/play/setup.js";
import { small } from "./setups.js";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
let folder: string;

// The package as a program finds it, of its four entries that programs import.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "synaptape-program-"));
  const home = join(folder, "node_modules", "synaptape");
  await build({
    ...{
      absWorkingDir: root,
      entryPoints: ["index", "data/index", "meta/index", "plasticity/index"].map((name) => `src/${name}.ts`),
    },
    ...{
      outdir: home,
      outbase: "src",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      logLevel: "error",
    },
  });
  const entries = ["data", "meta", "plasticity"].map((name) => [`./${name}`, `./${name}/index.js`]);
  const exports = { ".": "./index.js", ...Object.fromEntries(entries) };
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "synaptape", type: "module", exports }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a copied program", () => {
  const biased: Setup = (() => {
    const base = small("rcn-layer");
    const setup = { ...base, plasticity: { ...base.plasticity, bias: "neuron" } as const };
    const b = [12, 8, 4].map((n) => ({
      shape: [2, n, 1],
      data: Float32Array.from({ length: 2 * n }, (_, i) => -i / 700),
    }));
    const own = setup.rule.P;
    return { ...setup, rule: { ...setup.rule, P: own, b } };
  })();
  it.each([
    ["learned rcn, to its end", learnedSetup("rcn"), 0],
    ["all kinds of characters", small("rcn-momentum"), 13],
    ["biases and a rule for each layer", biased, 20],
    ["plastic feedback", small("kolen-pollack"), 20],
    ["a motif with a name", small("mirror"), 5],
    ...keptRules.map(({ name }) => [name, { ...keptSetup(small(), name), shots: 5 }, 13] as const),
  ] as const)("ends with the life's hash: %s", async (name, setup, at) => {
    const life = new Life(setup);
    life.seek(at === 0 ? life.steps : at);
    const file = join(folder, `${name.replace(/\W/g, "-")}.mjs`);
    writeFileSync(file, programOf(setup, at, "0.0.0"));
    const { stdout } = await run(process.execPath, [file]);
    expect(stdout).toBe(`test images known: ${known(life)}\n${await life.hash()}\n`);
    life.end();
  });
});

/** The share of test images that a life knows, in double precision. */
function known(life: Life): number {
  const queries = 10 * life.setup.characters.length;
  return Math.round(life.accuracies[life.at] * queries) / queries;
}
