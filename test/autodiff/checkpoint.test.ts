// checkpoint(f): the bits of f, and less on the tape. The Hessian, and what does not reach the result.
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  Key,
  loop,
  memory,
  random,
  scope,
  type Tensor,
  tensor,
  valueAndGrad,
  vmap,
} from "../../src/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";

const x = random.normal(Key.of(1), [6]);
const w = random.normal(Key.of(2), [6]);
/** Many intermediates, from the argument and from what it closes over. */
const deep = (y: Tensor): Tensor => {
  let z = y;
  for (let i = 0; i < 20; i++) z = z.mul(w).tanh().add(y);
  return z;
};

describe("checkpoint", () => {
  const kept = checkpoint(deep);
  const loss = (f: (y: Tensor) => Tensor) => (p: Tensor) => f(f(p).mul(0.5)).square().sum();

  it("has the bits of the function, in value, gradient, tangent and Hessian products", () => {
    expect(bitsOf([kept(x)])).toEqual(bitsOf([deep(x)]));
    expect(bitsOf([grad(loss(kept))(x)])).toEqual(bitsOf([grad(loss(deep))(x)]));
    const [one, other] = [kept, deep].map((f) => jvp(loss(f), x, w));
    expect(bitsOf([one.value, one.tangent])).toEqual(bitsOf([other.value, other.tangent]));
    expect(bitsOf([hvp(loss(kept), x, w)])).toEqual(bitsOf([hvp(loss(deep), x, w)]));
    // Of second derivatives both ways backward, the sums are taken in another order.
    const [h, wanted] = [kept, deep].map((f) => hessian(loss(f))(x).data());
    expect(relativeError(h, wanted)).toBeLessThan(1e-6);
  });

  it("passes the gradient to what the function closes over, and takes trees and values that are not tensors", () => {
    const f = (p: Tensor, { scale }: { scale: Tensor }, power: number): { y: Tensor; z: Tensor } => ({
      y: p.mul(w).pow(power),
      z: p.mul(scale),
    });
    const of =
      (g: typeof f) =>
      (all: Tensor[]): Tensor => {
        const { y, z } = g(all[0], { scale: all[1] }, 2);
        return y.sum().add(z.mul(all[0]).sum()).add(z.sum());
      };
    expect(bitsOf(grad(of(checkpoint(f)))([x, w]))).toEqual(bitsOf(grad(of(f))([x, w])));
  });

  it("counts an argument that it returns once", () => {
    const same = checkpoint((p: Tensor) => [p, p, p.mul(2)]);
    const f = (p: Tensor): Tensor =>
      same(p)
        .reduce((a, b) => a.add(b))
        .sum();
    expect(grad(f)(tensor([1, 2])).toArray()).toEqual([4, 4]);
    expect(grad((p: Tensor) => f(p).add(p.sum()))(tensor([1, 2])).toArray()).toEqual([5, 5]);
  });

  it("nests, and works inside loops, vmap and gradients", () => {
    const nested = checkpoint((p: Tensor) => kept(kept(p)));
    const twice = (p: Tensor): Tensor => deep(deep(p));
    expect(bitsOf([grad((p: Tensor) => nested(p).sum())(x)])).toEqual(bitsOf([grad((p: Tensor) => twice(p).sum())(x)]));
    const looped = (f: (y: Tensor) => Tensor) => (p: Tensor) => loop(3, p, (c) => f(c).tanh()).sum();
    expect(bitsOf([grad(looped(kept))(x)])).toEqual(bitsOf([grad(looped(deep))(x)]));
    const many = random.normal(Key.of(3), [4, 6]);
    expect(bitsOf([vmap(grad(loss(kept)))(many)])).toEqual(bitsOf([vmap(grad(loss(deep)))(many)]));
    const around = (f: (y: Tensor) => Tensor) => (p: Tensor) => vmap(f)(p).square().sum();
    expect(bitsOf([grad(around(kept))(many)])).toEqual(bitsOf([grad(around(deep))(many)]));
  });

  it("stores the results and not the way", () => {
    const big = random.normal(Key.of(4), [20_000]);
    const chain = (p: Tensor): Tensor => {
      let z = p;
      for (let i = 0; i < 30; i++) z = z.mul(0.9).tanh();
      return z;
    };
    const peak = (f: (p: Tensor) => Tensor): number => {
      let most = 0;
      const seen = (p: Tensor): Tensor => {
        let z = p;
        for (let i = 0; i < 8; i++) z = f(z);
        most = memory.stats().arenaBytes;
        return z.sum();
      };
      scope(() => grad(seen)(big));
      return most;
    };
    expect(peak(checkpoint(chain))).toBeLessThan(peak(chain) / 10);
  });

  it("says that the function was different the second time", () => {
    let calls = 0;
    const odd = checkpoint((p: Tensor) => p.mul(++calls));
    expect(() => grad((p: Tensor) => odd(p).square().sum())(x)).toThrow("[checkpoint] step 0 replayed differently");
    expect(() => checkpoint(() => 3 as never)()).toThrow("[checkpoint] the argument is a number, not a tensor.");
  });
});

describe("hessian", () => {
  it("of a quadratic form is its matrix, with the shapes of both leaves", () => {
    const a = random.normal(Key.of(5), [4, 4]);
    const form = (p: Tensor): Tensor => p.matmul(a).matmul(p).mul(0.5);
    const h = hessian(form)(random.normal(Key.of(6), [4]));
    const wanted = a.add(a.transpose()).mul(0.5);
    expect(h.sub(wanted).norm().item()).toBeLessThan(1e-6);
  });

  it("is a tree of trees, symmetric, and its products are those of hvp", () => {
    const f = ({ u, v }: { u: Tensor; v: Tensor }, c: number): Tensor => u.matmul(v).tanh().sum().mul(c).exp();
    const at = { u: random.normal(Key.of(7), [2, 3]).mul(0.3), v: random.normal(Key.of(8), [3]) };
    const h = hessian(f)(at, 0.5);
    expect(h.u.v.shape).toEqual([2, 3, 3]);
    expect(h.v.u.shape).toEqual([3, 2, 3]);
    const flat = (t: Tensor, rows: number): Tensor => t.reshape([rows, -1]);
    expect(flat(h.u.v, 6).sub(flat(h.v.u, 3).transpose()).norm().item()).toBeLessThan(1e-5);
    const direction = { u: random.normal(Key.of(9), [2, 3]), v: random.normal(Key.of(10), [3]) };
    const product = hvp((p: typeof at) => f(p, 0.5), at, direction);
    const got = flat(h.u.u, 6)
      .matvec(direction.u.reshape([6]))
      .add(flat(h.u.v, 6).matvec(direction.v));
    expect(
      got
        .sub(product.u.reshape([6]))
        .norm()
        .item(),
    ).toBeLessThan(1e-5 * (1 + product.u.norm().item()));
    const forward = jacobian(
      grad((p: typeof at) => f(p, 0.5)),
      { mode: "forward" },
    )(at);
    expect(forward.u.v.sub(h.u.v).norm().item()).toBeLessThan(1e-5);
  });

  it("and hvp say what to do about a parameter that does not reach the result", () => {
    const f = ({ u }: { u: Tensor; v: Tensor }): Tensor => u.square().sum();
    const at = { u: tensor([1, 2]), v: tensor([3]) };
    expect(() => hessian(f)(at)).toThrow('[grad] "v" does not reach the result.');
    expect(() => hvp(f, at, at)).toThrow('[grad] "v" does not reach the result.');
    const h = hessian(f, { unused: "zero" })(at);
    expect([h.u.u.toArray(), h.v.u.toArray()]).toEqual([
      [
        [2, 0],
        [0, 2],
      ],
      [[0, 0]],
    ]);
    const product = hvp(f, at, at, { unused: "zero" });
    expect([product.u.toArray(), product.v.toArray()]).toEqual([[2, 4], [0]]);
    const { value, grad: gradient } = valueAndGrad(f, { unused: "zero" })(at);
    expect([value.item(), gradient.v.toArray()]).toEqual([5, [0]]);
  });
});
