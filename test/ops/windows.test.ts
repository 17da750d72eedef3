// Convolution and pooling in all their settings: the numbers of PyTorch, and laws.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { grad, Key, random, type Tensor, tensor, vjp } from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { checkGrads } from "../../src/testing/index.js";
import { bitsOf } from "../laws/oracle.js";

interface Case {
  readonly op: string;
  readonly options: Record<string, never> & { readonly size?: never };
  readonly operands: readonly never[];
  readonly weights: never;
  readonly y: never;
  readonly grads: readonly never[];
}
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, "windows.json"), "utf8")) as { cases: Case[] };

type Function = (x: Tensor, second: unknown, options?: unknown) => Tensor;
const called = (name: string): Function => (ops as unknown as Record<string, Function>)[name];

function apply({ op, options: { size, ...options } }: Case, operands: readonly Tensor[]): Tensor {
  return called(op)(operands[0], size ?? operands[1], options);
}

function near(got: Tensor, values: never): void {
  const wanted = tensor(values);
  expect(got.shape).toEqual(wanted.shape);
  const [a, b] = [got.data(), ([values] as number[][]).flat(9) as number[]];
  const size = Math.max(1, ...b.map(Math.abs));
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(2e-6 * size);
}

describe("compared with PyTorch", () => {
  it("every kind has a case, and more than one", () => {
    const names = cases.map(({ op }) => op);
    expect([...new Set(names)].sort()).toEqual([
      ...["adaptiveAvgPool", "adaptiveAvgPool1d", "adaptiveMaxPool", "adaptiveMaxPool1d"],
      ...["avgPool", "avgPool1d", "conv1d", "conv2d", "convTranspose1d", "convTranspose2d", "maxPool", "maxPool1d"],
    ]);
    for (const name of names) expect(names.filter((other) => other === name).length).toBeGreaterThan(2);
  });

  it.each(cases.map((each) => [`${each.op} ${JSON.stringify(each.options)}`, each] as const))("%s", (_, each) => {
    const operands = each.operands.map((values) => tensor(values));
    near(apply(each, operands), each.y);
    const slopes = grad((list: Tensor[]) => apply(each, list).mul(tensor(each.weights)).sum())(operands);
    each.grads.forEach((wanted, i) => {
      near(slopes[i], wanted);
    });
  });
});

describe("a transposed convolution", () => {
  const x = random.normal(Key.of(0), [2, 3, 4, 4]);

  it.each([
    ["plain", {}],
    ["with strides", { stride: 2, outputPadding: 1 }],
    ['with "same"', { stride: [2, 3], padding: "same" }],
    [
      "with padding on each side, dilation and groups",
      {
        padding: [
          [1, 0],
          [0, 2],
        ],
        dilation: [1, 2],
        groups: 2,
      },
    ],
  ] as [string, ops.TransposedOptions][])("%s pulls back what conv2d does", (_, options) => {
    const { groups = 1, outputPadding: __, ...rest } = options;
    const filter = random.normal(Key.of(1), [2, 3, 4, 6 / groups]);
    const y = ops.convTranspose2d(x, filter, options);
    // The same filters the other way: [height, width, outputs, channels], group by group side by side.
    const mirrored = ops.concat(
      ops.split(filter, groups, 2).map((part) => part.transpose([0, 1, 3, 2])),
      3,
    );
    const { value, pullback } = vjp((image: Tensor) => ops.conv2d(image, mirrored, { ...rest, groups }), y);
    expect(value.shape).toEqual(x.shape);
    const found = pullback(x);
    expect(found.shape).toEqual(y.shape);
    expect(found.sub(y).abs().max().item()).toBeLessThan(1e-5);
    pullback.dispose();
  });

  it("has the derivatives that differences give, to second order", () => {
    const loss = ({ x, filter }: { x: Tensor; filter: Tensor }): Tensor =>
      ops.convTranspose2d(x, filter, { stride: 2, padding: 1, outputPadding: 1 }).tanh().sum();
    const at = { x: random.normal(Key.of(2), [1, 2, 3, 2]), filter: random.normal(Key.of(3), [3, 2, 2, 2]) };
    expect(() => checkGrads(loss, at, { tolerance: 5e-3 })).not.toThrow();
  });

  it("refuses invalid arguments", () => {
    const filter = random.normal(Key.of(1), [2, 3, 4, 6]);
    const refused = (options: ops.TransposedOptions) => () => ops.convTranspose2d(x, filter, options);
    expect(refused({ outputPadding: 1 })).toThrow(
      "[convTranspose2d] outputPadding 1 for a stride of 1: a whole number of at least 0, below the stride.",
    );
    expect(refused({ stride: 2, outputPadding: 1, padding: "same" })).toThrow("outputPadding makes no sense");
    expect(refused({ padding: 4 })).toThrow("[convTranspose2d] the padding leaves -4 of the result. Pad by less.");
    expect(refused({ groups: 3 })).toThrow("[convTranspose2d] 3 groups do not divide images [2, 3, 4, 4]");
  });
});

describe("groups", () => {
  it("of one channel each are a depthwise convolution", () => {
    const x = random.normal(Key.of(0), [2, 5, 5, 3]);
    const filter = random.normal(Key.of(1), [3, 3, 3, 2]);
    const grouped = ops.conv2d(x, filter.reshape([3, 3, 1, 6]), { groups: 3 });
    const wanted = ops.depthwiseConv2d(x, filter);
    expect(grouped.sub(wanted).abs().max().item()).toBeLessThan(1e-5);
  });

  it("that do not divide are refused", () => {
    const x = random.normal(Key.of(0), [1, 5, 5, 4]);
    const filter = random.normal(Key.of(1), [3, 3, 2, 3]);
    expect(() => ops.conv2d(x, filter, { groups: 2 })).toThrow("[conv2d] 2 groups do not divide");
    expect(() => ops.conv2d(x, filter, { groups: 0.5 })).toThrow("[conv2d] groups 0.5: a whole number of at least 1.");
    expect(() => ops.conv2d(x, filter)).toThrow("does not fit 4 channels");
  });
});

describe("pooling", () => {
  it("with windows that tile the images equals adaptive pooling", () => {
    const x = random.normal(Key.of(0), [2, 6, 8, 3]);
    expect(bitsOf([ops.adaptiveMaxPool(x, [3, 2])])).toEqual(bitsOf([ops.maxPool(x, [2, 4])]));
    expect(
      ops
        .adaptiveAvgPool(x, [3, 2])
        .sub(ops.avgPool(x, [2, 4]))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-6);
  });

  it("shares the derivative among equals, also in windows with gaps", () => {
    const x = tensor([1, 9, 1, 9, 0, 0]).reshape([1, 6, 1]);
    const slope = grad((x: Tensor) => ops.maxPool1d(x, 2, { stride: 1, dilation: 2 }).sum())(x);
    expect(slope.reshape([6]).toArray()).toEqual([0.5, 0.5, 1.5, 1.5, 0, 0]);
  });

  it("refuses windows that contain no element", () => {
    const x = random.normal(Key.of(0), [1, 3, 3, 1]);
    expect(() => ops.avgPool(x, 1, { padding: 1 })).toThrow("[avgPool] a window lies outside the image altogether.");
    expect(() => ops.maxPool1d(x, 2)).toThrow("[maxPool1d] signals of shape [1, 3, 3, 1]");
    expect(() => ops.adaptiveAvgPool(x, 0)).toThrow("[adaptiveAvgPool] size 0: a whole number of at least 1.");
  });
});
