// Sweeps that share tensors: what one of them gathers is not another's, and none leaves anything on a tensor.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customGrad, grad, loop, type Tensor, tensor, vjp } from "../../src/index.js";
import { runs } from "../laws/settings.js";

describe("a sweep inside a sweep", () => {
  it("keeps the cotangents that both collect for the same tensor apart", () => {
    // Run again for the way back, each step asks for a gradient with respect to w while w's own cotangent grows. By hand:
    // x_n = x_0 + 0.1 n 2w, so that the gradient of sum(x_n w) is x_0 + 0.4 n w.
    const lived = (checkpoint: "off" | { every: number }) => (w: Tensor) =>
      loop(4, tensor([1, 2]), (x) => x.add(grad((v: Tensor) => v.square().sum())(w).mul(0.1)), { checkpoint })
        .mul(w)
        .sum();
    const w = tensor([0.5, -0.25]);
    for (const checkpoint of ["off", { every: 1 }, { every: 2 }] as const) {
      const found = grad(lived(checkpoint))(w).toArray() as number[];
      expect(found[0]).toBeCloseTo(1 + 1.6 * 0.5, 6);
      expect(found[1]).toBeCloseTo(2 + 1.6 * -0.25, 6);
    }
    expect(w.cotangent).toBeUndefined();
  });
});

describe("a sweep that fails", () => {
  it("removes its cotangents from the tensors", () => {
    let fail = true;
    const fragile = customGrad({
      name: "fragile",
      forward: (x: Tensor) => [x.mul(2), undefined] as const,
      backward: (_, dy) => {
        if (fail) throw new Error("not today");
        return [dy.mul(2)] as [Tensor];
      },
    });
    const x = tensor([1, 2]);
    // The sum is swept before the fragile op, so that x has a cotangent already when it fails.
    const { pullback } = vjp((u: Tensor) => fragile(u).sum().add(u.square().sum()), x);
    expect(() => pullback(tensor(1))).toThrow("not today");
    expect(x.cotangent).toBeUndefined();
    fail = false;
    expect(pullback(tensor(1)).toArray()).toEqual([4, 6]);
    pullback.dispose();
    expect(x.cotangent).toBeUndefined();
  });
});

describe("a matrix that several ops read", () => {
  /** One use: a product with a vector, either way, or a sum that hands one cotangent to two matrices. */
  type Use =
    | {
        readonly kind: "matvec";
        readonly of: number;
        readonly transpose: boolean;
        readonly x: number[];
        readonly y: number[];
      }
    | { readonly kind: "add"; readonly of: number; readonly and: number; readonly by: number[] };
  const [rows, columns, count] = [2, 3, 3];
  const whole = (length: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min: -4, max: 4 }), { minLength: length, maxLength: length });
  const which = fc.nat(count - 1);
  const use: fc.Arbitrary<Use> = fc.oneof(
    fc.boolean().chain((transpose) =>
      fc.record({
        kind: fc.constant("matvec" as const),
        of: which,
        transpose: fc.constant(transpose),
        x: whole(transpose ? rows : columns),
        y: whole(transpose ? columns : rows),
      }),
    ),
    fc.record({ kind: fc.constant("add" as const), of: which, and: which, by: whole(rows * columns) }),
  );

  /** The gradient of each matrix, from the definition. */
  function wanted(uses: readonly Use[]): number[][] {
    const sums = Array.from({ length: count }, () => new Array<number>(rows * columns).fill(0));
    for (const term of uses) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const at = i * columns + j;
          if (term.kind === "matvec")
            sums[term.of][at] += term.transpose ? term.x[i] * term.y[j] : term.y[i] * term.x[j];
          else {
            sums[term.of][at] += term.by[at];
            sums[term.and][at] += term.by[at];
          }
        }
      }
    }
    return sums;
  }

  // Whole numbers, so that every order of addition gives the same bits and nothing needs a tolerance.
  it.each([1, 2])(
    "receives the sum of the cotangents of its uses and changes no other matrix, %i ops from the parameter",
    (depth) => {
      fc.assert(
        fc.property(fc.array(use, { minLength: 1, maxLength: 7 }), (uses) => {
          const parameters = Array.from({ length: count }, (_, i) =>
            tensor(
              Array.from({ length: rows * columns }, (_, at) => i + at),
              { shape: [rows, columns] },
            ),
          );
          const loss = (p: Tensor[]): Tensor => {
            const read = depth === 1 ? p : p.map((w) => w.mul(2));
            return uses
              .map((term) =>
                term.kind === "matvec"
                  ? read[term.of].matvec(tensor(term.x), term.transpose).mul(tensor(term.y)).sum()
                  : read[term.of]
                      .add(read[term.and])
                      .mul(tensor(term.by, { shape: [rows, columns] }))
                      .sum(),
              )
              .reduce((a, b) => a.add(b));
          };
          const found = grad(loss, { unused: "zero" })(parameters);
          expect(found.map((g) => Array.from(g.data(), (x) => x / depth + 0))).toEqual(
            wanted(uses).map((g) => g.map((x) => x + 0)),
          );
        }),
        runs(400),
      );
    },
  );
});
