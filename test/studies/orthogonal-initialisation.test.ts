// The tasks of the study: what is asked follows from what is shown, where it should be.
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { tasks } from "../../src/studies/orthogonal-initialisation/tasks.js";

const [LENGTH, COUNT] = [40, 200];
type Steps = number[][][];

describe("tasks", () => {
  it("of temporal order show two bits, early and in the middle, and ask for both", () => {
    const { inputs, targets } = tasks.temporal.draw(Key.of(1), COUNT, LENGTH);
    const x = inputs.toArray() as Steps;
    const labels = targets.toArray() as number[];
    for (let item = 0; item < COUNT; item++) {
      const symbols = x.map((step) => step[item].indexOf(1));
      expect(x.every((step) => step[item].filter((each) => each !== 0).length === 1)).toBe(true);
      const bits = [...symbols.entries()].filter(([, symbol]) => symbol < 2);
      expect(bits.length).toBe(2);
      const [[first, one], [second, other]] = bits;
      expect([first >= 4 && first < 8, second >= 20 && second < 24]).toEqual([true, true]);
      expect(labels[item]).toBe(2 * one + other);
    }
    expect(new Set(labels)).toEqual(new Set([0, 1, 2, 3]));
  });

  it("of addition mark two numbers and ask for their mean", () => {
    const { inputs, targets } = tasks.addition.draw(Key.of(2), COUNT, LENGTH);
    const x = inputs.toArray() as Steps;
    const wanted = targets.toArray() as number[][];
    for (let item = 0; item < COUNT; item++) {
      const marked = [...x.entries()].filter(([, step]) => step[item][1] === 1);
      expect(marked.map(([step]) => step < 4)).toEqual([true, false]);
      expect(marked[1][0]).toBeLessThan(20);
      expect(wanted[item][0]).toBeCloseTo((marked[0][1][item][0] + marked[1][1][item][0]) / 2, 6);
    }
    const { error } = tasks.addition;
    expect(error(targets, targets)).toBe(0);
    expect(error(targets.add(0.21), targets)).toBe(100);
    expect(error(targets.add(0.19), targets)).toBe(0);
  });

  it("of permutation show one of two symbols first and never again, and ask for it", () => {
    const { inputs, targets } = tasks.permutation.draw(Key.of(3), COUNT, LENGTH);
    const x = inputs.toArray() as Steps;
    const labels = targets.toArray() as number[];
    for (let item = 0; item < COUNT; item++) {
      const symbols = x.map((step) => step[item].indexOf(1));
      expect(symbols[0]).toBe(labels[item]);
      expect(symbols.slice(1).every((symbol) => symbol >= 2)).toBe(true);
    }
    expect(new Set(labels)).toEqual(new Set([0, 1]));
  });
});
