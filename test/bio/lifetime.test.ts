// Dale's principle through fifty differentiated steps of plasticity.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daleLifetime, daleViolations } from "../../src/bio/index.js";
import { Key, random, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import {
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  lossOf,
  presets,
  type Rule,
} from "../../src/plasticity/index.js";
import { checkGrads, equalBits } from "../../src/testing/index.js";

const SIZES = [6, 7, 5, 3];
const STEPS = 50;

/** A lifetime under Dale's principle, by a rule that moves weights far. */
function lawfulLife(preset: "bio" | "rcn" | "rcn-momentum", seed: number) {
  const { config } = presets[preset];
  const [keyStart, keySigns, keyImages, keyLabels, keyRule] = Key.of(seed).split(5);
  const start = initialStart(keyStart, SIZES);
  // Small weights, so that every rule soon wants some on the other side of zero.
  const small = start.weights.map((w) => w.mul(0.05));
  const { weights, signs, constrain } = daleLifetime(keySigns, small, { excitatory: 0.6 });
  const images = random.uniform(keyImages, [STEPS, SIZES[0]]);
  const labels = tensor(
    Int32Array.from({ length: STEPS }, (_, i) => keyLabels.integer(i, 3)),
    { dtype: "int32" },
  );
  const first = initialRule(config, SIZES);
  const rule: Rule = {
    ...first,
    P: first.P.map((p, i) => p.add(random.normal(keyRule.fold(i), p.shape, { std: 0.01 }))),
  };
  const live = (rule: Rule, every?: number, watch?: (weight: Tensor, layer: number) => void): Tensor[] =>
    lifetime(
      config,
      rule,
      { ...start, weights },
      { images, labels },
      {
        ...(every !== undefined && { checkpoint: { every } }),
        constrain: (weight, layer) => {
          const lawful = constrain(weight, layer);
          watch?.(lawful, layer);
          return lawful;
        },
      },
    );
  const loss = (rule: Rule, every?: number): Tensor => lossOf(logitsOf(live(rule, every), images, config.beta), labels);
  return { rule, live, loss, signs };
}

describe("a lifetime under Dale's principle", () => {
  it.each(["bio", "rcn", "rcn-momentum"] as const)(
    "of %s obeys it after each of fifty steps and is differentiated through them",
    (preset) => {
      let held = 0;
      fc.assert(
        fc.property(fc.nat(10_000), (seed) => {
          scope(() => {
            const { rule, live, loss, signs } = lawfulLife(preset, seed);
            let looks = 0;
            live(rule, undefined, (weight, layer) => {
              const own = signs[layer];
              looks++;
              expect(own === undefined).toBe(layer === 0);
              if (!own) return;
              expect(daleViolations(weight, own)).toBe(0);
              held += Array.from(weight.data()).filter((w) => w === 0).length;
            });
            expect(looks).toBe((STEPS + 1) * (SIZES.length - 1));
            const { grad } = valueAndGrad((r: Rule) => loss(r))(rule);
            const slopes = grad.P.flatMap((p) => Array.from(p.data()));
            expect(slopes.every(Number.isFinite)).toBe(true);
            expect(slopes.some((slope) => slope !== 0)).toBe(true);
            const again = valueAndGrad((r: Rule) => loss(r, 7))(rule).grad;
            expect(grad.P.every((p, i) => equalBits(p, again.P[i]))).toBe(true);
          });
        }),
        { numRuns: 4 },
      );
      expect(held).toBeGreaterThan(0); // the constraint had something to do
    },
  );

  it("has the right gradient", () => {
    const { rule, loss } = lawfulLife("bio", 3);
    const times = (s: Tensor): Tensor => loss({ ...rule, P: rule.P.map((p) => p.mul(s)) });
    expect(() => scope(() => checkGrads(times, tensor(1), { step: 2 ** -8, tolerance: 1e-2 }))).not.toThrow();
  });
});
