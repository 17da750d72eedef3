// The study's task, its ways to assign credit, and that a term of STDP of no size changes nothing.
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { compareCredit } from "../../src/credit/index.js";
import { matmul, tensor } from "../../src/ops/index.js";
import { credits, firstWeights, sequence, trainCell } from "../../src/studies/bio-inspired-mamba/training.js";

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
    of(learned, inputs, target),
  );

  it("in real time is that through time, the output weights included", () => {
    expect(compareCredit(rtrl.credit, bptt.credit).relativeError).toBeLessThan(1e-5);
    expect(rtrl.answered.sub(bptt.answered).abs().max().item()).toBeLessThan(1e-6);
  });

  it("without traces is another one", () => {
    expect(compareCredit(truncated.credit, bptt.credit).relativeError).toBeGreaterThan(0.01);
  });
});

it("a term of STDP of no size leaves learning as it is, to the bit", async () => {
  const run = (stdp: number) =>
    trainCell({ kind: "test", config: { by: "rtrl", stdp, sequences: 100, length: 8 }, seed: 3 }, context);
  const [none, nothing, some] = [await run(0), await run(1e-300), await run(1e-2)];
  expect(nothing).toEqual(none);
  expect(some.moved).toBeGreaterThan(0);
});
