import { describe, expect, it } from "vitest";
import { InputError, Key } from "../../src/index.js";
import { decideStep, type GuardState, globalNorm, newGuard } from "../../src/meta/guard.js";
import { newLearner } from "../../src/meta/learner.js";
import { tiny, tinySizes } from "./fixtures.js";

const { rule } = newLearner(tiny, tinySizes);
const gradient = (length: number): Float32Array[] => [Float32Array.of(0.6 * length, 0), Float32Array.of(-0.8 * length)];
/** The guard after gradients of these lengths. */
const guardAfter = (lengths: readonly number[], guard: GuardState = newGuard(rule)): GuardState =>
  lengths.reduce((state, length) => decideStep(10, state, rule, gradient(length), 1).guard, guard);
const repeat = (length: number, times: number): number[] => new Array(times).fill(length);

describe("the guard", () => {
  it("measures all leaves as one vector, even beyond the range of float32", () => {
    expect(globalNorm(gradient(5))).toBeCloseTo(5, 6);
    expect(globalNorm([Float32Array.of(3e38, 3e38)])).toBeCloseTo(Math.SQRT2 * 3e38, -32);
  });

  it("leaves gradients of ordinary length alone, to the bit", () => {
    const known = guardAfter(repeat(1, 100));
    for (const length of [0, 1e-9, 1, 9.99]) expect(decideStep(10, known, rule, gradient(length), 1).scale).toBe(1);
  });

  it("shortens gradients to the bound once it knows a hundred, and remembers the shortened length", () => {
    expect(decideStep(10, guardAfter(repeat(1, 99)), rule, gradient(50), 1).scale).toBe(1);
    const { scale, guard } = decideStep(10, guardAfter(repeat(1, 100)), rule, gradient(50), 1);
    expect(scale).toBeCloseTo(0.2, 6);
    expect(guard.norms).toHaveLength(100);
    expect(guard.norms[99]).toBeCloseTo(10, 5);
    expect(guard).toMatchObject({ halvings: 0, ordinary: 0 });
  });

  it("follows the median, which moves with a lasting change but not with outliers", () => {
    const outliers = guardAfter([...repeat(1, 60), ...repeat(9, 40)]);
    expect(decideStep(10, outliers, rule, gradient(11), 1).scale).toBeCloseTo(10 / 11, 6);
    expect(decideStep(10, guardAfter(repeat(9, 11), outliers), rule, gradient(11), 1).scale).toBe(1);
  });

  it("takes no step along an exploding gradient, halves the step size, and doubles it again after a hundred ordinary steps", () => {
    const known = guardAfter(repeat(1, 10));
    expect(decideStep(10, guardAfter(repeat(1, 9)), rule, gradient(1e9), 1).scale).toBe(1); // nothing to go by yet
    expect(decideStep(10, known, rule, gradient(999), 1).scale).toBe(1);
    const once = decideStep(10, known, rule, gradient(1001), 1);
    expect(once).toEqual({ scale: 0, guard: { ...known, halvings: 1, ordinary: 0 } });
    const twice = decideStep(10, guardAfter(repeat(1, 50), once.guard), rule, undefined, 1);
    expect(twice).toMatchObject({ scale: 0, guard: { halvings: 2, ordinary: 0 } });
    expect(guardAfter(repeat(1, 99), twice.guard)).toMatchObject({ halvings: 2, ordinary: 99 });
    expect(guardAfter(repeat(1, 100), twice.guard)).toMatchObject({ halvings: 1, ordinary: 0 });
    expect(guardAfter(repeat(1, 250), twice.guard)).toMatchObject({ halvings: 0, ordinary: 0 });
  });

  it("has no scale if most gradients are 0", () => {
    expect(decideStep(10, guardAfter(repeat(0, 100)), rule, gradient(1e9), 1).scale).toBe(1);
  });

  it("keeps a mean of the rules whose gradients were ordinary", () => {
    const other = newLearner(tiny, tinySizes).rule;
    other.P[0].data.fill(1);
    const { mean } = decideStep(10, newGuard(rule), other, gradient(1), 1).guard;
    expect(mean.P[0].data[1]).toBe(Math.fround(0.05));
    expect(decideStep(10, newGuard(rule), other, undefined, 1).guard.mean).toBe(rule);
  });

  describe("the guard against rising losses", () => {
    /** The guard after ordinary gradients with these losses, and what it multiplied each by. */
    const through = (losses: readonly number[], begin: GuardState = newGuard(rule)) => {
      const scales: number[] = [];
      const guard = losses.reduce((state, loss) => {
        const decision = decideStep(10, state, rule, gradient(1), loss);
        scales.push(decision.scale);
        return decision.guard;
      }, begin);
      return { scales, guard };
    };
    /** Losses from 0 to 1 in an order of their own. */
    const drawn = (count: number, seed = 0): number[] =>
      Array.from({ length: count }, (_, i) => Key.of(seed).integer(i, 1000) / 1000);

    it("rolls back after fifteen losses in a row above the upper quartile of earlier ones, and forgets them", () => {
      const before = drawn(100);
      const quartile = [...before].sort((a, b) => a - b)[74];
      const fallen = new Array(15).fill(quartile + 1e-3);
      const { scales, guard } = through([...before, ...fallen]);
      expect(scales).toEqual([...new Array(114).fill(1), 0]);
      expect(guard).toMatchObject({ halvings: 1, falls: 1, ordinary: 0 });
      expect(guard.losses).toEqual(Float32Array.from(before));
      const spared = fallen.with(Key.of(1).integer(0, 15), quartile);
      expect(through([...before, ...spared]).scales).not.toContain(0);
    });

    it("needs twenty earlier losses, and tells a collapse from a slow rise", () => {
      expect(through([...drawn(19), ...new Array(15).fill(9)]).scales).not.toContain(0);
      expect(through([...drawn(20), ...new Array(15).fill(9)]).scales.at(-1)).toBe(0);
      const rising = drawn(600).map((loss, i) => loss + i / 300);
      expect(through(rising).scales).not.toContain(0);
    });

    it("sees no collapse in losses of one distribution, or in losses that fall", () => {
      for (let seed = 0; seed < 20; seed++) {
        expect(through(drawn(300, seed)).scales).not.toContain(0);
        expect(through(drawn(300, seed).map((loss, i) => loss / (1 + i / 50))).scales).not.toContain(0);
      }
    });

    it("waits twice as many ordinary steps after each collapse before it doubles the step size", () => {
      const { guard } = through([...drawn(100), ...new Array(15).fill(9)]);
      expect(through(drawn(199, 1), guard).guard).toMatchObject({ halvings: 1, ordinary: 199 });
      expect(through(drawn(200, 1), guard).guard).toMatchObject({ halvings: 0, ordinary: 0 });
      const twice = through(new Array(15).fill(9), guard).guard;
      expect(twice).toMatchObject({ halvings: 2, falls: 2 });
      expect(through(drawn(399, 1), twice).guard).toMatchObject({ halvings: 2, ordinary: 399 });
      expect(through(drawn(400, 1), twice).guard).toMatchObject({ halvings: 1, ordinary: 0 });
    });

    it("leaves rules with unusual losses out of the mean", () => {
      const other = newLearner(tiny, tinySizes).rule;
      other.P[0].data.fill(1);
      const { guard } = through(drawn(40));
      expect(decideStep(10, guard, other, gradient(1), 2).guard.mean).toBe(guard.mean);
      expect(decideStep(10, guard, other, gradient(1), 0.1).guard.mean).not.toEqual(guard.mean);
    });
  });

  it("gives up after twenty halvings", () => {
    const worn = { ...newGuard(rule), halvings: 20 };
    expect(() => decideStep(10, worn, rule, undefined, 1)).toThrow(InputError);
    expect(() => decideStep(10, worn, rule, undefined, 1)).toThrow(
      "halved 20 times and is now almost zero. Lower `learningRate`",
    );
  });
});
