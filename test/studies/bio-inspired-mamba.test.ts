// The study's task, its ways to assign credit, and that a term of STDP of no size changes nothing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { Key } from "../../src/core/index.js";
import { compareCredit } from "../../src/credit/index.js";
import { matmul, random, tensor } from "../../src/ops/index.js";
import {
  cellOf,
  credits,
  firstWeights,
  sequence,
  trainCell,
  updateOf,
} from "../../src/studies/bio-inspired-mamba/training.js";

const context = { progress: () => {}, signal: new AbortController().signal } as never;

describe("a sequence", () => {
  it("marks one symbol in its first two thirds, and asks for it in the last step alone", () => {
    const symbols = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      const { shown, symbol } = sequence(Key.of(seed), 30);
      const steps = shown.toArray() as number[][];
      const marked = steps.findIndex((step) => step[4] === 1);
      expect(steps.filter((step) => step[4] === 1).length).toBe(1);
      expect(marked).toBeLessThan(20);
      expect(steps[marked].indexOf(1)).toBe(symbol);
      expect(steps[29]).toEqual([0, 0, 0, 0, 0, 1]);
      expect(
        steps.slice(0, 29).every((step) => step[5] === 0 && step.slice(0, 4).filter((x) => x === 1).length === 1),
      ).toBe(true);
      symbols.add(symbol);
    }
    expect(symbols).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe("credit of a sequence", () => {
  const { input, learned } = firstWeights(Key.of(1));
  const inputs = matmul(sequence(Key.of(2), 12).shown, input);
  const target = tensor([[0, 1, 0, 0]]);
  const [bptt, rtrl, truncated] = [credits.bptt, credits.rtrl, credits.truncated].map((of) =>
    of(cellOf(), learned, inputs, target),
  );

  it("in real time is that through time, the output weights included", () => {
    expect(compareCredit(rtrl.credit, bptt.credit).relativeError).toBeLessThan(1e-5);
    expect(rtrl.answered.sub(bptt.answered).abs().max().item()).toBeLessThan(1e-6);
  });

  it("without traces is another one", () => {
    expect(compareCredit(truncated.credit, bptt.credit).relativeError).toBeGreaterThan(0.01);
  });
});

describe("D4: with eta_s = 0, bio-inspired mamba's update", () => {
  const cell = cellOf("float64");
  const normal = (key: Key, shape: number[]) => random.normal(key, shape, { dtype: "float64" });
  /** A case: a drawn network, a sequence, and the update of the network by it for several sizes of the term. */
  const drawn = (seed: number, length: number) => {
    const [ofInput, ofCell, ofOutput, ofSequence] = Key.of(seed).split(4);
    const input = normal(ofInput, [6, 8]);
    const learned = { cell: cell.init(ofCell), output: normal(ofOutput, [8, 4]) };
    const { shown, symbol } = sequence(ofSequence, length);
    const target = tensor([[0, 1, 2, 3].map((k) => (k === symbol ? 1 : 0))], { dtype: "float64" });
    const args = [learned, input, shown.cast("float64"), target] as const;
    const update = (stdp: number) => updateOf(cell, { by: "rtrl", stdp })(...args);
    return { input, update, pure: credits.rtrl(cell, learned, matmul(args[2], input), target), args };
  };
  const cases = fc.record({ seed: fc.integer({ min: 0, max: 2 ** 31 }), length: fc.integer({ min: 2, max: 24 }) });

  it("is that of real-time recurrent learning, to the bit, and so the gradient to 1e-9", () => {
    fc.assert(
      fc.property(cases, ({ seed, length }) => {
        const { input, update, pure, args } = drawn(seed, length);
        const { credit, input: after } = update(0);
        expect(compareCredit(credit, pure.credit).largestError).toBe(0);
        expect(after.sub(input).abs().max().item()).toBe(0);
        const { credit: gradient } = updateOf(cell, { by: "bptt", stdp: 0 })(...args);
        expect(compareCredit(credit, gradient).relativeError).toBeLessThan(1e-9);
      }),
      { numRuns: 100 },
    );
  });

  it("differs from it for other sizes by a term in proportion to them, in the input weights alone", () => {
    let moved = 0;
    fc.assert(
      fc.property(cases, ({ seed, length }) => {
        const { input, update, pure } = drawn(seed, length);
        const [one, two] = [update(1e-3), update(2e-3)];
        expect(compareCredit(one.credit, pure.credit).largestError).toBe(0);
        const [by, twice] = [one.input.sub(input), two.input.sub(input)];
        expect(twice.sub(by.mul(2)).abs().max().item()).toBeLessThan(1e-15);
        if (by.abs().max().item() > 1e-4) moved++;
      }),
      { numRuns: 40 },
    );
    expect(moved).toBeGreaterThan(20);
  });
});

it("a term of STDP of no size leaves learning as it is, to the bit", async () => {
  const run = (stdp: number) =>
    trainCell({ kind: "test", config: { by: "rtrl", stdp, sequences: 100, length: 8 }, seed: 3 }, context);
  const [none, nothing, some] = [await run(0), await run(1e-300), await run(1e-2)];
  expect(nothing).toEqual(none);
  expect(some.moved).toBeGreaterThan(0);
});
