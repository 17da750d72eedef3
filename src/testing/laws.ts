// The laws that every op record obeys, first and second order, in both modes, against its float64 reference. A law
// says what was computed and what was wanted; how large a difference is too large stands beside it.
import { type AnyOp, type Array64, applyAll, grad, jvp, loop, vjp } from "../autodiff/index.js";
import { type FloatName, memory, scope, type Tensor } from "../core/index.js";
import { outer, sum } from "../ops/index.js";
import { dot, floats, projectionOf, relativeError, toArray64 } from "./arrays.js";
import type { Case } from "./case.js";
import { pulled, pushed, secondOrder, thirdOrder } from "./differences.js";

/** Two lists of numbers that a law says are equal. */
export interface Compared {
  /** What the numbers are, for messages. */
  readonly what: string;
  readonly got: ArrayLike<number>;
  readonly wanted: ArrayLike<number>;
  /** What the difference is measured by; the largest element of `wanted` unless said. */
  readonly scale?: number;
}

/** A law of op records. */
export interface Law {
  readonly name: string;
  /** 0 for values, 1 to 3 for derivatives. */
  readonly order: 0 | 1 | 2 | 3;
  /** Differences below it, relative to the largest number wanted, are the type's own. */
  readonly tolerance: Readonly<Record<FloatName, number>>;
  /** Which ops it is about; all unless said. */
  applies?(op: AnyOp): boolean;
  /** What is compared in a case. */
  compare(c: Case): Compared[];
}

/** Measured worst cases are about a fifth of it. */
const FORWARD = { float32: 2e-6, float64: 1e-12 };
const FIRST = { float32: 1e-5, float64: 1e-12 };
const SECOND = { float32: 1e-4, float64: 1e-9 };
/** Third differences of references in float64 have about six digits. */
const THIRD = { float32: 1e-3, float64: 1e-5 };
/** For what has to agree exactly. */
const NOTHING = { float32: Number.MIN_VALUE, float64: Number.MIN_VALUE };

/** How far the two sides of a comparison are apart. */
export function errorOf({ got, wanted, scale }: Compared): number {
  if (scale === undefined) return relativeError(got, wanted);
  return Math.abs(got[0] - wanted[0]) / Math.max(scale, 1e-30);
}

/** What no domain contains. */
const SPECIAL = [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1, -1, 2];

/** 3 for NaN, 2 and -2 for the infinities, 0 for all finite numbers. */
const kindOf = (x: number): number => (Number.isNaN(x) ? 3 : Number.isFinite(x) ? 0 : 2 * Math.sign(x));

/** Tensors against arrays, one by one. Throws if a shape is wrong. */
function against(what: string, got: readonly Tensor[], wanted: readonly Array64[]): Compared[] {
  const shapes = (list: readonly { shape: readonly number[] }[]): string =>
    list.map(({ shape }) => `[${shape}]`).join();
  if (shapes(got) !== shapes(wanted)) {
    throw new RangeError(`${what}: the shapes are ${shapes(got)}, the reference has ${shapes(wanted)}`);
  }
  return got.map((x, i) => ({ what: `${what} #${i}`, got: x.data(), wanted: wanted[i].data }));
}

const cotangentsOf = (c: Case): Tensor[] => c.cotangents.map((u) => c.tensor(u));
const directionOf = (c: Case): Tensor[] => c.differentiable(c.direction).map((v) => c.tensor(v));

/** The gradients of `f` for these cotangents. */
function pullOf(f: (p: Tensor[]) => Tensor[], parameters: Tensor[], cotangents: readonly Tensor[]): Tensor[] {
  const { pullback } = vjp(f, parameters);
  const gradients = pullback([...cotangents]);
  pullback.dispose();
  return gradients;
}

const pull = (c: Case, cotangents: readonly Tensor[]): Tensor[] =>
  pullOf((p) => [...c.apply(p)], c.parameters(), cotangents);

/** The Hessian of the projected op times the direction, by one way of nesting the modes. */
function twice(c: Case, way: "reverse over reverse" | "forward over reverse" | "reverse over forward"): Compared[] {
  const [u, v] = [cotangentsOf(c), directionOf(c)];
  const gradient = grad((p: Tensor[]): Tensor => projectionOf(c.apply(p), u), { unused: "zero" });
  const along = (p: Tensor[]): Tensor => projectionOf(jvp((q: Tensor[]) => [...c.apply(q)], p, v).tangent, u);
  const ways = {
    "reverse over reverse": () =>
      grad((p: Tensor[]) => projectionOf(gradient(p), v), { unused: "zero" })(c.parameters()),
    "forward over reverse": () => jvp((p: Tensor[]) => gradient(p), c.parameters(), v).tangent,
    "reverse over forward": () => grad(along, { unused: "zero" })(c.parameters()),
  };
  return against(way, ways[way](), secondOrder(c));
}

/** The derivative of v . H v, the Hessian of the projected op between one direction, by reverse mode alone or with forward mode. */
function thrice(c: Case, way: "reverse three times" | "forward twice over reverse"): Compared[] {
  const [u, v] = [cotangentsOf(c), directionOf(c)];
  const gradient = grad((p: Tensor[]): Tensor => projectionOf(c.apply(p), u), { unused: "zero" });
  const product = grad((p: Tensor[]) => projectionOf(gradient(p), v), { unused: "zero" });
  const along = (f: (p: Tensor[]) => Tensor[]) => (p: Tensor[]) => jvp(f, p, v).tangent;
  const ways = {
    "reverse three times": grad((p: Tensor[]) => projectionOf(product(p), v), { unused: "zero" }),
    "forward twice over reverse": along(along(gradient)),
  };
  return against(way, ways[way](c.parameters()), thirdOrder(c));
}

/** The laws, in the order in which it pays to read their failures. */
export const laws: readonly Law[] = [
  {
    name: "computes what its reference computes",
    order: 0,
    tolerance: FORWARD,
    compare: (c) => against("value", c.apply(c.parameters()), c.outputs),
  },
  {
    name: "is infinite, or no number, where its reference is",
    order: 0,
    tolerance: NOTHING,
    compare: (c) =>
      SPECIAL.flatMap((_, shift) => {
        const at = (i: number): number => SPECIAL[(i + shift) % SPECIAL.length];
        const special = c.inputs.map(({ shape, data }, i) => ({ shape, data: data.map((_, j) => at(3 * i + j)) }));
        const inputs = c.inputs.map((input, i) => (c.isInteger(i) ? input : special[i]));
        const wanted = c.op.reference(inputs, c.sample.attributes);
        return c.apply(c.differentiable(inputs).map((input) => c.tensor(input))).map((x, i) => ({
          what: `kinds of value #${i} at shift ${shift}`,
          got: Array.from(x.data(), kindOf),
          wanted: Array.from(wanted[i].data, kindOf),
        }));
      }),
  },
  {
    name: "reverse: vjp is the transposed Jacobian of the reference",
    order: 1,
    tolerance: FIRST,
    compare: (c) => against("vjp", pull(c, cotangentsOf(c)), pulled(c)),
  },
  {
    name: "forward: jvp is the Jacobian of the reference",
    order: 1,
    tolerance: FIRST,
    compare: (c) => {
      const { value, tangent } = jvp((p: Tensor[]) => [...c.apply(p)], c.parameters(), directionOf(c));
      return [...against("value", value, c.outputs), ...against("jvp", tangent, pushed(c))];
    },
  },
  ...(["reverse over reverse", "forward over reverse", "reverse over forward"] as const).map(
    (way): Law => ({ name: `second order: ${way}`, order: 2, tolerance: SECOND, compare: (c) => twice(c, way) }),
  ),
  ...(["reverse three times", "forward twice over reverse"] as const).map(
    (way): Law => ({ name: `third order: ${way}`, order: 3, tolerance: THIRD, compare: (c) => thrice(c, way) }),
  ),
  {
    name: "vjp and jvp are transposes: u . J v = v . J'u",
    order: 1,
    tolerance: FIRST,
    compare: (c) => {
      const { tangent } = jvp((p: Tensor[]) => [...c.apply(p)], c.parameters(), directionOf(c));
      const forward = dot(tangent.map(toArray64), c.cotangents);
      const reverse = dot(c.differentiable(c.direction), pull(c, cotangentsOf(c)).map(toArray64));
      const sizes = (list: readonly Array64[]): Array64[] =>
        list.map(({ shape, data }) => ({ shape, data: data.map(Math.abs) }));
      const scale = dot(sizes(tangent.map(toArray64)), sizes(c.cotangents));
      return [{ what: "u . J v", got: [forward], wanted: [reverse], scale }];
    },
  },
  {
    name: "vjp is linear in the cotangent",
    order: 1,
    tolerance: FIRST,
    compare: (c) => {
      const u = cotangentsOf(c);
      const w = c.cotangents.map(({ shape, data }, i) =>
        c.tensor({ shape, data: floats(c.key.fold(300 + i), data.length) }),
      );
      const mixed = u.map((x, i) => x.mul(2).sub(w[i].mul(3)));
      const [ofU, ofW] = [pull(c, u), pull(c, w)];
      return against(
        "vjp of 2u - 3w",
        pull(c, mixed),
        ofU.map((x, i) => toArray64(x.mul(2).sub(ofW[i].mul(3)))),
      );
    },
  },
  {
    name: "each result alone gives its part of the gradient",
    order: 1,
    tolerance: FIRST,
    compare: (c) => {
      const parts = cotangentsOf(c).map((u, k) => pullOf((p) => [c.apply(p)[k]], c.parameters(), [u]));
      return against(
        "sum of the parts",
        parts.reduce((a, b) => a.map((x, i) => x.add(b[i]))),
        pulled(c),
      );
    },
  },
  {
    name: "leaves out what is not needed without changing the rest",
    order: 1,
    tolerance: { float32: 1e-7, float64: 1e-15 },
    compare: (c) => {
      const [all, full, u] = [c.parameters(), pull(c, cotangentsOf(c)), cotangentsOf(c)];
      return all.flatMap((parameter, i) => {
        const others = (p: Tensor): Tensor[] => all.map((other, j) => (j === i ? p : other));
        const alone = pullOf(([p]) => [...c.apply(others(p))], [parameter], u);
        return against(`vjp of input ${i} alone`, alone, [toArray64(full[i])]);
      });
    },
  },
  {
    name: "has the same bits in a checkpointed loop",
    order: 1,
    tolerance: NOTHING,
    compare: (c) => {
      const u = cotangentsOf(c);
      const [plain, checkpointed] = (["off", { every: 1 }] as const).map((checkpoint) =>
        grad((p: Tensor[]) => loop(3, sum(u[0]), (x) => x.mul(0.5).add(projectionOf(c.apply(p), u)), { checkpoint }), {
          unused: "zero",
        })(c.parameters()),
      );
      return against("checkpointed gradient", checkpointed, plain.map(toArray64));
    },
  },
  {
    name: "leaves nothing behind",
    order: 1,
    tolerance: NOTHING,
    compare: (c) => {
      const [parameters, u] = [c.parameters(), cotangentsOf(c)];
      const once = (): number[] => {
        scope(() => {
          c.apply(parameters);
        });
        const gradients = grad((p: Tensor[]) => projectionOf(c.apply(p), u), { unused: "zero" })(parameters);
        for (const gradient of gradients) gradient.dispose();
        const { live, persistentBytes, arenaBytes } = memory.stats();
        return [live, persistentBytes, arenaBytes];
      };
      const before = once();
      let after = before;
      for (let i = 0; i < 30; i++) after = once();
      return [{ what: "tensors, persistent bytes, arena bytes", got: after, wanted: before }];
    },
  },
  {
    name: "fused: is its composition, in value and gradient",
    order: 1,
    tolerance: FIRST,
    applies: (op) => "composition" in op,
    compare: (c) => {
      const composed = "composition" in c.op ? c.op.composition : undefined;
      const u = cotangentsOf(c);
      const plain = (p: Tensor[]): Tensor[] => [...composed!(c.arguments(p), c.sample.attributes)];
      return [
        ...against("value", c.apply(c.parameters()), plain(c.parameters()).map(toArray64)),
        ...against("gradient", pull(c, u), pullOf(plain, c.parameters(), u).map(toArray64)),
      ];
    },
  },
  {
    name: "takes outer products, with and without a matrix, as it takes their sum",
    order: 1,
    tolerance: FIRST,
    applies: (op) => op.lowRank === true,
    compare: (c) => [1, 2, 3].flatMap((count) => [...thin(c, count, false), ...thin(c, count, true)]),
  },
];

/** A cotangent for the last result, a matrix, of `count` outer products, kept thin and as one matrix. */
function thin(c: Case, count: number, withMatrix: boolean): Compared[] {
  const last = c.outputs.length - 1;
  const [rows, columns] = c.outputs[last].shape;
  const vectors = Array.from({ length: count }, (_, k) => ({
    left: c.tensor({ shape: [rows], data: floats(c.key.fold(400 + k), rows) }),
    right: c.tensor({ shape: [columns], data: floats(c.key.fold(500 + k), columns) }),
  }));
  const matrix = c.tensor(c.cotangents[last]);
  const weightOf = (p: Tensor[]): Tensor => applyAll(c.op, c.arguments(p), c.sample.attributes as undefined)[last];
  const kept = grad((p: Tensor[]) => {
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
  return against(`${count} outer products`, kept(c.parameters()), wanted);
}
