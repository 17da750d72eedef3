// What the study of STDP with homeostasis computes, at the size of the paper: every word alone, pairs, and published rows.
import { describe, expect, it } from "vitest";
import { pairsRow, publishedRow, singleRow } from "../../src/studies/stdp-homeostasis/cells.js";
import { expOf, MEMBRANE } from "../../src/studies/stdp-homeostasis/closed.js";

it("a membrane loses in a millisecond what a time constant of 20 ms takes from it", () => {
  expect(MEMBRANE).toBe(expOf(-1 / 20));
});

describe("words of ten bits", () => {
  const single = singleRow();

  it("train weights of 1 / e on the right ten synapses and 0 elsewhere, whichever of 1,024 it is (A7.1)", () => {
    expect(single.off).toBeLessThanOrEqual(0.007);
    expect(single.weights).toEqual([47 / 128]);
  });

  it("make the output fire for themselves alone (A7.2)", () => {
    expect(single.notAlone).toBe(0);
  });

  it("make it fire for their ten neighbours too with a factor of 5 / 4 (A7.5)", () => {
    expect(single.notNeighbours).toBe(0);
  });

  it("in pairs that differ in d bits make it fire for 2^d words, the trained ones among them (A7.3)", () => {
    // Every 31st first word with all later ones; `reproduce stdp-homeostasis` tries all of them.
    const { tried, wrong, accuracy } = pairsRow({ config: { stride: 31 } });
    expect([tried > 15_000, wrong]).toEqual([true, 0]);
    accuracy.slice(1).forEach((share, i) => {
      expect(share).toBe(1 - (2 ** (i + 1) - 2) / 1024);
    });
  });
});

describe("what the authors published", () => {
  const { pairs, triples } = publishedRow();

  it("of 14 pairs has the counts of the closed form and of the simulation, and their factors to 3e-4 (A7.3)", () => {
    expect(pairs).toHaveLength(14);
    for (const { distance, positives, factors, differ } of pairs) {
      expect([positives, differ]).toEqual([new Array(3).fill(2 ** distance), 0]);
      for (const ours of factors.slice(1)) expect(Math.abs(ours / factors[0] - 1)).toBeLessThanOrEqual(3e-4);
    }
  });

  it("of 67 triples lies between strict and inclusive counts in 64 at least (A7.4)", () => {
    expect(triples).toHaveLength(67);
    const within = triples.filter(
      ({ positives: [theirs, strict, inclusive] }) => strict <= theirs && theirs <= inclusive,
    );
    expect(within.length).toBeGreaterThanOrEqual(64);
  });
});
