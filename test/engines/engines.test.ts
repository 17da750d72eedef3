// One set of bits on every engine: fingerprint.mjs, run over the built package, gives the hashes of hashes.json in Node,
// Bun (JavaScriptCore), Deno, Chromium and Firefox. Where a change is meant to change numbers: `npm run engines -- --update`.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import * as synaptape from "../../src/index.js";
import { defaultTrainConfig, train } from "../../src/meta/index.js";
import { opTable } from "../../src/ops/internal.js";
import { differences, engines, golden } from "./engines.js";

const ci = process.env.CI === "true";

beforeAll(() => {
  const built = resolve(import.meta.dirname, "../../dist/index.js");
  if (!existsSync(built)) throw new Error("dist is missing: run `npm run build` first");
});

describe("the same bits", () => {
  // An engine that is not here fails on CI and is skipped elsewhere, with the command that installs it in the name.
  for (const { name, missing, run } of engines) {
    it.skipIf(missing && !ci)(missing ? `in ${name} (${missing})` : `in ${name}`, async () => {
      if (missing) throw new Error(`${name} is missing: ${missing}`);
      const { version, hashes } = await run();
      expect(version).toContain(name);
      expect(differences(hashes, golden())).toEqual([]);
    });
  }
});

describe("the golden hashes", () => {
  it("belong to what they name, and no two are equal", () => {
    const hashes = Object.values(golden());
    expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("cover every public op that maps one tensor, or two of one shape, to one of that shape", () => {
    const shape = [2, 3];
    const elementwise = opTable.filter(({ name, shapes, domain }) => {
      if (!(name in synaptape)) return false;
      const sample = domain[0];
      if (!sample || sample.inputs.length > 2 || sample.attributes !== undefined) return false;
      try {
        const [result, ...more] = shapes(sample.inputs.map(() => ({ shape })) as never, sample.attributes as never);
        return more.length === 0 && String(result) === String(shape);
      } catch {
        return false;
      }
    });
    const names = elementwise.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(15);
    const swept = Object.keys(golden()).map((name) => name.replace(/^\w+: /, ""));
    const forgotten = names.filter((name) => !swept.includes(name));
    expect(forgotten, "add them to fingerprint.mjs, then `npm run engines -- --update`").toEqual([]);
  });

  it("include the rule that synaptape/meta learns in these five episodes", async () => {
    const { training } = await import(join(import.meta.dirname, "training.mjs"));
    const folder = mkdtempSync(join(tmpdir(), "synaptape-engines-"));
    try {
      const config = { ...defaultTrainConfig(training.preset), ...training };
      const { ruleHash } = await train(glyphs(), config, { out: join(folder, "run"), workers: 1 });
      expect(ruleHash).toBe(golden()["training: 5 episodes"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
