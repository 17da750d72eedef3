import { describe, expect, it } from "vitest";
import {
  customGrad,
  grad,
  hvp,
  jacobian,
  jvp,
  loop,
  memory,
  stop,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  where,
} from "../../src/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";

const spike = customGrad({
  name: "spike",
  forward: (u: Tensor) => [where(u.greater(0), 1, 0), { u }] as const,
  backward: ({ u }, dy) => [dy.div(u.mul(10).square().add(1))] as [Tensor],
});
const surrogate = (u: number): number => 1 / ((10 * u) ** 2 + 1);
const surrogateSlope = (u: number): number => (-200 * u) / ((10 * u) ** 2 + 1) ** 2;

// exp by a value that no derivative passes: only the rule can give one
const exp = customGrad({
  name: "myExp",
  forward: (x: Tensor) => {
    const y = stop(x.exp());
    return [y, { y }] as const;
  },
  backward: ({ y }, dy) => [dy.mul(y)] as [Tensor],
  forwardMode: ({ y }, [dx]) => dx.mul(y),
});

describe("customGrad", () => {
  it("computes forward, and its derivative is backward", () => {
    const u = tensor([-0.2, 0.05, 0.3]);
    expect(spike(u).toArray()).toEqual([0, 1, 1]);
    const got = grad((x: Tensor) =>
      spike(x)
        .mul(tensor([1, 2, 3]))
        .sum(),
    )(u);
    const wanted = [-0.2, 0.05, 0.3].map((x, i) => (i + 1) * surrogate(x));
    expect(relativeError(got.data(), wanted)).toBeLessThan(1e-6);
  });

  it("is differentiated again through backward, to the third order", () => {
    const second = grad((x: Tensor) => grad((y: Tensor) => spike(y))(x))(tensor(0.07)).item();
    expect(relativeError([second], [surrogateSlope(0.07)])).toBeLessThan(1e-5);
    const third = grad((x: Tensor) => grad((y: Tensor) => grad((z: Tensor) => spike(z))(y))(x))(tensor(0.07)).item();
    const wanted = (surrogateSlope(0.07 + 1e-5) - surrogateSlope(0.07 - 1e-5)) / 2e-5;
    expect(relativeError([third], [wanted])).toBeLessThan(1e-4);
  });

  it("gives a saved value the custom derivative, in every order and both modes", () => {
    const e = Math.exp(0.4);
    const forward = (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, x, tensor(1)).tangent;
    const reverse = (f: (x: Tensor) => Tensor) => (x: Tensor) => grad(f)(x);
    for (const a of [forward, reverse]) {
      for (const b of [forward, reverse]) {
        for (const c of [forward, reverse]) {
          expect(relativeError([a(b(c(exp)))(tensor(0.4)).item()], [e])).toBeLessThan(1e-6);
        }
      }
    }
    const { value, grad: g } = valueAndGrad((x: Tensor) => {
      const inner = valueAndGrad(exp)(x);
      return inner.value.mul(2).add(inner.grad);
    })(tensor(0.4));
    expect(relativeError([value.item(), g.item()], [3 * e, 3 * e])).toBeLessThan(1e-6);
  });

  it("differentiates through its residuals", () => {
    const cube = customGrad({
      forward: (x: Tensor) => [x.square().mul(x), { slope: x.square().mul(3) }] as const,
      backward: ({ slope }, dy) => [dy.mul(slope)] as [Tensor],
    });
    expect(grad((x: Tensor) => grad(cube)(x))(tensor(2)).item()).toBe(12);
  });

  it("takes and returns trees, and leaves out leaves that have no derivative", () => {
    const layer = customGrad({
      forward: (p: { w: Tensor; b: Tensor }, x: Tensor) =>
        [{ y: p.w.mul(x).add(p.b), z: x.mul(3) }, [p.w, { x }]] as const,
      backward: ([w, { x }], dy) => [{ b: dy.y.mul(10), w: dy.y.mul(x) }, dy.z.add(w.mul(dy.y))] as const,
    });
    const f = (p: { w: Tensor; b: Tensor; x: Tensor }): Tensor => {
      const { y } = layer({ w: p.w, b: p.b }, p.x);
      return y.mul(2);
    };
    const g = grad(f)({ w: tensor(3), b: tensor(1), x: tensor(5) });
    expect([g.w.item(), g.b.item(), g.x.item()]).toEqual([10, 20, 6]);
    const half = customGrad({
      forward: (a: Tensor, b: Tensor) => [a.mul(b), a] as const,
      backward: (a, dy) => [undefined, dy.mul(a)] as const,
    });
    expect(grad((b: Tensor) => half(tensor(3), b))(tensor(2)).item()).toBe(3);
    expect(() => grad((a: Tensor) => half(a, tensor(2)))(tensor(3))).toThrow("does not reach the result");
  });

  it("can reverse a gradient: its value may be its argument", () => {
    const reverse = customGrad({
      forward: (x: Tensor) => [x, x] as const,
      backward: (x, dy) => [dy.mul(x).neg()] as [Tensor],
    });
    const f = (x: Tensor): Tensor => reverse(x.mul(2)).sum();
    expect(grad(f)(tensor([1, 2])).toArray()).toEqual([-4, -8]);
    expect(grad((x: Tensor) => grad(f)(x).sum())(tensor([1, 2])).toArray()).toEqual([-4, -4]);
  });

  it("refuses forward mode at once if it has no rule for it, and gives its name", () => {
    const message = "[spike] has no forward rule, so jvp, hvp and forward mode cannot pass it.";
    expect(() => jvp(spike, tensor(0.1), tensor(1))).toThrow(message);
    expect(() => hvp((x: Tensor) => spike(x).square(), tensor(0.1), tensor(1))).toThrow(message);
    expect(() => jvp((x: Tensor) => grad(spike)(x), tensor(0.1), tensor(1))).toThrow(TypeError);
    // A tangent that does not come near it needs no rule.
    expect(jvp((x: Tensor) => x.mul(spike(tensor(0.1))), tensor(2), tensor(1)).tangent.item()).toBe(1);
    expect(jvp((x: Tensor) => grad(spike)(tensor(0)).mul(x), tensor(2), tensor(1)).tangent.item()).toBe(1);
  });

  it("refuses a forward function that closes over tensors whose derivative would be lost", () => {
    const scaled = (w: Tensor, read: (w: Tensor) => Tensor) =>
      customGrad({
        name: "scaled",
        forward: (x: Tensor) => [x.mul(read(w)), undefined] as const,
        backward: (_, dy) => [dy] as [Tensor],
        forwardMode: (_, [dx]) => dx,
      });
    const f = (read: (w: Tensor) => Tensor) => (w: Tensor) => scaled(w, read)(tensor(2)).mul(w);
    const message = "[scaled] its forward function closes over a [] tensor that is being differentiated.";
    expect(() => grad(f((w) => w))(tensor(3))).toThrow(message);
    expect(() =>
      jvp(
        f((w) => w),
        tensor(3),
        tensor(1),
      ),
    ).toThrow(message);
    const pushed = (w: Tensor): Tensor => jvp((v: Tensor) => v.mul(w), tensor(1), tensor(1)).tangent;
    expect(() => grad(f(pushed))(tensor(3))).toThrow(message);
    expect(() => jvp(f(pushed), tensor(3), tensor(1))).toThrow(message);
    expect(() => hvp(f(pushed), tensor(3), tensor(1))).toThrow(message);
    expect(grad(f(stop))(tensor(3)).item()).toBe(6);
    expect(grad((x: Tensor) => scaled(tensor(4), (w) => w)(x))(tensor(3)).item()).toBe(1);
  });

  it("says what is wrong with a rule", () => {
    const broken = (parts: unknown) =>
      customGrad({
        name: "broken",
        forward: (x: Tensor) => [x.mul(2), undefined] as const,
        backward: () => parts as [Tensor],
        forwardMode: () => parts as Tensor,
      });
    const run = (parts: unknown) => () => grad((x: Tensor) => broken(parts)(x).sum())(tensor([1, 2]));
    expect(run(tensor(1))).toThrow("[broken] backward returned no list for 1 arguments.");
    expect(run([tensor(1), tensor(2)])).toThrow("[broken] backward returned 2 cotangents for 1 arguments.");
    expect(run([tensor(1)])).toThrow("[broken] backward returned []; it needs shape [2].");
    expect(run([3])).toThrow("[broken] the argument is a number, not a tensor.");
    expect(() => jvp(broken(tensor(1)), tensor([1, 2]), tensor([1, 2]))).toThrow(
      "[broken] forwardMode returned []; it needs shape [2].",
    );
  });

  it("works inside checkpointed loops, nested transforms and pullbacks", () => {
    const run = (checkpoint: "off" | { every: number }, order: 1 | 2) => {
      const neuron = (w: Tensor): Tensor =>
        loop(
          9,
          { v: tensor([0.1, -0.2, 0.3]), total: tensor(0) },
          ({ v, total }) => {
            const next = v.mul(0.9).add(w.mul(tensor([0.3, -0.4, 0.5])));
            const fired = spike(next.sub(0.5));
            return { v: next.sub(fired.mul(exp(w.mul(0.1)))), total: total.add(fired.mul(next).sum()) };
          },
          { checkpoint },
        ).total;
      const f = order === 1 ? neuron : (w: Tensor) => grad(neuron)(w).square().sum();
      return grad(f)(tensor([0.7, 1.1, 0.9]));
    };
    for (const every of [1, 2, 4]) {
      expect(bitsOf([run({ every }, 1)])).toEqual(bitsOf([run("off", 1)]));
      expect(relativeError(run({ every }, 2).data(), run("off", 2).data())).toBeLessThan(2e-5);
    }
    const { pullback } = vjp(spike, tensor(0.1));
    expect(pullback(tensor(2)).item()).toBe(1);
    pullback.dispose();
  });

  it("leaks no memory", () => {
    const x = tensor([0.1, 0.2]);
    const train = (): void => grad((u: Tensor) => spike(exp(u)).sum())(x).dispose();
    train();
    const { arenaPeak: _, ...before } = memory.stats();
    for (let i = 0; i < 100; i++) train();
    expect(memory.stats()).toMatchObject(before);
  });
});

describe("jacobian", () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }): { y: Tensor; s: Tensor } => ({
    y: a.matmul(b).tanh(),
    s: b.square().sum(),
  });
  const at = {
    a: tensor([
      [0.3, -0.5, 0.2],
      [0.7, 0.1, -0.9],
    ]),
    b: tensor([
      [1.1, 0.4],
      [-0.2, 0.8],
      [0.5, -0.6],
    ]),
  };

  it("has the shape of the result followed by that of the parameter, in both modes", () => {
    const reverse = jacobian(f)(at);
    const forward = jacobian(f, { mode: "forward" })(at);
    expect([reverse.y.a.shape, reverse.y.b.shape, reverse.s.a.shape, reverse.s.b.shape]).toEqual([
      [2, 2, 2, 3],
      [2, 2, 3, 2],
      [2, 3],
      [3, 2],
    ]);
    for (const [r, w] of [
      [reverse.y.a, forward.y.a],
      [reverse.y.b, forward.y.b],
      [reverse.s.b, forward.s.b],
    ]) {
      expect(w.shape).toEqual(r.shape);
      expect(relativeError(w.data(), r.data())).toBeLessThan(1e-6);
    }
    expect(reverse.s.a.data().every((x) => x === 0)).toBe(true);
    expect(forward.s.a.data().every((x) => x === 0)).toBe(true);
  });

  it("has pullbacks as its rows", () => {
    const whole = jacobian(f)(at).y.a;
    const { pullback } = vjp(f, at);
    const row = pullback({
      y: tensor([
        [0, 0],
        [1, 0],
      ]),
      s: tensor(0),
    }).a;
    expect(whole.row(1).row(0).toArray()).toEqual(row.toArray());
    pullback.dispose();
  });

  it("of a gradient is the Hessian, and can itself be differentiated, in every combination of modes", () => {
    // x0^2 x1 + x1^3: Hessian [[2 x1, 2 x0], [2 x0, 6 x1]]; the sum of its squares s, ds/dx1 = 8 x1 + 72 x1
    const cubic = (x: Tensor): Tensor =>
      x
        .row(0)
        .square()
        .mul(x.row(1))
        .add(x.row(1).square().mul(x.row(1)));
    const x = tensor([2, 3]);
    for (const a of ["reverse", "forward"] as const) {
      const hessian = jacobian(grad(cubic), { mode: a });
      expect(hessian(x).toArray()).toEqual([
        [6, 4],
        [4, 18],
      ]);
      const sumOfSquares = (p: Tensor): Tensor => hessian(p).square().sum();
      expect(grad(sumOfSquares)(x).toArray()).toEqual([32, 240]);
      expect(jvp(sumOfSquares, x, tensor([1, 0])).tangent.item()).toBe(32);
      for (const b of ["reverse", "forward"] as const) {
        const third = jacobian(jacobian(jacobian(cubic, { mode: b }), { mode: a }), { mode: b })(x);
        expect(third.toArray()).toEqual([
          [
            [0, 2],
            [2, 0],
          ],
          [
            [2, 0],
            [0, 6],
          ],
        ]);
      }
    }
  });

  it("takes further arguments, scalars and empty results", () => {
    expect(jacobian((x: Tensor, n: number) => x.mul(n))(tensor([1, 2]), 3).toArray()).toEqual([
      [3, 0],
      [0, 3],
    ]);
    expect(jacobian((x: Tensor) => x.square())(tensor(3)).item()).toBe(6);
    expect(jacobian((x: Tensor) => x.mul(tensor(new Float32Array(0))))(tensor(3)).shape).toEqual([0]);
  });

  it("refuses an unknown mode and more than six axes, and frees what it allocated", () => {
    expect(() => jacobian(f, { mode: "sideways" as never })).toThrow('[jacobian] mode "sideways" is unknown.');
    const deep = tensor(new Float32Array(1)).reshape([1, 1, 1, 1]);
    const { arenaPeak: _, ...before } = memory.stats();
    expect(() => jacobian((x: Tensor) => x.mul(2))(deep)).toThrow("have more than 6 axes together");
    jacobian(f)(at);
    const made = jacobian(grad((x: Tensor) => x.square().sum()))(at.a);
    made.dispose();
    expect(memory.stats().arenaBytes).toBe(before.arenaBytes);
  });
});
