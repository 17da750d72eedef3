// Selective state spaces and Mamba blocks against PyTorch, and what must hold of the recurrence by itself.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { grad, Key, random, scope, type Tensor, tensor } from "../../src/index.js";
import {
  decayRates,
  decodeNetwork,
  dense,
  encodeNetwork,
  mamba,
  network,
  type SelectiveParams,
  selectiveCell,
  selectiveScan,
} from "../../src/nn/index.js";
import golden from "./selective.json" with { type: "json" };

const f64 = { dtype: "float64" } as const;
const { sizes } = golden;
const distance = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();
const tensors = (record: Readonly<Record<string, unknown>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(record).map(([name, values]) => [name, tensor(values as number[], f64)]));

/** Compares outputs and all gradients with those of PyTorch. */
function compare(one: typeof golden.selective | typeof golden.block, f: (p: never, x: Tensor) => Tensor): void {
  const [params, grads] = [tensors(one.params), tensors(one.grads)];
  const { x, weights, y, dx } = tensors({ x: one.x, weights: one.weights, y: one.y, dx: one.dx });
  expect(distance(f(params as never, x), y)).toBeLessThan(1e-12);
  const of = (p: Record<string, Tensor>, at: Tensor): Tensor =>
    f(p as never, at)
      .mul(weights)
      .sum();
  expect(distance(grad((at: Tensor) => of(params, at))(x), dx)).toBeLessThan(1e-11);
  const found = grad(of)(params, x);
  expect(Object.keys(found).sort()).toEqual(Object.keys(grads).sort());
  for (const [name, wanted] of Object.entries(grads)) expect(distance(found[name], wanted), name).toBeLessThan(1e-11);
}

describe("a selective state space", () => {
  const cell = selectiveCell(sizes.width, { states: sizes.states, rank: sizes.rank, ...f64 });

  it("has the outputs and the gradients of PyTorch", () => {
    compare(golden.selective, (params: SelectiveParams, x) => selectiveScan(cell, params, x).outputs);
  });

  it("run over a sequence is one step after the other, from any state", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 12 }), (seed, steps) =>
        scope(() => {
          const [ofParams, ofInputs, ofState] = Key.of(seed).split(3);
          const params = cell.init(ofParams);
          const u = random.normal(ofInputs, [2, steps, sizes.width], f64);
          const start = random.normal(ofState, [2, sizes.width, sizes.states], f64);
          const whole = selectiveScan(cell, params, u, start);
          let h = start;
          for (let t = 0; t < steps; t++) {
            const step = cell.step(params, h, u.slice([undefined, t], [undefined, t + 1]).reshape([2, sizes.width]));
            h = step.h;
            const seen = whole.outputs.slice([undefined, t], [undefined, t + 1]).reshape([2, sizes.width]);
            expect(distance(step.y, seen)).toBeLessThan(1e-12);
          }
          expect(distance(h, whole.state)).toBeLessThan(1e-12);
        }),
      ),
      { numRuns: 30 },
    );
  });

  it("begins with decays strictly between 0 and 1, and steps from 0.001 to 0.1", () => {
    const wide = selectiveCell(64);
    const params = wide.init(Key.of(1));
    expect(decayRates(params).max().item()).toBeLessThan(0);
    expect(Array.from(params.aLog.exp().row(3).data(), Math.round)).toEqual(
      Array.from({ length: 16 }, (_, i) => i + 1),
    );
    const steps = params.stepBias.softplus();
    expect(steps.min().item()).toBeGreaterThan(0.99e-3);
    expect(steps.max().item()).toBeLessThan(0.101);
    const { delta } = wide.terms(params, random.normal(Key.of(2), [50, 64]));
    const decays = delta.reshape([50, 64, 1]).mul(decayRates(params)).exp();
    expect(decays.min().item()).toBeGreaterThan(0);
    expect(decays.max().item()).toBeLessThan(1);
    expect([wide.rank, selectiveCell(4).rank, selectiveCell(65).rank]).toEqual([4, 1, 5]);
  });

  it("says which counts and inputs it cannot use", () => {
    expect(() => selectiveCell(0)).toThrow(/`channels` is 0/);
    expect(() => selectiveCell(4, { states: 1.5 })).toThrow(/`states` is 1\.5/);
    expect(() => selectiveCell(4, { rank: -1 })).toThrow(/`rank` is -1/);
    const params = cell.init(Key.of(0));
    expect(() => cell.step(params, cell.state(2), random.normal(Key.of(0), [2, 3], f64))).toThrow(
      /inputs of shape \[2, 3\]\. Give \[n, 5\]/,
    );
    expect(() => selectiveScan(cell, params, random.normal(Key.of(0), [2, 0, 5], f64))).toThrow(/with a step or more/);
  });
});

describe("a Mamba block", () => {
  const { steps, width, ...options } = sizes;
  const net = network({ input: [steps, width], layers: [mamba(options)], ...f64 });

  it("has the outputs and the gradients of PyTorch", () => {
    compare(golden.block, (params, x) => net.apply([params], x));
  });

  it("has the parameters that it names, of their shapes", () => {
    const shapes = Object.entries(golden.block.params).map(([name, values]) => [name, tensor(values).shape]);
    const [params] = net.init(Key.of(0));
    expect(Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, shape]))).toEqual(
      Object.fromEntries(shapes),
    );
  });

  it("has the documented sizes where none are given, and filters as wide as the authors' code draws them", () => {
    for (const wide of [8, 16, 40]) {
      const inner = 2 * wide;
      const rank = Math.max(1, Math.ceil(wide / 16));
      const [params] = network({ input: [5, wide], layers: [mamba()] }).init(Key.of(wide)) as Record<string, Tensor>[];
      const { input, filter, stepDown, stepUp, b, output } = params;
      expect([input, filter, stepDown, stepUp, b, output].map(({ shape }) => shape)).toEqual([
        ...[
          [wide, 2 * inner],
          [4, inner],
          [inner, rank],
          [rank, inner],
          [inner, 16],
          [inner, wide],
        ],
      ]);
      // Uniform within 1 / sqrt(kernel): variance 1 / (3 kernel).
      expect(filter.abs().max().item()).toBeLessThanOrEqual(0.5);
      expect(filter.abs().max().item()).toBeGreaterThan(0.42);
    }
  });

  it("shows no step what comes later", () => {
    const params = net.init(Key.of(1));
    const x = random.normal(Key.of(2), [1, steps, width], f64);
    const later = x.toArray() as number[][][];
    later[0][4] = later[0][4].map((value) => value + 1);
    const [before, after] = [x, tensor(later, f64)].map((each) => net.apply(params, each).toArray() as number[][][]);
    expect(after[0].slice(0, 4)).toEqual(before[0].slice(0, 4));
    expect(after[0][4]).not.toEqual(before[0][4]);
    expect(after[0][5]).not.toEqual(before[0][5]);
  });

  it("is a layer like others: it can be saved, and stands among them", () => {
    const whole = network({ input: [4, 6], layers: [mamba({ states: 2 }), dense(3)] });
    const params = whole.init(Key.of(3));
    const x = random.normal(Key.of(4), [2, 4, 6]);
    const { net: read, params: found } = decodeNetwork(encodeNetwork(whole, params));
    expect(read.apply(found, x).toArray()).toEqual(whole.apply(params, x).toArray());
  });

  it("says which items and options it cannot use", () => {
    const of = (layer: object, input: readonly number[] = [4, 6]) =>
      network({ input: [...input], layers: [{ ...mamba(), ...layer } as never] });
    expect(() => of({}, [6])).toThrow(/\[mamba\] items of shape \[6\]\. Give sequences \[steps, width\]/);
    expect(() => of({ kernel: 0 })).toThrow(/`kernel` is 0/);
    expect(() => of({ expand: 0.5 })).toThrow(/`expand` is 0\.5/);
    expect(() => of({ eps: 0 })).toThrow(/`eps` is 0/);
    expect(() => of({ states: 0 })).toThrow(/`states` is 0/);
  });
});
