// Gradients of compiled functions: the bits of the gradients of the functions themselves, and a program that computes them.
import { describe, expect, it, vi } from "vitest";
import { leavesOf } from "../../src/core/index.js";
import {
  compile,
  crossEntropy,
  grad,
  hvp,
  Key,
  loop,
  memory,
  random,
  scope,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
  where,
} from "../../src/index.js";
import { initialRule, initialStart, lifetime, presets, type Rule } from "../../src/plasticity/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const draw = (index: number, shape: readonly number[]): Tensor => random.normal(Key.of(11).fold(index), shape);
const bits = (tree: unknown): unknown => bitsOf(leavesOf("test", tree).map(({ tensor }) => tensor));

interface Params {
  readonly w: Tensor;
  readonly b: Tensor;
}

const params = (k: number): Params => ({ w: draw(k, [4, 3]), b: draw(k + 1, [3]) });
const x = draw(50, [5, 4]);

const network = ({ w, b }: Params, v: Tensor): Tensor =>
  v
    .matmul(w)
    .add(b)
    .tanh()
    .add(b.mul(w.row(0)))
    .square()
    .mean();

/** Compares a function of a function with the same of what that compiles to. */
function expectSame<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  use: (g: (...args: A) => R, k: number) => unknown,
): void {
  using fast = compile(f);
  for (let k = 0; k < 4; k++) expect(bits(use(fast, k)), `call ${k}`).toEqual(bits(use(f, k)));
}

describe("the gradient of a compiled function has the bits of the function's", () => {
  it("for values and gradients, with respect to one argument or another", () => {
    expectSame(network, (g, k) => valueAndGrad(g)(params(k), x));
    expectSame(network, (g, k) => grad((v: Tensor) => g(params(k), v))(x));
    expectSame(network, (g, k) => grad((p: Params, v: Tensor) => g(p, v.mul(p.b.row(0))))(params(k), x));
  });

  it("where arguments are used before, after and twice, and the function is called twice", () => {
    expectSame(network, (g, k) => grad((p: Params) => sum(p.w.square()).add(g(p, x)))(params(k)));
    expectSame(network, (g, k) => grad((p: Params) => g(p, x).add(sum(p.w.square())).mul(sum(p.b)))(params(k)));
    expectSame(network, (g, k) => grad((p: Params) => g(p, x).mul(g(p, x.mul(2))))(params(k)));
    expectSame(
      (a: Tensor, b: Tensor) => sum(a.mul(b).tanh().mul(a)),
      (g, k) => grad((a: Tensor) => g(a, a))(draw(k, [7])),
    );
  });

  it("for results of many parts, of which some are not used or are the arguments", () => {
    const f = (a: Tensor, b: Tensor) => {
      const y = a.matmul(b).tanh();
      return { y, again: y, a, total: sum(y), other: b.square(), name: "parts" };
    };
    const [a, b] = [draw(1, [3, 4]), draw(2, [4, 2])];
    expectSame(f, (g) => grad((u: Tensor) => g(u, b).total)(a));
    expectSame(f, (g) =>
      grad((u: Tensor) => {
        const { y, again, a: same, other } = g(u, b);
        return sum(y.mul(again)).add(sum(same)).add(sum(other));
      })(a),
    );
    expectSame(f, (g) => {
      const { value, pullback } = vjp((u: Tensor) => g(u, b).y, a);
      using back = pullback;
      return [value, back(draw(3, [3, 2])), back(draw(4, [3, 2]))];
    });
  });

  it("for what the function closes over", () => {
    const use = (g: <A extends readonly unknown[], R>(f: (...args: A) => R) => (...args: A) => R) =>
      grad((w: Tensor) => {
        const f = g((v: Tensor) => sum(v.mul(w).tanh()));
        return f(draw(1, [4])).add(f(w));
      })(draw(2, [4]));
    expect(bits(use((f) => compile(f)))).toEqual(bits(use((f) => f)));
  });

  it("for second derivatives, forward mode and batches", () => {
    const f = (v: Tensor): Tensor => sum(v.mul(v.tanh()).square());
    expectSame(f, (g, k) => grad((v: Tensor) => sum(grad(g)(v).square()))(draw(k, [5])));
    expectSame(f, (g, k) => hvp(g, draw(k, [5]), draw(k + 9, [5])));
    expectSame(f, (g, k) => vmap(grad(g))(draw(k, [3, 5])));
    expectSame(f, (g, k) => grad((m: Tensor) => sum(vmap(g)(m)))(draw(k, [3, 5])));
  });

  it.each(["off", { every: 3 }, { binomial: 2 }] as const)("in a loop, checkpoint %j", (checkpoint) => {
    const step = (w: Tensor, rate: Tensor): Tensor => w.add(x.transpose().matmul(x.matmul(w).tanh()).mul(rate));
    const run = (g: typeof step, r: Tensor): Tensor =>
      sum(loop(8, draw(3, [4, 3]), (w) => g(w, r), { checkpoint }).square());
    expectSame(step, (g, k) => valueAndGrad((r: Tensor) => run(g, r))(tensor(0.01 * (k + 1))));
  });

  it("for losses of labels, infinities, and lifetimes of plasticity with their outer products", () => {
    const labels = tensor([1, 0, 2, 1, 1], { dtype: "int32" });
    expectSame(
      (v: Tensor, y: Tensor) => sum(crossEntropy(v, y)),
      (g, k) => grad(g)(draw(k, [5, 3]), labels),
    );
    expectSame(
      (c: Tensor, v: Tensor) => sum(where(v.greater(0), v.mul(c), v.mul(c).mul(0))),
      (g, k) => grad(g)(tensor(2), tensor([1, k === 0 ? -1 : Number.NEGATIVE_INFINITY, 2])),
    );
    const { config } = presets.rcn;
    const sizes = [6, 5, 3];
    const start = initialStart(Key.of(0), sizes, config);
    const stream = { images: draw(4, [5, 6]), labels };
    const live = (r: Rule): Tensor[] => [...lifetime(config, r, start, stream)];
    expectSame(live, (g) =>
      grad(
        (r: Rule) =>
          g(r)
            .map((w) => sum(w.square()))
            .reduce((a, b) => a.add(b)),
        { unused: "zero" },
      )(initialRule(config, sizes)),
    );
  });
});

describe("the gradient of a compiled function", () => {
  it("traces the function twice, for the value and for the gradient, however often it is called", () => {
    const trace = vi.fn(network);
    using fast = compile(trace);
    const slope = valueAndGrad(fast);
    for (let k = 0; k < 20; k++) scope(() => void slope(params(k), x));
    expect(trace).toHaveBeenCalledTimes(2);
    expect(fast.plan().programs).toBe(2);
  });

  it("stores none of its intermediate results on the tape", () => {
    const f = (w: Tensor): Tensor => {
      let y = w;
      for (let k = 0; k < 50; k++) y = y.tanh().add(0.1);
      return sum(y);
    };
    const w = draw(1, [1000]);
    using fast = compile(f);
    const tape = (g: typeof f): number =>
      scope(() => {
        const { pullback } = vjp(g, w);
        using back = pullback;
        void back;
        return memory.stats().arenaBytes;
      });
    tape(fast);
    expect(tape(fast)).toBeLessThan(tape(f) / 10);
  });

  it("names a parameter that does not reach the result, or gives zeros", () => {
    using fast = compile(({ w }: Params) => sum(w));
    expect(() => grad(fast)(params(1))).toThrow(/"b".*does not/);
    expect(grad(fast, { unused: "zero" })(params(1)).b.toArray()).toEqual([0, 0, 0]);
  });

  it("gives its memory back", () => {
    const before = memory.stats();
    const fast = compile(network);
    scope(() => void grad(fast)(params(1), x));
    fast.dispose();
    expect(memory.stats().compiledBytes).toBe(before.compiledBytes);
    expect(memory.stats().live).toBe(before.live);
  });
});
