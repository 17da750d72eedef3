import { describe, expect, it } from "vitest";
import { collector } from "../../src/core/index.js";
import { grad, hvp, jvp, memory, stop, type Tensor, type TreeOf, tensor, valueAndGrad, vjp } from "../../src/index.js";
import { relativeError } from "../laws/oracle.js";

interface Layer {
  readonly w: Tensor;
  readonly b: Tensor;
}

class Affine {
  constructor(
    readonly w: Tensor,
    readonly b: Tensor,
  ) {}
}

describe("grad", () => {
  it("takes interfaces, classes, tuples and nested trees, and returns the same structure", () => {
    const layer: Layer = { w: tensor([2, 3]), b: tensor([1, 1]) };
    const g = grad((p: Layer) => p.w.square().sum().add(p.b.mul(5).sum()))(layer);
    expect([g.w.toArray(), g.b.toArray()]).toEqual([
      [4, 6],
      [5, 5],
    ]);
    const ofClass = grad((p: Affine) => p.w.mul(3).add(p.b).square())(new Affine(tensor(2), tensor(1)));
    expect(ofClass).toBeInstanceOf(Affine);
    expect([ofClass.w.item(), ofClass.b.item()]).toEqual([42, 14]);
    const [first, { deep }] = grad(
      ([
        a,
        {
          deep: [b],
        },
      ]: readonly [Tensor, { deep: readonly [Tensor] }]) => a.mul(b),
    )([tensor(2), { deep: [tensor(7)] }]);
    expect([first.item(), deep[0].item()]).toEqual([7, 2]);
  });

  it("differentiates the first argument only", () => {
    expect(grad((x: Tensor, y: Tensor, n: number) => x.mul(y).mul(n))(tensor(2), tensor(3), 4).item()).toBe(12);
  });

  it("treats a captured tensor, even the parameter itself, as a constant", () => {
    const x = tensor(3);
    expect(grad((p: Tensor) => p.mul(x))(x).item()).toBe(3);
  });

  it("gives each leaf its own gradient, even if two leaves are the same tensor", () => {
    const x = tensor(3);
    const g = grad(({ a, b }: { a: Tensor; b: Tensor }) => a.square().add(b))({ a: x, b: x });
    expect([g.a.item(), g.b.item()]).toEqual([6, 1]);
  });

  it("names the parameter that does not reach the result, or gives zeros on request", () => {
    const net = { hidden: { w: tensor([1, 2]), bias: tensor([1, 2]) } };
    const loss = ({ hidden }: typeof net): Tensor => hidden.w.sum();
    expect(() => grad(loss)(net)).toThrow(/\[grad\] "hidden\.bias" does not reach the result.*\{ unused: "zero" \}/);
    expect(grad(loss, { unused: "zero" })(net).hidden.bias.toArray()).toEqual([0, 0]);
    expect(() => grad((x: Tensor) => stop(x).sum())(tensor([1]))).toThrow("the argument does not reach");
  });

  it("refuses results that are not one number", () => {
    expect(() => grad((x: Tensor) => x.mul(2))(tensor([1, 2]))).toThrow("[grad] the result has shape [2]");
    expect(() => grad((x: Tensor) => x.mul(2))(tensor([1]))).toThrow("End with .sum() or .mean().");
    expect(() => grad((() => 3) as never)(tensor(1) as never)).toThrow("[grad] the function returned a number");
  });

  it("frees the tape of a pullback that nobody holds", async () => {
    // What was left before is freed first, or it would be counted. Handles may be held until the end of their turn.
    const collect = async (): Promise<void> => {
      await new Promise((done) => setTimeout(done, 5));
      expect(collector.collect()).toBe(true);
    };
    await collect();
    const before = memory.stats();
    for (let i = 0; i < 20; i++) vjp((w: Tensor) => w.square().mul(w), tensor([1, 2, 3])).value.dispose();
    expect(memory.stats().tapes).toBe(before.tapes + 20);
    expect(memory.stats().arenaBytes).toBeGreaterThan(before.arenaBytes);
    await collect();
    expect(memory.stats().tapes).toBe(before.tapes);
    expect(memory.stats().arenaBytes).toBe(before.arenaBytes);
  });

  it("refuses leaves that have no derivative, by name", () => {
    const labels = tensor([1, 2], { dtype: "int32" });
    const floats = tensor([1, 2]);
    const refused = (run: () => unknown, message: string): void => {
      expect(run).toThrow(TypeError);
      expect(run).toThrow(message);
    };
    refused(() => jvp((x: Tensor) => x, labels, floats), "[jvp] the argument is int32; only floats have derivatives.");
    refused(() => jvp((x: Tensor) => x.mul(2), floats, labels), "[jvp] the direction is int32");
    refused(() => vjp((x: Tensor) => x, labels), "[vjp] the argument is int32");
    refused(() => vjp((x: Tensor) => ({ y: x.mul(2) }), floats).pullback({ y: labels }), '[pullback] "y" is int32');
    refused(() => grad(() => tensor(1, { dtype: "int32" }))(floats), "[grad] the result is int32");
    refused(
      () => grad((async () => floats) as never)(floats as never),
      "[grad] the function is asynchronous; it returned a promise",
    );
    const results: readonly [unknown, string][] = [
      [[floats], "an Array"],
      [3, "a number"],
      ["x", "a string"],
      [undefined, "undefined"],
      [{ loss: floats }, "an Object"],
    ];
    for (const [result, kind] of results) {
      refused(() => grad((() => result) as never)(floats as never), `returned ${kind}, not a tensor. Return the loss`);
    }
    expect(() => grad(((p: { n: Tensor }) => p.n) as never)({ n: labels } as never)).toThrow(
      '[grad] "n" is int32; only floats have derivatives. Pass it as a later argument.',
    );
    const wrong = (tree: unknown) => () => grad(((p: Tensor) => p) as never)(tree as never);
    expect(wrong({ layers: [{ w: "text" }] })).toThrow('"layers[0].w" is a string');
    expect(wrong({ rate: 0.1 })).toThrow('"rate" is a number, not a tensor. Wrap numbers in tensor().');
    expect(wrong({ f: () => 1 })).toThrow('"f" is a function');
    expect(wrong({ a: null })).toThrow('"a" is null');
    expect(wrong(3)).toThrow("the argument is a number");
  });

  it("of x^5 can be taken five times", () => {
    let f = (x: Tensor): Tensor => x.mul(x).mul(x).mul(x).mul(x);
    const at = (): number => f(tensor(2)).item();
    for (const wanted of [32, 80, 160, 240, 240, 120]) {
      expect(at()).toBe(wanted);
      f = grad(f);
    }
  });

  it("frees what it allocated if the function throws", () => {
    const x = tensor([1, 2]);
    const { arenaPeak: _, ...before } = memory.stats();
    const broken = (p: Tensor): Tensor => {
      p.mul(2).exp();
      throw new Error("broken");
    };
    for (const run of [() => grad(broken)(x), () => vjp(broken, x), () => jvp(broken, x, x), () => hvp(broken, x, x)]) {
      expect(run).toThrow("broken");
      expect(memory.stats()).toMatchObject(before);
    }
  });
});

describe("valueAndGrad", () => {
  it("gives the value with the gradient, also when nested", () => {
    const inner = (x: Tensor): Tensor => x.square().mul(x);
    const { value, grad: g } = valueAndGrad((x: Tensor) => {
      const both = valueAndGrad(inner)(x);
      return both.value.add(both.grad);
    })(tensor(2));
    expect([value.item(), g.item()]).toEqual([8 + 12, 12 + 12]);
  });
});

// Siskind and Pearlmutter 2005, "Perturbation confusion and referential transparency": d/dx (x d/dy (x + y)) is 1, and
// 2 for those who take one derivative's perturbation for the other's.
describe("perturbation confusion", () => {
  type Derivative = (f: (x: Tensor) => Tensor) => (x: Tensor) => Tensor;
  const one = tensor(1);
  const forward: Derivative = (f) => (x) => jvp(f, x, one).tangent;
  const reverse: Derivative = (f) => (x) => grad(f)(x);
  const pulled: Derivative = (f) => (x) => vjp(f, x).pullback(one);
  const modes = { forward, reverse, pulled };
  const pairs = Object.entries(modes).flatMap(([a, outer]) =>
    Object.entries(modes).map(([b, inner]) => [a, b, outer, inner] as const),
  );

  it.each(pairs)("%s over %s", (_a, _b, outer, inner) => {
    expect(outer((x) => x.mul(inner((y) => x.add(y))(tensor(1))))(tensor(1)).item()).toBe(1);
    expect(outer((x) => x.mul(inner((y) => x.mul(y))(tensor(2))))(tensor(3)).item()).toBe(6);
    // d/dx of x^2 y + x y at y = x, by both paths: 3 x^2 + 2 x, then its derivative
    expect(outer((x) => inner((y) => y.square().mul(y).add(y.square()))(x))(tensor(2)).item()).toBe(14);
  });

  it.each(pairs)(
    "%s over %s: other results of an inner derivative still depend on the outer variable",
    (_a, _b, outer, inner) => {
      const f = (x: Tensor): Tensor => {
        let product = x;
        const slope = inner((y) => {
          product = x.mul(x);
          return product.mul(y);
        })(tensor(5));
        return slope.mul(x);
      };
      expect(outer(f)(tensor(2)).item()).toBe(12);
    },
  );

  it("nested three deep in all eight combinations: the third derivative of x^4 is 24 x", () => {
    const quartic = (x: Tensor): Tensor => x.square().square();
    for (const a of [forward, reverse]) {
      for (const b of [forward, reverse]) {
        for (const c of [forward, reverse]) expect(a(b(c(quartic)))(tensor(1.5)).item()).toBe(36);
      }
    }
  });
});

describe("stop", () => {
  it("is a constant to grad, jvp and hvp", () => {
    const f = (x: Tensor): Tensor => x.mul(stop(x.square()));
    expect(grad(f)(tensor(3)).item()).toBe(9);
    expect(jvp(f, tensor(3), tensor(1)).tangent.item()).toBe(9);
    expect(grad((x: Tensor) => x.mul(x.stop()))(tensor(3)).item()).toBe(3);
    expect(hvp((x: Tensor) => x.square().mul(x.stop()), tensor(3), tensor(1)).item()).toBe(6);
  });
});

describe("vjp", () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ product: a.mul(b), sum: a.add(b).sum() });
  const at = { a: tensor([1, 2]), b: tensor([3, 4]) };

  it("gives a pullback for any number of cotangents, with zeros where there is no path", () => {
    const { value, pullback } = vjp(f, at);
    expect([value.product.toArray(), value.sum.item()]).toEqual([[3, 8], 10]);
    const product = tensor([1, 10]);
    for (let i = 0; i < 3; i++) {
      const g = pullback({ product, sum: tensor(100) });
      expect([g.a.toArray(), g.b.toArray()]).toEqual([
        [103, 140],
        [101, 120],
      ]);
    }
    pullback.dispose();
    const half = vjp((p: typeof at) => p.a.mul(2), at);
    expect(half.pullback(tensor([1, 1])).b.toArray()).toEqual([0, 0]);
  });

  it("takes cotangents by name, in any order", () => {
    const { pullback } = vjp((x: Tensor) => ({ a: x.mul(2), b: x.mul(3) }), tensor(1));
    expect(pullback({ b: tensor(10), a: tensor(1) }).item()).toBe(32);
  });

  it("says which cotangent does not fit", () => {
    const { pullback } = vjp(f, at);
    expect(() => pullback({ product: tensor(1), sum: tensor(1) })).toThrow(
      '[pullback] the cotangent for "product" is []; it needs shape [2].',
    );
    expect(() => pullback({ product: tensor([1, 2]) } as never)).toThrow('for "sum" is nothing');
  });

  it("frees its tape on dispose; after that the pullback throws", () => {
    const { arenaPeak: _, ...before } = memory.stats();
    {
      using pullback = vjp((x: Tensor) => x.exp().square(), at.a).pullback;
      expect(pullback(at.a).shape).toEqual([2]);
      expect(memory.stats().arenaBytes).toBeGreaterThan(before.arenaBytes);
    }
    expect(memory.stats().arenaBytes).toBe(before.arenaBytes);
    const { pullback } = vjp((x: Tensor) => x.exp().square(), at.a);
    const { live, tapes } = memory.stats();
    pullback.dispose();
    expect(memory.stats()).toMatchObject({ live, tapes: tapes - 1 });
    pullback.dispose();
    expect(memory.stats()).toMatchObject({ live, tapes: tapes - 1 });
    expect(() => pullback(at.a)).toThrow("[scope]");
    expect(memory.stats().arenaBytes).toBe(before.arenaBytes);
  });

  it("can be differentiated through: a pullback is linear in its cotangent", () => {
    const x = tensor(2);
    const { pullback } = vjp((p: Tensor) => p.square().mul(p), x);
    expect(grad((u: Tensor) => pullback(u).mul(u))(tensor(3)).item()).toBe(72);
    expect(jvp(pullback, tensor(3), tensor(1)).tangent.item()).toBe(12);
    expect(grad((p: Tensor) => vjp((q: Tensor) => q.square().mul(q), p).pullback(tensor(1)))(x).item()).toBe(12);
  });
});

describe("jvp", () => {
  it("takes a direction by name, in any order, and names what is missing", () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }): Tensor => a.mul(b);
    const at = { a: tensor(2), b: tensor(3) };
    expect(jvp(f, at, { b: tensor(1), a: tensor(10) }).tangent.item()).toBe(32);
    expect(() => jvp(f, at, { a: tensor(1) } as never)).toThrow('the direction for "b" is nothing; it needs shape [].');
    const odd = { "\u001b[2J": tensor(1) };
    expect(() => jvp(() => tensor(0), odd, {} as never)).toThrow('the direction for "\\u001b[2J" is nothing');
    expect(() => jvp(f, at, { a: tensor(1), b: tensor([1]) })).toThrow('for "b" is [1]');
  });

  it("gives zeros where nothing depends on the direction", () => {
    const { tangent } = jvp((x: Tensor) => [x, tensor([1, 2])], tensor(1), tensor(5));
    expect(tangent.map((t) => t.toArray())).toEqual([5, [0, 0]]);
  });
});

describe("hvp", () => {
  it("is the product with the Hessian, over trees", () => {
    // f = a^2 b: Hessian [[2b, 2a], [2a, 0]]
    const f = ({ a, b }: { a: Tensor; b: Tensor }): Tensor => a.square().mul(b);
    const h = hvp(f, { a: tensor(3), b: tensor(5) }, { a: tensor(1), b: tensor(10) });
    expect([h.a.item(), h.b.item()]).toEqual([70, 6]);
  });
});

describe("grad inside what is differentiated", () => {
  it("gives the derivative with respect to an inner learning rate, equal to differences in float64", () => {
    // w <- w - r dL/dw for L = sum cos-like (w^2 - t)^2 / 4: three steps, then the sum of w^3
    const targets = [0.3, 1.7, -0.6];
    const begin = [0.9, -1.3, 0.4];
    const plain = (rate: number): number => {
      let w = begin;
      for (let i = 0; i < 3; i++) w = w.map((x, j) => x - rate * x * (x * x - targets[j]));
      return w.reduce((total, x) => total + x ** 3, 0);
    };
    const t = tensor(targets);
    const inner = (w: Tensor): Tensor => w.square().sub(t).square().sum().mul(0.25);
    const outer = (rate: Tensor): Tensor => {
      let w = tensor(begin);
      for (let i = 0; i < 3; i++) w = w.sub(grad(inner)(w).mul(rate));
      return w.square().mul(w).sum();
    };
    const wanted = (plain(0.3 + 1e-6) - plain(0.3 - 1e-6)) / 2e-6;
    const tests: [string, number][] = [
      ["reverse", grad(outer)(tensor(0.3)).item()],
      ["forward", jvp(outer, tensor(0.3), tensor(1)).tangent.item()],
    ];
    for (const [mode, got] of tests) expect(relativeError([got], [wanted]), mode).toBeLessThan(1e-5);
  });
});

it("transforms are generic over trees", () => {
  const squares = <P extends TreeOf<P>>(p: P, loss: (p: P) => Tensor): P => grad(loss)(p);
  expect(squares({ x: tensor(4) }, ({ x }) => x.square()).x.item()).toBe(8);
});
