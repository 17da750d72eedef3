// Neurons of pulses without circuits: the margins of XOR that can be computed by hand, and what a neuron does in time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pulseNeuron, xorBehaviour } from "../../src/circuits/index.js";

const XOR = [0, 1, 1, 0];

/** Whether XOR is right for each choice of signs of an error on the six weights. */
function corners(error: number, bias: number): boolean[] {
  return Array.from({ length: 64 }, (_, corner) => {
    const off = (i: number): number => 1 + (((corner >> i) & 1) === 1 ? error : -error);
    const weights = [
      [off(0), -off(1)],
      [-off(2), off(3)],
    ];
    const counts = xorBehaviour({ bias: { hidden: bias, output: bias }, weights, outputs: [off(4), off(5)] });
    return counts.join() === XOR.join();
  });
}

describe("XOR of ideal neurons", () => {
  it("is right for any bias between 0 and 1", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (hidden, output) => {
          expect(xorBehaviour({ bias: { hidden, output } })).toEqual(XOR);
        },
      ),
    );
  });

  it("stands errors of all weights up to min(b, (1 - b) / 2), which is largest at a third, and no more (A9.4)", () => {
    for (const bias of [0.2, 1 / 3, 0.5]) {
      const most = Math.min(bias, (1 - bias) / 2);
      expect(corners(most * 0.99, bias).every((right) => right)).toBe(true);
      expect(corners(most * 1.02, bias).every((right) => right)).toBe(false);
    }
    expect(corners(0.25, 1 / 3).every((right) => right)).toBe(true);
    expect(corners(0.4, 1 / 3).some((right) => !right)).toBe(true);
  });
});

describe("a neuron of pulses", () => {
  it("is AND or OR by its bias alone", () => {
    const fires = (bias: number, times: number[][]): boolean =>
      pulseNeuron(
        times.map((each) => ({ weight: 0.5, times: each })),
        { bias },
      ).length > 0;
    expect(
      [
        [[0], []],
        [[0], [0]],
      ].map((times) => fires(0.2, times)),
    ).toEqual([false, true]);
    expect(
      [
        [[0], []],
        [[0], [0]],
      ].map((times) => fires(0.6, times)),
    ).toEqual([true, true]);
  });

  it("forgets with tau, resets when it fires, and sends after its delay", () => {
    const weight = 0.6;
    const inputs = (gap: number) => [{ weight, times: [0, gap] }];
    // The second pulse comes to bias + weight (1 + exp(-gap / tau)) = 1 at a gap of tau log(3 / 2) with a bias of 0.
    const gap = 4 * Math.log(3 / 2);
    expect(pulseNeuron(inputs(gap * 0.999), { bias: 0, tau: 4, delay: 3 })).toEqual([gap * 0.999 + 3]);
    expect(pulseNeuron(inputs(gap * 1.001), { bias: 0, tau: 4 })).toEqual([]);
    expect(pulseNeuron([{ weight, times: [0, 1, 2, 3] }], { bias: 0 })).toEqual([1, 3]);
    expect(
      pulseNeuron(
        [
          { weight: 1, times: [5] },
          { weight: -1, times: [5] },
        ],
        { bias: 0.5 },
      ),
    ).toEqual([]);
  });

  it("refuses a bias at which it never rests", () => {
    expect(() => pulseNeuron([], { bias: 1 })).toThrow("bias is 1: give a number below 1");
    expect(() => pulseNeuron([{ weight: Number.NaN, times: [0] }], { bias: 0 })).toThrow("a weight is NaN");
  });
});
