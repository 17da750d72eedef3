// Initial weights: their variance, their bounds, orthogonality, and that they are the same everywhere.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, type Tensor } from "../../src/index.js";
import { conv2d, dense, type InitialiserKind, initialise, network } from "../../src/nn/index.js";
import { bitsOf } from "../laws/oracle.js";

const moments = (w: Tensor): { mean: number; variance: number; largest: number; kurtosis: number } => {
  const data = Float64Array.from(w.data());
  const n = data.length;
  const mean = data.reduce((sum, x) => sum + x, 0) / n;
  const central = (power: number): number => data.reduce((sum, x) => sum + (x - mean) ** power, 0) / n;
  const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return { mean, variance: central(2), largest, kurtosis: central(4) / central(2) ** 2 };
};

describe("initial weights", () => {
  // 30,000 numbers: the standard error of a variance is below 1 %.
  const [fanIn, fanOut] = [200, 150];
  it.each<[InitialiserKind, number, "uniform" | "normal"]>([
    ["xavierUniform", 2 / (fanIn + fanOut), "uniform"],
    ["xavierNormal", 2 / (fanIn + fanOut), "normal"],
    ["heUniform", 2 / fanIn, "uniform"],
    ["heNormal", 2 / fanIn, "normal"],
    ["normal", 1, "normal"],
  ])("%s have variance %f and are %s", (kind, variance, form) => {
    for (const gain of [1, 3]) {
      const w = moments(initialise({ kind, gain }, Key.of(4), [fanIn, fanOut], { fanIn, fanOut }));
      const wanted = gain * gain * variance;
      expect(Math.abs(w.mean)).toBeLessThan(5 * Math.sqrt(wanted / 30_000));
      expect(Math.abs(w.variance / wanted - 1)).toBeLessThan(0.04);
      if (form === "uniform")
        expect(w.largest).toBeLessThanOrEqual(Math.fround(gain * Math.sqrt(3 * variance)) * 1.000001);
      expect(w.kurtosis).toBeCloseTo(form === "uniform" ? 1.8 : 3, 0);
    }
  });

  it("of a convolution count the window: its fan-in is height * width * channels", () => {
    const net = network({ input: [9, 9, 8], layers: [conv2d(40, [3, 5], { init: "heNormal" })] });
    const [{ weight, bias }] = net.init(Key.of(0));
    expect(weight.shape).toEqual([3, 5, 8, 40]);
    expect(Math.abs(moments(weight).variance / (2 / 120) - 1)).toBeLessThan(0.08);
    expect(Math.max(...bias.data().map(Math.abs))).toBe(0);
  });

  it("orthogonal: rows or columns are orthonormal, whatever the shape, times the gain", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.nat(1000), fc.constantFrom(1, 0.5, Math.SQRT2), (shape, seed, gain) => {
        const w = initialise({ kind: "orthogonal", gain }, Key.of(seed), shape, { fanIn: 1, fanOut: 1 });
        expect(w.shape).toEqual(shape);
        const columns = shape[shape.length - 1];
        const matrix = w.reshape([-1, columns]);
        const tall = matrix.shape[0] >= columns;
        const products = (tall ? matrix.matmul(matrix, { a: true }) : matrix.matmul(matrix, { b: true })).data();
        const side = Math.min(matrix.shape[0], columns);
        products.forEach((x, i) => {
          expect(x).toBeCloseTo(i % (side + 1) === 0 ? gain * gain : 0, 5);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("orthogonal: all such matrices are equally likely, so each element has mean 0 and variance 1 / n", () => {
    const elements = Array.from({ length: 4 }, () => [] as number[]);
    for (let seed = 0; seed < 2000; seed++) {
      const w = initialise("orthogonal", Key.of(seed), [4, 2], { fanIn: 4, fanOut: 2 }).data();
      [w[0], w[1], w[6], w[7]].forEach((x, i) => {
        elements[i].push(x);
      });
    }
    for (const list of elements) {
      const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
      const square = list.reduce((sum, x) => sum + x * x, 0) / list.length;
      expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(0.25 / 2000));
      expect(Math.abs(square - 0.25)).toBeLessThan(0.03);
    }
  });

  it("are the same for the same key, different for another, and different for each layer", () => {
    const net = network({ input: [6], layers: [dense(6), dense(6, { init: "orthogonal" }), dense(6)] });
    const weights = (seed: number) => bitsOf(net.init(Key.of(seed)).map(({ weight }) => weight));
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
    expect(weights(1)[0]).not.toEqual(weights(1)[2]);
    expect(Math.max(...initialise("zeros", Key.of(0), [3, 3], { fanIn: 3, fanOut: 3 }).data())).toBe(0);
  });

  it("refuse what is neither a name nor a description", () => {
    for (const odd of [null, 3, true]) {
      const make = () => initialise(odd as never, Key.of(0), [2, 2], { fanIn: 1, fanOut: 1 });
      expect(make).toThrow(odd === null ? TypeError : RangeError);
      expect(make).toThrow(/^\[initialise\] /);
    }
  });

  it("refuse unknown distributions", () => {
    const make = (kind: string, shape: number[]) => () =>
      initialise(kind as InitialiserKind, Key.of(0), shape, { fanIn: 1, fanOut: 1 });
    expect(make("glorot", [2, 2])).toThrow('[initialise] there is no initialiser "glorot". Use xavierUniform,');
    expect(make("orthogonal", [2])).toThrow("[random.orthogonal] weights of shape [2]: at least two axes are needed.");
  });
});
