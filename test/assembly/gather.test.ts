import fc from "fast-check";
import { describe, it } from "vitest";
import { anyFloat, expectBits, kernels, law, ordinaryFloat, run, runInPlace, vector } from "./harness.js";
import { argsort, type Blocks, cumsum, take, takeAdd } from "./twins/gather.js";

const size = fc.integer({ min: 0, max: 5 });
const blocks: fc.Arbitrary<Blocks> = fc.record({
  outer: size,
  axis: fc.integer({ min: 1, max: 6 }),
  n: size,
  inner: fc.constantFrom(1, 2, 3, 5),
});
const indices = (length: number, axis: number) =>
  fc
    .array(fc.integer({ min: 0, max: axis - 1 }), { minLength: length, maxLength: length })
    .map((list) => Int32Array.from(list));

describe.each([false, true])("kernels that take elements by index, one index per element: %s", (along) => {
  const cases = blocks.chain((b) =>
    fc.tuple(
      fc.constant(b),
      vector(ordinaryFloat, b.outer * b.axis * b.inner),
      vector(ordinaryFloat, b.outer * b.n * b.inner),
      indices(along ? b.outer * b.n * b.inner : b.n, b.axis),
    ),
  );

  it("take the same elements as the twin", () => {
    fc.assert(
      fc.property(cases, ([b, x, like, index]) => {
        const kernel = along ? kernels.takeAlong : kernels.take;
        const got = run(like.length, [x, index], (o, p, i) => kernel(o, p, i, b.outer, b.axis, b.n, b.inner));
        expectBits(got, take(x, index, b, along));
      }),
      law,
    );
  });

  it("add in the twin's order", () => {
    fc.assert(
      fc.property(cases, ([b, y, x, index]) => {
        const kernel = along ? kernels.takeAlongAdd : kernels.takeAdd;
        const got = runInPlace(y, [x, index], (o, p, i) => kernel(o, p, i, b.outer, b.axis, b.n, b.inner));
        expectBits(got, takeAdd(y, x, index, b, along));
      }),
      law,
    );
  });
});

describe("kernels along an axis", () => {
  const cases = blocks.chain((b) =>
    fc.tuple(
      fc.constant(b),
      vector(ordinaryFloat, b.outer * b.axis * b.inner),
      vector(anyFloat, b.outer * b.axis * b.inner),
      fc.boolean(),
      fc.integer({ min: 0, max: b.axis }),
    ),
  );

  it("cumsum has its twin's bits", () => {
    fc.assert(
      fc.property(cases, ([{ outer, axis, inner }, x, , backward]) => {
        const got = run(x.length, [x], (o, p) => kernels.cumsum(o, p, outer, axis, inner, Number(backward)));
        expectBits(got, cumsum(x, axis, inner, backward));
      }),
      law,
    );
  });

  it("argsort has its twin's order, with NaN, zeros of both signs and ties", () => {
    fc.assert(
      fc.property(cases, ([{ outer, axis, inner }, , values, down, count]) => {
        const x = values.map((value, i) => (i % 3 === 0 ? Math.sign(value) : value));
        const scratch = new Int32Array(2 * axis);
        const wanted = argsort(x, outer, axis, inner, count, down);
        // The scratch follows the result in one block, as nothing else may be written.
        const got = run(wanted.length + scratch.length, [x], (o, p) =>
          kernels.argsort(o, p, o + 4 * wanted.length, outer, axis, inner, count, Number(down)),
        );
        expectBits(new Int32Array(got.buffer, 0, wanted.length), wanted, `${x}`);
      }),
      law,
    );
  });

  it("argsort sorts long rows", () => {
    fc.assert(
      fc.property(vector(ordinaryFloat, 100), (x) => {
        const wanted = argsort(x, 1, 100, 1, 100, false);
        const got = run(300, [x], (o, p) => kernels.argsort(o, p, o + 4 * 100, 1, 100, 1, 100, 0));
        expectBits(new Int32Array(got.buffer, 0, 100), wanted);
      }),
      law,
    );
  });
});
