// The laws that every op record obeys, first and second order, against differences of its float64 reference.
import { describe, expect, it } from "vitest";
import { type Array64, applyAll, grad, hvp, jvp, vjp } from "../../src/autodiff/index.js";
import { memory, scope, type Tensor } from "../../src/core/index.js";
import { outer, sum } from "../../src/ops/index.js";
import {
  type Case,
  casesOf,
  dot,
  expectClose,
  floats,
  projectionOf,
  relativeError,
  toArray64,
  toTensor,
} from "./oracle.js";
import { tested } from "./table.js";

/** Float32 against float64; measured worst cases are about a fifth of it. */
const FORWARD = 2e-6;
const FIRST = 1e-5;
const SECOND = 1e-4;

const STEP = 1e-5;
const SECOND_STEP = 1e-4;

/** J'u by central differences, one array an input that is differentiated. */
function pulled(c: Case): Array64[] {
  const each = c.inputs.map(({ shape, data }, i) => ({
    shape,
    data: data.map((_, at) => {
      const shifted = (by: number) => c.projection((input, element) => (input === i && element === at ? by : 0));
      return (shifted(STEP) - shifted(-STEP)) / (2 * STEP);
    }),
  }));
  return c.differentiable(each);
}

/** J v by central differences. */
function pushed(c: Case): Array64[] {
  const [up, down] = [STEP, -STEP].map((by) => c.moved((input, element) => by * c.direction[input].data[element]));
  return up.map(({ shape, data }, i) => ({ shape, data: data.map((x, at) => (x - down[i].data[at]) / (2 * STEP)) }));
}

/** The derivative of v . J'u in every input, by the mixed difference of four points. */
function secondOrder(c: Case): Array64[] {
  const h = SECOND_STEP;
  const each = c.inputs.map(({ shape, data }, i) => ({
    shape,
    data: data.map((_, at) => {
      const corner = (along: number, aside: number) =>
        c.projection(
          (input, element) => along * c.direction[input].data[element] + (input === i && element === at ? aside : 0),
        );
      return (corner(h, h) - corner(-h, h) - corner(h, -h) + corner(-h, -h)) / (4 * h * h);
    }),
  }));
  return c.differentiable(each);
}

/** A difference of 1e-16 / 1e-8 is noise: what the mixed difference gives for a constant. */
const silenced = (arrays: Array64[]): Array64[] =>
  arrays.map(({ shape, data }) => ({ shape, data: data.map((x) => (Math.abs(x) < 1e-6 ? 0 : x)) }));

const names = tested.map((op) => [op.name, op] as const);

describe.each(names)("%s", (_, op) => {
  const cases = casesOf(op);
  const cotangentsOf = (c: Case): Tensor[] => c.cotangents.map((u) => toTensor(u));
  const directionOf = (c: Case): Tensor[] => c.differentiable(c.direction).map((v) => toTensor(v));
  const pull = (c: Case, cotangents: readonly Tensor[]): Tensor[] => {
    const { pullback } = vjp((p: Tensor[]) => [...c.apply(p)], c.parameters());
    const gradients = pullback([...cotangents]);
    pullback.dispose();
    return gradients;
  };

  it("computes what its reference computes", () => {
    for (const c of cases) expectClose(c.apply(c.parameters()), c.outputs, FORWARD);
  });

  it("vjp is the transposed Jacobian of the reference", () => {
    for (const c of cases) expectClose(pull(c, cotangentsOf(c)), pulled(c), FIRST);
  });

  it("jvp is the Jacobian of the reference", () => {
    for (const c of cases) {
      const { value, tangent } = jvp((p: Tensor[]) => [...c.apply(p)], c.parameters(), directionOf(c));
      expectClose(value, c.outputs, FORWARD);
      expectClose(tangent, pushed(c), FIRST);
    }
  });

  it("vjp and jvp are transposes: u . J v = v . J'u", () => {
    for (const c of cases) {
      const { tangent } = jvp((p: Tensor[]) => [...c.apply(p)], c.parameters(), directionOf(c));
      const forward = dot(tangent.map(toArray64), c.cotangents);
      const reverse = dot(c.differentiable(c.direction), pull(c, cotangentsOf(c)).map(toArray64));
      const abs = (list: readonly Array64[]): Array64[] =>
        list.map(({ shape, data }) => ({ shape, data: data.map(Math.abs) }));
      const scale = dot(abs(tangent.map(toArray64)), abs(c.cotangents));
      expect(Math.abs(forward - reverse)).toBeLessThanOrEqual(FIRST * scale);
    }
  });

  it("vjp is linear in the cotangent", () => {
    for (const c of cases) {
      const u = c.cotangents.map((array) => toTensor(array));
      const w = c.cotangents.map(({ shape, data }, i) =>
        toTensor({ shape, data: floats(c.key.fold(300 + i), data.length) }),
      );
      const mixed = u.map((x, i) => x.mul(2).sub(w[i].mul(3)));
      const [ofU, ofW] = [pull(c, u), pull(c, w)];
      const wanted = ofU.map((x, i) => toArray64(x.mul(2).sub(ofW[i].mul(3))));
      expectClose(pull(c, mixed), wanted, FIRST);
    }
  });

  it("each result alone gives its part of the gradient", () => {
    for (const c of cases) {
      const parts = c.outputs.map((_, k) => {
        const { pullback } = vjp((p: Tensor[]) => c.apply(p)[k], c.parameters());
        const gradients = pullback(toTensor(c.cotangents[k]));
        pullback.dispose();
        return gradients;
      });
      const total = parts.reduce((a, b) => a.map((x, i) => x.add(b[i])));
      expectClose(total, pulled(c), FIRST);
    }
  });

  it("leaves out what is not needed without changing the rest", () => {
    for (const c of cases) {
      const [all, full] = [c.parameters(), pull(c, cotangentsOf(c))];
      all.forEach((parameter, i) => {
        const { pullback } = vjp((p: Tensor) => [...c.apply(all.map((other, j) => (j === i ? p : other)))], parameter);
        expectClose([pullback(cotangentsOf(c))], [toArray64(full[i])], 1e-7);
        pullback.dispose();
      });
    }
  });

  it("second order: reverse over reverse, forward over reverse and reverse over forward", () => {
    for (const c of cases) {
      const wanted = silenced(secondOrder(c));
      const [u, v] = [cotangentsOf(c), directionOf(c)];
      const scalar = (p: Tensor[]): Tensor => projectionOf(c.apply(p), u);
      const twice = grad((p: Tensor[]) => projectionOf(grad(scalar, { unused: "zero" })(p), v), { unused: "zero" });
      expectClose(twice(c.parameters()), wanted, SECOND, "reverse over reverse");
      const over = hvp((p: Tensor[]) => scalar(p).add(sum(p[0]).mul(0)), c.parameters(), v);
      expectClose(over, wanted, SECOND, "forward over reverse");
      const under = grad((p: Tensor[]) => projectionOf(jvp((q: Tensor[]) => [...c.apply(q)], p, v).tangent, u), {
        unused: "zero",
      });
      expectClose(under(c.parameters()), wanted, SECOND, "reverse over forward");
    }
  });

  it("leaves nothing behind", () => {
    const c = cases[0];
    const [parameters, u] = [c.parameters(), cotangentsOf(c)];
    const once = (): void => {
      scope(() => {
        c.apply(parameters);
      });
      const gradients = grad((p: Tensor[]) => projectionOf(c.apply(p), u), { unused: "zero" })(parameters);
      for (const gradient of gradients) gradient.dispose();
    };
    once();
    const { arenaPeak: _, ...before } = memory.stats();
    for (let i = 0; i < 100; i++) once();
    expect(memory.stats()).toMatchObject(before);
  });
});

describe.each(names.filter(([, op]) => "composition" in op))("%s, fused", (_, op) => {
  const composed = "composition" in op ? op.composition : undefined;

  it("is its composition, in value and gradient", () => {
    for (const c of casesOf(op, 4)) {
      const u = c.cotangents.map((array) => toTensor(array));
      const plain = vjp((p: Tensor[]) => [...composed!(c.arguments(p), c.sample.attributes)], c.parameters());
      const fused = vjp((p: Tensor[]) => [...c.apply(p)], c.parameters());
      expectClose(fused.value, plain.value.map(toArray64), FORWARD);
      expectClose(fused.pullback(u), plain.pullback(u).map(toArray64), FIRST);
      plain.pullback.dispose();
      fused.pullback.dispose();
    }
  });
});

describe.each(names.filter(([, op]) => op.lowRank))("%s, with cotangents of rank one", (_, op) => {
  it.each([1, 2, 3])("takes %i outer products, with and without a matrix, as it takes their sum", (count) => {
    for (const c of casesOf(op, 1)) {
      const last = c.outputs.length - 1;
      const [rows, columns] = c.outputs[last].shape;
      const vectors = Array.from({ length: count }, (_, k) => ({
        left: toTensor({ shape: [rows], data: floats(c.key.fold(400 + k), rows) }),
        right: toTensor({ shape: [columns], data: floats(c.key.fold(500 + k), columns) }),
      }));
      for (const withMatrix of [false, true]) {
        const matrix = toTensor(c.cotangents[last]);
        const weightOf = (p: Tensor[]): Tensor => applyAll(op, c.arguments(p), c.sample.attributes as undefined)[last];
        const thin = grad((p: Tensor[]) => {
          const w = weightOf(p);
          const read = vectors.map(({ left, right }, k) =>
            k % 2 === 0 ? sum(w.matvec(right).mul(left)) : sum(w.matvec(left, true).mul(right)),
          );
          return [...read, ...(withMatrix ? [sum(w.mul(matrix))] : [])].reduce((a, b) => a.add(b));
        });
        const dense = grad((p: Tensor[]) => {
          const total = vectors.map(({ left, right }) => outer(left, right)).reduce((a, b) => a.add(b));
          return sum(weightOf(p).mul(withMatrix ? total.add(matrix) : total));
        });
        const wanted = dense(c.parameters()).map(toArray64);
        const got = thin(c.parameters());
        wanted.forEach(({ data }, i) => {
          expect(relativeError(got[i].data(), data)).toBeLessThan(FIRST);
        });
      }
    }
  });
});
