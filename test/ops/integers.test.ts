// int32: whatever ops take it give the numbers of their references, to the last, or an error where int32 does not hold them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyOp, applyAll, grad } from "../../src/autodiff/index.js";
import { compile } from "../../src/compile/index.js";
import { Key, scope, sizeOf, type Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { random, tensor } from "../../src/ops/index.js";
import { opTable } from "../../src/ops/internal.js";
import { casesOf } from "../../src/testing/case.js";
import { vmap } from "../../src/vmap/index.js";
import { runs } from "../laws/settings.js";

const integers = (values: Parameters<typeof tensor>[0], shape?: readonly number[]): Tensor =>
  tensor(values, { dtype: "int32", ...(shape && { shape }) });
const list = (x: Tensor): number[] => Array.from(x.data());
const LEAST = -(2 ** 31);
const MOST = 2 ** 31 - 1;

/** The inputs of ops without a domain, whose results have no derivative. */
const shapes: Readonly<Record<string, { inputs: readonly (readonly number[])[]; attributes?: object }>> = {
  greater: { inputs: [[2, 3], [3]] },
  equal: { inputs: [[2, 1], [3]] },
  floorDiv: { inputs: [[4, 5], [5]] },
  argmax: { inputs: [[3, 4]] },
  argsort: { inputs: [[3, 2, 4]], attributes: { axis: 0, count: 2, descending: true } },
  cumMaxPlaces: { inputs: [[3, 4]], attributes: { axis: 1 } },
  searchsorted: { inputs: [[1], [7]], attributes: { right: true } },
};

/** Attributes with whole numbers where there were fractions. */
const wholly = (attributes: unknown): unknown =>
  typeof attributes === "object" && attributes !== null
    ? Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          typeof value === "number" ? Math.round(value) : value,
        ]),
      )
    : attributes;

interface Call {
  readonly inputs: readonly Tensor[];
  readonly attributes: unknown;
  readonly wanted: readonly (readonly number[])[];
}

/** Calls of an op with small whole numbers, and what its reference gives. 0 is left out: it divides nothing. */
function callsOf(op: AnyOp): Call[] {
  const drawn = (shape: readonly number[], key: Key): number[] =>
    Array.from({ length: sizeOf(shape) }, (_, i) => [-4, -3, -2, -1, 1, 2, 3, 5][key.integer(i, 8)]);
  const made = op.domain.length
    ? casesOf(op, 2).map((c) => ({
        attributes: wholly(c.sample.attributes),
        inputs: c.inputs.map(({ shape, data }, i) => ({
          shape,
          data: c.isInteger(i) ? [...data] : drawn(shape, c.key.fold(i)),
        })),
      }))
    : [0, 1].map((n) => ({
        attributes: shapes[op.name].attributes,
        inputs: shapes[op.name].inputs.map((shape, i) => ({ shape, data: drawn(shape, Key.of(n).fold(i)) })),
      }));
  return made.map(({ inputs, attributes }) => ({
    attributes,
    inputs: inputs.map(({ shape, data }) => integers(data, shape)),
    wanted: op
      .reference(
        inputs.map(({ shape, data }) => ({ shape, data: Float64Array.from(data) })),
        attributes,
      )
      .map(({ data }) => Array.from(data, (x) => x + 0)),
  }));
}

const taking = opTable.filter(
  ({ name, types, domain }) =>
    (types?.takes === "any" || (types?.takes === "int32" && name === "floorDiv")) &&
    (types.gives ?? "same") !== "float32" &&
    (domain.length > 0 || name in shapes),
);

describe("an op that takes int32", () => {
  it.each(taking.map((op) => [op.name, op] as const))("%s: to the last digit, also in vmap and compiled", (_, op) => {
    scope(() => {
      for (const { inputs, attributes, wanted } of callsOf(op)) {
        const f = (...given: Tensor[]): Tensor[] => [...applyAll(op, given, attributes as undefined)];
        const got = f(...inputs);
        expect(got.map(({ dtype }) => dtype)).toEqual(got.map(() => "int32"));
        expect(got.map(list)).toEqual(wanted);
        const twice = inputs.map((x) => ops.stack([x, x]));
        expect(vmap(f)(...twice).map(list)).toEqual(wanted.map((numbers) => [...numbers, ...numbers]));
        using fast = compile(f);
        expect(fast(...inputs).map(list)).toEqual(wanted);
      }
    });
  });

  it("is each that NumPy's users shuffle, count and compare with", () => {
    const names = taking.map(({ name }) => name);
    for (const name of [
      ...["slice", "place", "take", "takeAlong", "placeAdd", "concat", "stack", "permute", "broadcastTo", "where"],
      ...["add", "sub", "mul", "mod", "floorDiv", "neg", "abs", "sign", "square", "maximum", "minimum"],
      ...["greater", "equal", "sum", "max", "prod", "cumsum", "cumprod", "argmax", "argsort", "searchsorted"],
    ]) {
      expect(names).toContain(name);
    }
  });
});

describe("what int32 does not hold", () => {
  const element = fc.oneof(
    fc.integer({ min: LEAST, max: MOST }),
    fc.integer({ min: -50_000, max: 50_000 }),
    fc.constantFrom(LEAST, MOST, -1, 0, 1),
  );
  const fits = (x: bigint): boolean => x >= BigInt(LEAST) && x <= BigInt(MOST);
  /** Either the exact numbers, or an error that names the first that is too large. */
  const check = (f: () => Tensor, exact: readonly bigint[]): void => {
    if (exact.every(fits)) expect(list(scope(f)).map(BigInt)).toEqual([...exact]);
    else expect(() => scope(f)).toThrow(/^\[\w+\] a result is -?[\d.e+]+, and int32 holds -2147483648 to 2147483647\./);
  };

  it("is an error, and nothing wraps", () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        const [x, y] = [integers([a]), integers([b])];
        const [p, q] = [BigInt(a), BigInt(b)];
        check(() => x.add(y), [p + q]);
        check(() => x.add(b), [p + q]);
        check(() => x.sub(y), [p - q]);
        check(() => x.sub(b), [p - q]);
        check(() => x.mul(y), [p * q]);
        check(() => x.mul(b), [p * q]);
        check(() => x.neg(), [-p]);
        check(() => x.abs(), [p < 0n ? -p : p]);
        check(() => x.square(), [p * p]);
        if (b !== 0) {
          const rest = ((p % q) + q) % q;
          check(() => x.mod(y), [rest]);
          check(() => ops.floorDiv(x, y), [(p - rest) / q]);
        }
      }),
      runs(300),
    );
  });

  it("is an error of sums and products too, unless they come back", () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 6 }), (numbers) => {
        const x = integers(numbers);
        const exact = numbers.map(BigInt);
        const running = (f: (a: bigint, b: bigint) => bigint): bigint[] =>
          exact.map((_, i) => exact.slice(0, i + 1).reduce(f));
        check(() => x.sum(), [exact.reduce((a, b) => a + b)]);
        check(() => x.prod(), [exact.reduce((a, b) => a * b)]);
        check(
          () => x.cumsum(),
          running((a, b) => a + b),
        );
        check(
          () => x.cumprod(),
          running((a, b) => a * b),
        );
        check(
          () => ops.scatterAdd(integers([0]), new Array(numbers.length).fill(0), x),
          running((a, b) => a + b).some((total) => !fits(total)) ? [2n ** 40n] : [exact.reduce((a, b) => a + b)],
        );
      }),
      runs(200),
    );
  });

  it("is an error as a number beside a tensor, and as a quotient by 0", () => {
    const x = integers([1, 2]);
    expect(() => x.add(0.5)).toThrow("[add] 0.5 beside int32 is no whole number.");
    expect(() => x.mul(Number.NaN)).toThrow("[mul] NaN beside int32 is no whole number.");
    expect(() => x.greater(0.5)).toThrow("0.5 at 0 is no int32");
    expect(() => ops.full([2], 2 ** 31, { dtype: "int32" })).toThrow("2147483648 at 0 is no int32");
    expect(() => ops.floorDiv(x, 0)).toThrow("[floorDiv] int32 has no number for a division by 0.");
    expect(() => x.mod(integers([1, 0]))).toThrow("[mod] int32 has no number for a division by 0.");
    expect(() => x.div(2)).toThrow('[div] operand 1 is int32; a float is needed. Use cast(x, "float32").');
    expect(() => x.add(tensor([1, 2]))).toThrow(TypeError);
  });

  it("counts beyond the whole numbers that floats have", () => {
    const x = ops.full([3], MOST, { dtype: "int32" });
    expect(
      x
        .sub(1)
        .sub(integers([1, 2, MOST - 1]))
        .data(),
    ).toEqual(Int32Array.of(MOST - 2, MOST - 3, 0));
    expect(ops.concat([x, x.neg()]).sum().item()).toBe(0);
  });
});

describe("order of int32", () => {
  it("has the least number too, which has no opposite", () => {
    const x = integers([3, LEAST, MOST, LEAST]);
    expect(x.min().item()).toBe(LEAST);
    expect(x.argmin().item()).toBe(1);
    expect(list(ops.cumMin(x))).toEqual([3, LEAST, LEAST, LEAST]);
    expect(list(x.sort())).toEqual([LEAST, LEAST, 3, MOST]);
    expect(list(ops.argsort(x, -1, true))).toEqual([2, 0, 1, 3]);
    expect(list(ops.at(x, [0, 2]).min(integers([5, LEAST])))).toEqual([3, LEAST, LEAST, LEAST]);
    expect(list(x.clip(-1, 1))).toEqual([1, -1, 1, -1]);
  });

  it("tells numbers apart that are one float32", () => {
    const x = integers([2 ** 24 + 1, 2 ** 24]);
    expect(x.argmax().item()).toBe(0);
    expect(list(x.sort())).toEqual([2 ** 24, 2 ** 24 + 1]);
    expect(list(x.equal(2 ** 24))).toEqual([0, 1]);
    expect(ops.topK(x, 1).values.item()).toBe(2 ** 24 + 1);
  });
});

describe("batches of labels", () => {
  it("are shuffled, cut and counted without leaving tensors", () => {
    const labels = integers([3, 1, 4, 1, 5, 9, 2, 6]);
    const order = random.permutation(Key.of(3), labels.size);
    const shuffled = labels.take(order);
    expect(list(shuffled)).toEqual(list(order).map((i) => list(labels)[i]));
    expect(list(random.permutation(Key.of(3), labels))).toEqual(list(shuffled));
    const batches = ops.split(shuffled, 4);
    expect(list(ops.concat(batches))).toEqual(list(shuffled));
    expect(list(ops.stack(batches).sum(1))).toEqual(batches.map((batch) => batch.sum().item()));
    expect(list(ops.at(labels, [0, 1]).set(7).slice(0, 3))).toEqual([7, 7, 4]);
    expect(list(ops.at(labels, -1).add(10).row(7).reshape([1]))).toEqual([16]);
    expect(
      labels
        .pad([[1, 0]], 2)
        .row(0)
        .item(),
    ).toBe(2);
    expect(ops.fullLike(labels, 2).dtype).toBe("int32");
    expect(list(ops.segmentSum(labels, [0, 0, 0, 0, 1, 1, 1, 1], 2))).toEqual([9, 22]);
  });

  it("their means, quantiles and lengths are floats", () => {
    const x = integers([1, 2, 4, 2]);
    for (const [got, wanted] of [
      [x.norm(), 5],
      [x.norm(undefined, false, 1), 9],
      [x.norm(undefined, false, Number.POSITIVE_INFINITY), 4],
      [x.variance(), 1.1875],
      [x.std(), Math.fround(Math.sqrt(1.1875))],
      [integers([0]).logSumExp(), 0],
      [x.mean(), 2.25],
      [ops.median(x), 2],
      [ops.quantile(x, 1), 4],
    ] as const) {
      expect(got.dtype).toBe("float32");
      expect(got.item()).toBe(wanted);
    }
  });
});

describe("masks", () => {
  const labels = integers([3, 1, 2, 3]);
  const isThree = labels.equal(3);

  it("come from comparisons of every type, and go into choices, logic and counts", () => {
    expect(isThree.dtype).toBe("int32");
    expect(list(ops.where(isThree, labels, 0))).toEqual([3, 0, 0, 3]);
    expect(list(ops.where(isThree, tensor([1, 2, 3, 4]), -1))).toEqual([1, -1, -1, 4]);
    expect(list(ops.where(tensor([0.5, 0, Number.NaN, 0]), labels, -1))).toEqual([3, -1, 2, -1]);
    expect([ops.any(isThree).item(), ops.all(isThree).item()]).toEqual([1, 0]);
    expect(isThree.mean().item()).toBe(0.5);
    expect(isThree.sum().item()).toBe(2);
    expect(list(ops.logicalNot(isThree))).toEqual([0, 1, 1, 0]);
    expect(list(labels.greaterEqual(2))).toEqual([1, 0, 1, 1]);
    expect(list(labels.lessEqual(integers([3, 0, 2, 4])))).toEqual([1, 0, 1, 1]);
    expect(list(labels.notEqual(1))).toEqual([1, 0, 1, 1]);
    expect(list(ops.isFinite(labels))).toEqual([1, 1, 1, 1]);
    expect(list(ops.isNaN(labels))).toEqual([0, 0, 0, 0]);
  });

  it("of different types meet in logic", () => {
    const positive = tensor([1, -1, 2e-46 + 1e-30, -3]).greater(0);
    expect(list(ops.logicalAnd(isThree, positive))).toEqual([1, 0, 0, 0]);
    expect(list(ops.logicalOr(positive, isThree))).toEqual([1, 0, 1, 1]);
    expect(ops.logicalAnd(isThree, positive).dtype).toBe("int32");
    expect(ops.logicalOr(positive, isThree).dtype).toBe("float32");
  });

  it("choose items, and derivatives pass to those", () => {
    expect(list(ops.compress(isThree, labels))).toEqual([3, 3]);
    expect(list(ops.compress([true, false, false, true], tensor([1, 2, 3, 4])))).toEqual([1, 4]);
    expect(list(ops.compress(tensor([Number.NaN, 0]), tensor([[1, 2]]), 1))).toEqual([1]);
    expect(list(grad((x: Tensor) => ops.compress(isThree, x).square().sum())(tensor([1, 2, 3, 4])))).toEqual([
      2, 0, 0, 8,
    ]);
    expect(list(labels.take(ops.nonzero(isThree).reshape([-1])))).toEqual([3, 3]);
    expect(() => ops.compress(isThree, tensor([1, 2, 3]))).toThrow(
      "[compress] a condition of shape [4] does not fit axis 0 of shape [3].",
    );
    expect(() => ops.compress(tensor([[1, 0]]), tensor([1, 2]))).toThrow("a condition of shape [1, 2] does not fit");
  });

  it("stand beside what is differentiated", () => {
    const loss = (x: Tensor): Tensor =>
      x
        .mul(ops.cast(isThree, "float32"))
        .add(ops.where(isThree, x, 0))
        .sum();
    expect(list(grad(loss)(tensor([1, 2, 3, 4])))).toEqual([2, 0, 0, 2]);
  });
});
