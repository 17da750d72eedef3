// Losses against PyTorch's numbers (objectives.py wrote objectives.json), in value and gradient, and their second derivatives.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { grad, hvp } from "../../src/autodiff/index.js";
import type { Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { tensor } from "../../src/ops/index.js";

interface Recorded {
  readonly value: readonly number[];
  readonly grad: readonly number[];
}
const { cases } = JSON.parse(readFileSync(new URL("objectives.json", import.meta.url), "utf8")) as {
  cases: Record<string, Recorded>;
};

const rows = [
  [0.5, -1.25, 2],
  [1.5, 0.25, -0.75],
  [-2, 3, 0.125],
  [0, 1, -1],
];
const soft = tensor([
  [0.2, 0.3, 0.5],
  [1, 0, 0],
  [0.25, 0.5, 0.25],
  [0.1, 0.8, 0.1],
]);
const labels = tensor([2, 0, 1, 1], { dtype: "int32" });
const holed = tensor([2, -1, 1, 1], { dtype: "int32" });
const weights = tensor([0.5, 2, 1.25]);

const losses: Record<string, (x: Tensor, reduction: ops.Reduction) => Tensor> = {
  mse: (x, reduction) => ops.mse(x, soft, { reduction }),
  huber: (x, reduction) => ops.huber(x, soft, { reduction, delta: 0.7 }),
  bce: (x, reduction) => ops.bce(x.sigmoid(), soft, { reduction }),
  bceWithLogits: (x, reduction) => ops.bceWithLogits(x, soft, { reduction }),
  nll: (x, reduction) => ops.nll(x.logSoftmax(), holed, { weights, ignore: -1, reduction }),
  crossEntropy: (x, reduction) => ops.crossEntropy(x, holed, { weights, ignore: -1, smoothing: 0.1, reduction }),
  smoothed: (x, reduction) => ops.crossEntropy(x, labels, { smoothing: 0.2, reduction }),
  weighted: (x, reduction) => ops.crossEntropy(x, labels, { weights, reduction }),
  soft: (x, reduction) => ops.crossEntropy(x, soft, { weights, smoothing: 0.1, reduction }),
  kl: (x, reduction) => ops.kl(x.logSoftmax(), soft, { reduction }),
};

const close = (got: Tensor, wanted: readonly number[]): void => {
  expect(got.size).toBe(wanted.length);
  got.data().forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThan(2e-6 * (1 + Math.abs(wanted[i])));
  });
};

describe.each(Object.entries(cases))("%s", (name, { value, grad: slope }) => {
  const [loss, reduction] = name.split(" ") as [string, ops.Reduction];
  const f = (x: Tensor): Tensor => losses[loss](x, reduction);

  it("has PyTorch's value and gradient", () => {
    const x = tensor(rows);
    close(f(x), value);
    close(grad((x: Tensor) => f(x).sum())(x), slope);
  });

  it("has the second derivative that differences of the gradient give", () => {
    const v = tensor(rows).sin();
    const slopeAt = (step: number): Float32Array =>
      grad((x: Tensor) => f(x).sum())(tensor(rows).add(v.mul(step))).data() as Float32Array;
    const [up, down] = [slopeAt(2 ** -6), slopeAt(-(2 ** -6))];
    hvp((x: Tensor) => f(x).sum(), tensor(rows), v)
      .data()
      .forEach((got, i) => {
        expect(Math.abs(got - (up[i] - down[i]) / 2 ** -5)).toBeLessThan(5e-4);
      });
  });
});

describe("crossEntropy", () => {
  it("accepts logits of any rank, row by row", () => {
    const got = ops.crossEntropy(tensor(rows).reshape([2, 2, 3]), labels.reshape([2, 2]), { smoothing: 0.2 });
    expect(got.shape).toEqual([2, 2]);
    close(got, cases["smoothed none"].value);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["labels", () => ops.nll(tensor(rows), holed), /^\[nll\] label -1 is outside the 3 classes.*`ignore`/],
    [
      "weights",
      () => ops.nll(tensor(rows), labels, { weights: soft }),
      /^\[nll\] weights of shape \[4, 3\] do not fit 3/,
    ],
    ["smoothing", () => ops.crossEntropy(tensor(rows), labels, { smoothing: 2 }), /^\[crossEntropy\] smoothing is 2/],
    ["reduction", () => ops.mse(soft, 0, { reduction: "batch" as "sum" }), /^\[mse\] reduction "batch" is unknown/],
    ["delta", () => ops.huber(soft, 0, { delta: 0 }), /^\[huber\] delta is 0\. Give a number above 0/],
  ])("says what does not fit: %s", (_, f, words) => {
    expect(f).toThrow(words);
  });
});
