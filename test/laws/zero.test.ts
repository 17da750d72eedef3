// A cotangent of 0 stays 0 on its way back, and a tangent of 0 on its way forward, whatever the inputs: 0 times an infinite
// derivative is no NaN. For every op that works element by element, and for those that choose, move and add up elements.
import { expect, it } from "vitest";
import { grad, jvp, vjp } from "../../src/autodiff/index.js";
import { scope, type Tensor } from "../../src/core/index.js";
import { zerosLike } from "../../src/ops/index.js";
import { toTensor } from "../../src/testing/arrays.js";
import { type Case, casesOf } from "../../src/testing/case.js";
import { tested } from "./table.js";

/** Inputs at which some derivative is infinite, overflows or vanishes. */
const VALUES = [0, -0, Infinity, -Infinity, 1, -1, 1e30, -1e30, 1e-30, -1e-30, 3e38, 1e-45];
/** Others multiply whole rows, and there 0 times Infinity is NaN as it is in the product itself; or have no value there. */
const CHOOSING = /^(where|sum|max|broadcastTo|reshape|permute|slice|place|concat|stack|take|takeAlong|cumsum|prod)$/;
const ops = tested.filter(({ name, batch }) => batch === "elementwise" || CHOOSING.test(name));

const at = (c: Case, shift: number): Tensor[] => {
  const inputs = c.inputs.map(({ shape, data }, i) =>
    c.isInteger(i)
      ? { shape, data }
      : { shape, data: data.map((_, j) => VALUES[(5 * i + (i + 1) * j + shift) % VALUES.length]) },
  );
  return c.differentiable(inputs).map((input) => toTensor(input));
};
const total = (list: readonly Tensor[]): Tensor => list.map((x) => x.mul(0).sum()).reduce((a, b) => a.add(b));
const expectZeros = (list: readonly Tensor[], what: string): void => {
  for (const x of list) {
    expect(
      [...x.data()].every((value) => value === 0),
      `${what}: ${x}`,
    ).toBe(true);
  }
};

it("is asked of most ops", () => {
  expect(ops.length).toBeGreaterThan(55);
});

it.each(ops.map((op) => [op.name, op] as const))("%s: 0 stays 0", (_, op) => {
  scope(() => {
    for (const c of casesOf(op, 1)) {
      for (let shift = 0; shift < VALUES.length; shift++) {
        const p = at(c, shift);
        const f = (q: Tensor[]): Tensor[] => [...c.apply(q)];
        const { value, pullback } = vjp(f, p);
        expectZeros(pullback(value.map((y) => zerosLike(y))), `backward, at shift ${shift}`);
        pullback.dispose();
        const none = p.map((x) => zerosLike(x));
        expectZeros(jvp(f, p, none).tangent, `forward, at shift ${shift}`);
        const first = grad((q: Tensor[]) => total(f(q)), { unused: "zero" });
        expectZeros(grad((q: Tensor[]) => total(first(q)), { unused: "zero" })(p), `twice, at shift ${shift}`);
      }
    }
  });
});
