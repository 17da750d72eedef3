// vmap inside, around and among the other transforms.
import { describe, expect, it } from "vitest";
import { rowOp } from "../../src/autodiff/index.js";
import {
  apply,
  customGrad,
  eye,
  grad,
  hvp,
  jacobian,
  jvp,
  Key,
  loop,
  matmul,
  mean,
  prod,
  random,
  scan,
  softmax,
  square,
  stack,
  sum,
  type Tensor,
  tanh,
  tensor,
  vjp,
  vmap,
} from "../../src/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const key = Key.of(11);
const w = random.normal(key.fold(0), [4, 3]);
const xs = random.normal(key.fold(1), [5, 4]);
const ys = random.normal(key.fold(2), [5, 3]);
const rows = (x: Tensor): Tensor[] => Array.from({ length: x.shape[0] }, (_, index) => apply(rowOp, [x], { index }));
const loss = (p: Tensor, x: Tensor, y: Tensor): Tensor => mean(square(tanh(matmul(x, p)).sub(y)));

/** The bits of `mapped` are those of `single` of each example. */
function expectStacked(mapped: Tensor, single: (i: number) => Tensor): void {
  const wanted = stack(Array.from({ length: mapped.shape[0] }, (_, i) => single(i)));
  expect(mapped.shape).toEqual(wanted.shape);
  expect(bitsOf([mapped])).toEqual(bitsOf([wanted]));
}

describe("inside vmap", () => {
  it("grad gives the gradient of each example in shared parameters", () => {
    const each = vmap(grad(loss), { axes: [null, 0, 0] })(w, xs, ys);
    expectStacked(each, (i) => grad(loss)(w, rows(xs)[i], rows(ys)[i]));
  });

  it("jvp, hvp, jacobian and vjp act on each example", () => {
    const [x, y] = [rows(xs), rows(ys)];
    const push = (p: Tensor, a: Tensor, b: Tensor): Tensor => jvp((q: Tensor) => loss(q, a, b), p, p).tangent;
    expectStacked(vmap(push, { axes: [null, 0, 0] })(w, xs, ys), (i) => push(w, x[i], y[i]));
    const curve = (p: Tensor, a: Tensor, b: Tensor): Tensor => hvp((q: Tensor) => loss(q, a, b), p, p);
    expectStacked(vmap(curve, { axes: [null, 0, 0] })(w, xs, ys), (i) => curve(w, x[i], y[i]));
    for (const mode of ["reverse", "forward"] as const) {
      const slopes = (a: Tensor): Tensor => jacobian((q: Tensor) => softmax(matmul(q, w)), { mode })(a);
      expectStacked(vmap(slopes)(xs), (i) => slopes(x[i]));
    }
    const pulled = (a: Tensor, b: Tensor): Tensor => {
      const { pullback } = vjp((q: Tensor) => tanh(matmul(q, w)), a);
      return pullback(b);
    };
    expectStacked(vmap(pulled)(xs, ys), (i) => pulled(x[i], y[i]));
  });

  it.each(["auto", "off", { every: 2 }, { binomial: 2 }] as const)(
    "gradients through loops, checkpoint %j",
    (checkpoint) => {
      const life = (p: Tensor, a: Tensor): Tensor =>
        sum(loop(7, a, (s: Tensor, t) => tanh(matmul(matmul(s, p), p.transpose()).add(t * 0.1)), { checkpoint }));
      expectStacked(vmap(grad(life), { axes: [null, 0] })(w, xs), (i) => grad(life)(w, rows(xs)[i]));
      const learnt = (a: Tensor): Tensor =>
        loop(3, w, (p: Tensor) => p.sub(grad((q: Tensor) => life(q, a))(p).mul(0.01)), { checkpoint });
      expectStacked(vmap(learnt)(xs), (i) => learnt(rows(xs)[i]));
    },
  );

  it("scan stacks what each example keeps", () => {
    const run = (a: Tensor): Tensor => scan(4, a, (s: Tensor) => [s.mul(0.5), s.square()] as const)[1];
    expectStacked(vmap(run)(xs), (i) => run(rows(xs)[i]));
  });
});

describe("around vmap", () => {
  it("grad is the sum over the examples of the gradients inside", () => {
    const total = grad((p: Tensor) => sum(vmap(loss, { axes: [null, 0, 0] })(p, xs, ys)))(w);
    const each = sum(vmap(grad(loss), { axes: [null, 0, 0] })(w, xs, ys), 0);
    const off = total.sub(each).abs().max().item();
    expect(off).toBeLessThan(1e-6 * each.abs().max().item());
  });

  it.each(["auto", "off", { every: 2 }, { binomial: 2 }] as const)(
    "grad through vmapped loops, checkpoint %j",
    (checkpoint) => {
      const life = (p: Tensor, a: Tensor): Tensor =>
        sum(loop(6, a, (s: Tensor) => tanh(matmul(matmul(s, p), p.transpose())), { checkpoint }));
      const mapped = grad((p: Tensor) => sum(vmap(life, { axes: [null, 0] })(p, xs)))(w);
      const single = rows(xs)
        .map((x) => grad(life)(w, x))
        .reduce((a, b) => a.add(b));
      expect(mapped.sub(single).abs().max().item()).toBeLessThan(1e-5 * single.abs().max().item());
      const twice = grad((p: Tensor) => sum(square(vmap(grad(life), { axes: [null, 0] })(p, xs))))(w);
      const apart = rows(xs)
        .map((x) => grad((p: Tensor) => sum(square(grad(life)(p, x))))(w))
        .reduce((a, b) => a.add(b));
      expect(twice.sub(apart).abs().max().item()).toBeLessThan(1e-5 * apart.abs().max().item());
    },
  );

  it("parameters that are closed over get their gradient", () => {
    const f = (p: Tensor): Tensor => sum(vmap((x: Tensor) => tanh(matmul(x, p.mul(2))))(xs));
    const plain = grad((p: Tensor) => sum(tanh(matmul(xs, p.mul(2)))))(w);
    expect(grad(f)(w).sub(plain).abs().max().item()).toBeLessThan(1e-6);
  });

  it("vmap of vmap equals one vmap over both axes", () => {
    const f = (a: Tensor, b: Tensor): Tensor => grad((q: Tensor) => sum(square(q.sub(b))))(a);
    const both = vmap(vmap(f, { axes: [null, 0] }), { axes: [0, null] })(ys, ys);
    expect(both.shape).toEqual([5, 5, 3]);
    for (let i = 0; i < 5; i++) {
      const row = rows(both)[i];
      expectStacked(row, (j) => f(rows(ys)[i], rows(ys)[j]));
    }
  });
});

it("a fused op has its derivative at any depth, wherever the sweep is", () => {
  const [n, m] = [3, 4];
  const all = random.normal(key.fold(5), [2, n, m]);
  const slope = grad((x: Tensor) => prod(x));
  const nested = vmap(vmap(slope))(all);
  rows(all).forEach((part, i) => {
    expectStacked(rows(nested)[i], (j) => slope(rows(part)[j]));
  });
  // Forward under one vmap, back under two.
  const jacobians = vmap((x: Tensor) => {
    const { pullback } = vjp((y: Tensor) => prod(y, 1), x);
    return vmap((pick: Tensor) => pullback(pick))(eye(n));
  })(all);
  rows(all).forEach((part, i) => {
    const { pullback } = vjp((y: Tensor) => prod(y, 1), part);
    expectStacked(rows(jacobians)[i], (j) => pullback(rows(eye(n))[j]));
  });
});

describe("a custom derivative", () => {
  const spike = customGrad({
    forward: (x: Tensor) => [x.greater(0), x] as const,
    backward: (x: Tensor, d: Tensor) => [d.mul(x.mul(3))] as [Tensor],
  });
  it("is kept inside and around vmap", () => {
    const f = (x: Tensor): Tensor => sum(spike(x).mul(x));
    const single = stack(rows(xs).map((x) => grad(f)(x)));
    expect(bitsOf([vmap(grad(f))(xs)])).toEqual(bitsOf([single]));
    expect(bitsOf([grad((all: Tensor) => sum(vmap(f)(all)))(xs)])).toEqual(bitsOf([single]));
    const twice = stack(rows(xs).map((x) => grad((p: Tensor) => sum(square(grad(f)(p))))(x)));
    const around = grad((all: Tensor) => sum(square(vmap(grad(f))(all))))(xs);
    expect(around.sub(twice).abs().max().item()).toBeLessThan(1e-5 * twice.abs().max().item());
  });
});

describe("axes", () => {
  it("say where the examples are in arguments and results, by number or tree", () => {
    const turned = xs.transpose();
    const f = ({ x, b }: { x: Tensor; b: Tensor }): { y: Tensor; b: Tensor } => ({ y: x.add(b), b });
    const b = tensor([1, 2, 3, 4]);
    const made = vmap(f, { axes: [{ x: 1, b: null }], out: { y: -1, b: 0 } })({ x: turned, b });
    expect(made.y.shape).toEqual([4, 5]);
    expect(bitsOf([made.y])).toEqual(bitsOf([turned.add(b.reshape([4, 1]))]));
    expect(made.b.shape).toEqual([5, 4]);
  });

  it("leave trees as they are, including classes and keys of any name", () => {
    class Pair {
      constructor(
        readonly x: Tensor,
        readonly b: Tensor,
      ) {}
    }
    const sides = vmap((p: Pair) => p, { axes: [{ x: 0, b: null }], out: { x: 1, b: 0 } });
    const made = sides(new Pair(xs, ys));
    expect(made).toBeInstanceOf(Pair);
    expect(made.x.shape).toEqual([4, 5]);
    const named = (value: unknown): never =>
      Object.defineProperty({}, "__proto__", { value, enumerable: true }) as never;
    const proto = vmap((tree: never) => tree, { axes: [named(0)], out: named(1) })(named(xs));
    expect(Object.keys(proto)).toEqual(["__proto__"]);
    expect((Object.values(proto)[0] as Tensor).shape).toEqual([4, 5]);
  });

  it("that do not fit are refused with the cure", () => {
    expect(() => vmap((a: Tensor, b: Tensor) => a.add(b))(xs, tensor([[1], [2]]))).toThrow(
      /argument 1.*5 examples.*argument 2.*2/,
    );
    expect(() => vmap((a: Tensor) => a, { axes: [2] })(xs)).toThrow(/axis 2 is outside shape \[5, 4\]/);
    expect(() => vmap((a: Tensor) => a, { axes: [null] })(xs)).toThrow(/no argument has examples/);
    expect(() => vmap((a: Tensor) => a)(tensor([], { shape: [0, 2] }))).toThrow(/no examples/);
    expect(() => vmap((a: Tensor) => a.mul(a.item()))(tensor([1, 2]))).toThrow(/one of 2 examples.*where\(\)/);
  });

  it("a handle that leaves its vmap says what it is", () => {
    let leaked: Tensor | undefined;
    vmap((a: Tensor) => {
      leaked = a;
      return a;
    })(xs);
    expect(() => leaked!.data()).toThrow();
    expect(String(leaked!.describe())).toMatch(/inside vmap/);
  });
});
