// Convolutional networks that settle: Φ's derivative against loops by hand, and credit against the gradient.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  type ConvolutionalParams,
  convolutionalModel,
  creditSlope,
  equilibriumPropagation,
  jacobianAsymmetry,
  unrolledGradient,
} from "../../src/credit/index.js";
import { Key, random, type Tensor, treeMap } from "../../src/index.js";

const f64 = { dtype: "float64" } as const;
const linear = convolutionalModel({
  input: [6, 6, 2],
  channels: [3, 2],
  outputs: 4,
  kernel: 3,
  activation: "identity",
});
const params = linear.init(Key.of(1), f64);
const x = random.uniform(Key.of(2), [2, 6, 6, 2], f64);
const states = linear.rest(params, x).map((s, i) => random.uniform(Key.of(3).fold(i), [...s.shape], f64));

type Maps = number[][][];

/** One image's convolution with padded edges, by loops: [height][width][channels]. */
function convolved(maps: Maps, weight: number[][][][], bias: number[]): Maps {
  const half = (weight.length - 1) / 2;
  return maps.map((row, y) =>
    row.map((_, z) =>
      bias.map((b, out) => {
        let total = b;
        for (let i = 0; i < weight.length; i++) {
          for (let j = 0; j < weight.length; j++) {
            const seen = maps[y + i - half]?.[z + j - half];
            if (seen) total += seen.reduce((sum, value, c) => sum + value * weight[i][j][c][out], 0);
          }
        }
        return total;
      }),
    ),
  );
}

/** Where each square of two by two has its largest number: [y, z] by place and channel. */
const winners = (maps: Maps, y: number, z: number, c: number): [number, number] => {
  const places = [0, 1].flatMap((i) => [0, 1].map((j): [number, number] => [2 * y + i, 2 * z + j]));
  return places.reduce((best, at) => (maps[at[0]][at[1]][c] > maps[best[0]][best[1]][c] ? at : best));
};

it("moves states by the pooled convolution from below, and from above by the transposed filters where the pooling was won", () => {
  const next = linear.step(params, x, states);
  const [first, second] = params.filters.map(({ weight, bias }) => ({
    weight: weight.toArray() as number[][][][],
    bias: bias.toArray() as number[],
  }));
  const found = next[0].toArray() as number[][][][];
  for (let item = 0; item < 2; item++) {
    const image = (x.toArray() as number[][][][])[item];
    const own = (states[0].toArray() as number[][][][])[item];
    const above = (states[1].toArray() as number[][][][])[item];
    const below = convolved(image, first.weight, first.bias);
    const up = convolved(own, second.weight, second.bias);
    // 3 by 3 maps are pooled to 1 by 1, so each channel above has one winner in the upper left square.
    const wanted = own.map((row, y) =>
      row.map((values, z) =>
        values.map((_, c) => {
          const [i, j] = winners(below, y, z, c);
          let total = below[i][j][c];
          for (let out = 0; out < 2; out++) {
            const [wy, wz] = winners(up, 0, 0, out);
            total += (second.weight[y - wy + 1]?.[z - wz + 1]?.[c]?.[out] ?? 0) * above[0][0][out];
          }
          return total;
        }),
      ),
    );
    for (const [y, row] of wanted.entries()) {
      for (const [z, values] of row.entries()) {
        for (const [c, value] of values.entries()) expect(found[item][y][z][c]).toBeCloseTo(value, 12);
      }
    }
  }
});

describe("a convolutional model", () => {
  it("follows one Φ: the Jacobian of a tick is symmetric", () => {
    expect(jacobianAsymmetry(linear, params, x, states, Key.of(4))).toBeLessThan(1e-12);
  });

  it("without cutting states off gives the gradient, with an error in proportion to β²", () => {
    const start: ConvolutionalParams = treeMap((leaf: Tensor) => leaf.mul(0.15), params);
    const target = random.uniform(Key.of(7), [2, 4], f64);
    const phases = { free: 200, nudged: 60 };
    const of = (beta: number): ConvolutionalParams =>
      equilibriumPropagation(linear, start, x, target, { ...phases, beta, nudging: "symmetric" }).credit;
    const { credit: gradient, residual } = unrolledGradient(linear, start, x, target, phases);
    expect(residual.item()).toBeLessThan(1e-9);
    const { slope, points } = creditSlope(of, gradient, [3e-2, 3e-3]);
    expect(slope).toBeGreaterThan(1.8);
    expect(slope).toBeLessThan(2.2);
    expect(points[1].comparison.relativeError).toBeLessThan(1e-3);
  });

  it("cuts states off at 0 and 1, unless it is told otherwise", () => {
    const model = convolutionalModel({ input: [6, 6, 2], channels: [3, 2], outputs: 4, kernel: 3 });
    const moved = model.step(
      params,
      x,
      states.map((s) => s.mul(9)),
    );
    const free = linear.step(
      params,
      x,
      states.map((s) => s.mul(9)),
    );
    for (const [i, state] of moved.entries()) {
      expect(state.sub(free[i].clip(0, 1)).abs().max().item()).toBe(0);
      expect(free[i].sub(state).abs().max().item()).toBeGreaterThan(0);
    }
  });

  it("says what it cannot be made of", () => {
    const of = (changed: object) => () =>
      convolutionalModel({ input: [8, 8, 1], channels: [3], outputs: 2, ...changed } as never);
    expect(of({ input: [8, 8] })).toThrow(/Give \[height, width, channels\]/);
    expect(of({ channels: [] })).toThrow(/`channels` is/);
    expect(of({ kernel: 0 })).toThrow(/`kernel` is 0/);
    expect(of({ channels: [1, 1, 1, 1] })).toThrow(/4 poolings by 2 leave nothing of 8 by 8/);
  });
});
