// Norms without a state, recurrent cells and attention: the numbers of PyTorch, the derivatives of differences, and laws.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { grad, Key, random, scan, type Tensor, tensor } from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import { checkGrads } from "../../src/testing/index.js";
import { relativeError } from "../laws/oracle.js";

interface Case {
  readonly name: string;
  readonly params: Record<string, never>;
  readonly x: never;
  readonly weights: never;
  readonly y: never;
  readonly grad: never;
  readonly grads: Record<string, never>;
}
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, "cells.json"), "utf8")) as { cases: Case[] };

type Apply = (params: nn.LayerParams, x: Tensor) => Tensor;
const layer =
  (made: nn.LayerDescription): Apply =>
  (params, x) =>
    nn.network({ input: x.shape.slice(1), layers: [made] }).apply([params], x);
const over =
  (cell: nn.Cell<nn.HiddenState>): Apply =>
  (params, x) =>
    nn.unroll(cell, params, x).outputs;
const heads = nn.multiHeadAttention(6, 2);
const ours: Record<string, Apply> = {
  groupNorm: layer(nn.groupNorm(2, { eps: 1e-3 })),
  rmsNorm: layer(nn.rmsNorm({ eps: 1e-3 })),
  rnn: over(nn.rnnCell(4)),
  rnnRelu: over(nn.rnnCell(4, { activation: "relu" })),
  gru: over(nn.gruCell(4)),
  lstm: over(nn.lstmCell(4) as unknown as nn.Cell<nn.HiddenState>),
  heads: heads.apply,
  causalHeads: (params, x) => heads.apply(params, x, { causal: true }),
};

describe("compared with PyTorch", () => {
  it("every kind has a case", () => {
    expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(ours).sort());
  });

  it.each(cases)("$name has the same outputs and gradients", ({ name, params, x, weights, y, grad: dx, grads }) => {
    const own = Object.fromEntries(Object.entries(params).map(([key, values]) => [key, tensor(values)]));
    const loss = ({ p, x }: { p: nn.LayerParams; x: Tensor }): Tensor => ours[name](p, x).mul(tensor(weights)).sum();
    const found = grad(loss)({ p: own, x: tensor(x) });
    const near = (got: Tensor, wanted: never): void => {
      expect(got.shape).toEqual(tensor(wanted).shape);
      // A sum that is 0 by a symmetry is a rounding error on both sides.
      const [a, b] = [got.data(), ([wanted] as number[][]).flat(9) as number[]];
      const size = Math.max(1, ...b.map(Math.abs));
      for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(1e-5 * size);
    };
    near(ours[name](own, tensor(x)), y);
    near(found.x, dx);
    expect(Object.keys(found.p)).toEqual(Object.keys(grads));
    for (const [key, wanted] of Object.entries(grads)) near(found.p[key], wanted);
  });
});

describe("norms", () => {
  it("group norm of one group at one position is layer norm, and so is RMS norm for a mean of 0", () => {
    const x = random.normal(Key.of(0), [4, 6]);
    const scale = random.normal(Key.of(1), [6]);
    const bias = random.normal(Key.of(2), [6]);
    const wanted = layer(nn.layerNorm())({ scale, bias }, x).data();
    expect(relativeError(layer(nn.groupNorm(1))({ scale, bias }, x).data(), Float64Array.from(wanted))).toBeLessThan(
      1e-6,
    );
    const centred = x.sub(x.mean(-1, true));
    const byRms = layer(nn.rmsNorm())({ scale }, centred).add(bias).data();
    expect(relativeError(byRms, Float64Array.from(wanted))).toBeLessThan(1e-5);
  });

  it("refuse channels that they cannot divide, and invalid options", () => {
    const made = (input: readonly number[], one: nn.LayerDescription) => () => nn.network({ input, layers: [one] });
    expect(made([4, 6], nn.groupNorm(4))).toThrow("[groupNorm] 6 channels cannot be divided into 4 equal groups.");
    expect(made([6], nn.groupNorm(0))).toThrow("[groupNorm] `groups` is 0. Give a whole number from 1 up.");
    expect(made([6], nn.rmsNorm({ eps: 0 }))).toThrow("[rmsNorm] `eps` is 0. Give a finite number above 0.");
    expect(made([], nn.rmsNorm())).toThrow("[rmsNorm] items of shape [] have no axis.");
  });
});

describe("recurrent cells", () => {
  const cells: [string, nn.Cell<nn.HiddenState>][] = [
    ["rnnCell", nn.rnnCell(5)],
    ["gruCell", nn.gruCell(5)],
    ["lstmCell", nn.lstmCell(5) as unknown as nn.Cell<nn.HiddenState>],
  ];

  it.each(cells)("%s: unroll gives the bits of single steps, also in two halves", (_, cell) => {
    const params = cell.init(Key.of(0), 3);
    const x = random.normal(Key.of(1), [2, 6, 3]);
    const whole = nn.unroll(cell, params, x);
    expect(whole.outputs.shape).toEqual([2, 6, 5]);
    let state = cell.state(2);
    for (let t = 0; t < 6; t++) {
      state = cell.step(params, state, x.slice([0, t, 0], [2, t + 1, 3]).reshape([2, 3]));
      const row = whole.outputs.slice([0, t, 0], [2, t + 1, 5]).reshape([2, 5]);
      expect(state.h.toArray()).toEqual(row.toArray());
    }
    expect(whole.state.h.toArray()).toEqual(state.h.toArray());
    const first = nn.unroll(cell, params, x.slice([0, 0, 0], [2, 4, 3]));
    const second = nn.unroll(cell, params, x.slice([0, 4, 0], [2, 6, 3]), first.state);
    expect(second.state.h.toArray()).toEqual(whole.state.h.toArray());
  });

  it.each(cells)("%s has the derivatives that differences give, and gradients in every parameter", (_, cell) => {
    const x = random.normal(Key.of(1), [2, 4, 3]);
    const loss = (p: nn.LayerParams): Tensor => nn.unroll(cell, p, x).outputs.square().sum();
    const params = cell.init(Key.of(0), 3);
    expect(() => checkGrads(loss, params, { tolerance: 5e-3 })).not.toThrow();
    for (const each of Object.values(grad(loss)(params))) expect(each.abs().max().item()).toBeGreaterThan(0);
  });

  it("have the documented initial values: orthogonal recurrent weights in each gate, and a forget bias of 1", () => {
    const params = nn.lstmCell(5).init(Key.of(0), 3);
    expect(params.bias.toArray()).toEqual([0, 1, 0, 0].flatMap((value) => Array(5).fill(value)));
    for (let gate = 0; gate < 4; gate++) {
      const u = params.hidden.slice([0, 5 * gate], [5, 5 * gate + 5]);
      const product = u.transpose().matmul(u).data();
      product.forEach((value, i) => {
        expect(value).toBeCloseTo(i % 6 === 0 ? 1 : 0, 5);
      });
    }
  });

  it("can be passed to scan as steps", () => {
    const cell = nn.gruCell(4);
    const params = cell.init(Key.of(0), 2);
    const x = random.normal(Key.of(1), [3, 5, 2]);
    const steps = x.moveAxis(1, 0);
    const [, all] = scan(5, cell.state(3), (state, t) => {
      const next = cell.step(params, state, steps.row(t));
      return [next, next.h] as const;
    });
    expect(all.moveAxis(0, 1).toArray()).toEqual(nn.unroll(cell, params, x).outputs.toArray());
  });

  it("refuse sizes and shapes that do not fit", () => {
    expect(() => nn.gruCell(0)).toThrow("[gruCell] `units` is 0. Give a whole number from 1 up.");
    expect(() => nn.rnnCell(2, { activation: "sin" as never })).toThrow(
      '[rnnCell] `activation` is "sin". Use "tanh" or "relu".',
    );
    const cell = nn.rnnCell(2);
    expect(() => nn.unroll(cell, cell.init(Key.of(0), 3), tensor([[1, 2, 3]]))).toThrow(
      "[unroll] the sequences have shape [1, 3]. Give [n, steps, inputs].",
    );
  });
});

describe("attention", () => {
  const [q, k, v] = Key.of(4)
    .split(3)
    .map((key, i) => random.normal(key, [2, i === 0 ? 3 : 4, 5]));

  it("of equal keys is the mean of the values, and of one key that value", () => {
    const same = tensor([[1, 2]]).broadcastTo([4, 2]);
    const values = random.normal(Key.of(0), [4, 3]);
    const got = nn.attention(random.normal(Key.of(1), [2, 2]), same, values);
    const mean = values.mean(0).toArray() as number[];
    for (const row of got.toArray() as number[][]) row.forEach((x, i) => void expect(x).toBeCloseTo(mean[i], 5));
    const only = tensor([[0, 0, 1, 0]]);
    expect(nn.attention(q, k, v, { mask: only }).row(0).row(1).toArray()).toEqual(v.row(0).row(2).toArray());
  });

  it("gives zeros, with derivatives 0, for a query that may see nothing", () => {
    const mask = tensor([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [0, 1, 0, 0],
    ]);
    const y = nn.attention(q, k, v, { mask });
    expect(y.row(0).row(1).toArray()).toEqual([0, 0, 0, 0, 0]);
    const slope = grad((x: Tensor) => nn.attention(x, k, v, { mask }).sum())(q);
    expect(slope.row(0).row(1).toArray()).toEqual([0, 0, 0, 0, 0]);
    expect(slope.abs().max().item()).toBeGreaterThan(0);
  });

  it("sees nothing that comes later if it is causal", () => {
    const params = heads.init(Key.of(0));
    const x = random.normal(Key.of(1), [1, 4, 6]);
    const later = x.add(tensor([[0], [0], [0], [1]]));
    const [a, b] = [x, later].map((each) => heads.apply(params, each, { causal: true }).row(0));
    for (const t of [0, 1, 2]) expect(a.row(t).toArray()).toEqual(b.row(t).toArray());
    expect(a.row(3).toArray()).not.toEqual(b.row(3).toArray());
  });

  it("has the derivatives that differences give, masked or not, also with separate keys and values", () => {
    const mask = tensor([
      [1, 0, 1, 1],
      [0, 1, 1, 0],
      [0, 0, 0, 1],
    ]);
    for (const options of [{}, { mask }, { causal: true }, { scale: 0.5 }]) {
      const loss = (x: { q: Tensor; k: Tensor; v: Tensor }): Tensor =>
        nn.attention(x.q, x.k, x.v, options).square().sum();
      expect(() => checkGrads(loss, { q, k, v }, { tolerance: 5e-3 })).not.toThrow();
    }
    const params = heads.init(Key.of(0));
    const [queries, keys, values] = [3, 4, 4].map((steps, i) => random.normal(Key.of(i), [2, steps, 6]));
    expect(heads.apply(params, queries, { keys, values }).shape).toEqual([2, 3, 6]);
  });

  it("refuses shapes that do not fit", () => {
    expect(() => nn.attention(q, k, q)).toThrow("[attention] shapes [2, 3, 5], [2, 4, 5], [2, 3, 5] do not fit");
    expect(() => nn.attention(q, k, v, { scale: Number.NaN })).toThrow(
      "[attention] `scale` is NaN. Give a finite number.",
    );
    expect(() => nn.multiHeadAttention(5, 2)).toThrow("[multiHeadAttention] 2 heads do not divide a width of 5.");
    expect(() => heads.apply(heads.init(Key.of(0)), q)).toThrow(
      "[multiHeadAttention] the sequences have shape [2, 3, 5]. Reshape them to [n, steps, 6].",
    );
  });
});
