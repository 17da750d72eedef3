// The golden cases that come with the package: how they are read, and how errors are measured.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { floatNames } from "../../../src/core/index.js";
import "../../../src/float64/index.js";
import { goldenFiles } from "../../../src/plasticity/golden/built-in.js";
import { checkCase, relativeError, TOLERANCES } from "../../../src/plasticity/golden/check-case.js";
import { type GoldenCase, hashed, readCase } from "../../../src/plasticity/golden/read-case.js";

/** The parsed JSON of a built-in case. */
// biome-ignore lint/suspicious/noExplicitAny: the tests damage it in every way
const golden = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../../../src/plasticity/golden/cases/${name}.json`, import.meta.url), "utf8"));

describe("golden cases", () => {
  it("are hashed as in make_golden.py, with exact integers", () => {
    for (const seed of [0, 7, 57, 2 ** 31 + 5]) {
      const expected = Array.from({ length: 300 }, (_, i) => {
        const first = (BigInt(i + 1) * 2654435761n + BigInt(seed) * 40503n) % 2n ** 32n;
        const second = (first * 747796405n + 2891336453n) % 2n ** 32n;
        return -1 + 2 * (Number(second ^ (second >> 16n)) / 2 ** 32);
      });
      expect([...hashed(300, seed, -1, 1)]).toEqual(expected);
    }
  });

  it("give the same result by value and by hash; small cases hash their inputs too", async () => {
    for (const name of ["rcn-shared", "linear-layer-symmetric", "momentum-tanh"]) {
      const json = golden(name);
      const byValue = await checkCase(readCase(name, name, json));
      expect(byValue).toMatchObject({ case: name, ok: true });
      for (const field of ["W0", "B", "x", "xQuery"]) delete json[field];
      expect(await checkCase(readCase(name, name, json))).toEqual(byValue);
    }
  });

  it("measure errors relative to the largest element, and never count NaN as small", () => {
    expect(relativeError([1, 9], [2, 10])).toBeCloseTo(0.1, 12);
    expect(relativeError([0.25, 0], [0, 0])).toBe(0.25);
    expect(relativeError([1, Number.NaN], [1, 1])).toBeNaN();
    expect(relativeError([1], [1, 1])).toBeNaN();
  });

  it.each(
    Object.keys(goldenFiles)
      .filter((name) => !name.startsWith("full-size"))
      .flatMap((name) => floatNames.map((dtype) => [name, dtype] as const)),
  )(
    "%s in %s passes with PyTorch's results, and fails if any of them is off by twice what is allowed",
    async (name, dtype) => {
      const golden = readCase(name, name, goldenFiles[name]);
      const most = TOLERANCES[dtype];
      const check = (changed: GoldenCase) => checkCase(changed, { dtype });
      const { ok, lossError, weightError, logitError, gradError } = await check(golden);
      expect(ok).toBe(true);
      expect(Object.keys(gradError)).toEqual(Object.keys(golden.grad));
      for (const error of [lossError, weightError, logitError, ...Object.values(gradError)]) {
        expect(error).toBeLessThan(dtype === "float32" ? 1e-4 : 1e-13);
      }
      /** The numbers with the largest of them moved by a share of itself. */
      const off = (values: Float64Array, by: number): Float64Array => {
        const sizes = values.map(Math.abs);
        const at = sizes.indexOf(Math.max(...sizes));
        return values.with(at, values[at] * (1 + by));
      };
      const loss = await check({ ...golden, loss: golden.loss * (1 + 2 * most.loss + lossError) });
      expect([loss.ok, loss.weightError, loss.logitError]).toEqual([false, weightError, logitError]);
      const logits = await check({ ...golden, logits: off(golden.logits, 3 * most.logits) });
      expect([logits.ok, logits.lossError]).toEqual([false, lossError]);
      const finalWeights = golden.finalWeights!.with(-1, off(golden.finalWeights!.at(-1)!, 3 * most.weights));
      const weights = await check({ ...golden, finalWeights });
      expect([weights.ok, weights.logitError]).toEqual([false, logitError]);
      for (const [part, list] of Object.entries(golden.grad)) {
        const moved = list.with(0, { ...list[0], values: off(Float64Array.from(list[0].values), 0.5) });
        const gradient = await check({ ...golden, grad: { ...golden.grad, [part]: moved } });
        expect([gradient.ok, gradient.lossError], part).toEqual([false, lossError]);
        expect(gradient.gradError[part as "P"]).toBeGreaterThan(most.gradients);
      }
    },
  );

  it("fail if the result is NaN", async () => {
    const json = golden("rcn-shared");
    json.x[0][0] = 1e300; // infinite in float32
    const result = await checkCase(readCase("nan", "nan", json));
    expect(result.ok).toBe(false);
    expect(result.lossError).toBeNaN();
  });
});
