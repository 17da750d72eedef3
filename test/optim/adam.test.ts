import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, loop, memory, scope, square, sum, type Tensor, tensor, zeros } from "../../src/index.js";
import { type AdamState, adam } from "../../src/optim/index.js";

interface Params {
  readonly a: Tensor;
  readonly b: readonly Tensor[];
}

/** Kingma and Ba's algorithm 1 in float64, one parameter. */
function loop64(p: number, gradients: readonly number[], lr: number, beta1 = 0.9, beta2 = 0.999, eps = 1e-8): number {
  let [m, v] = [0, 0];
  gradients.forEach((g, i) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    p -= (lr * (m / (1 - beta1 ** (i + 1)))) / (Math.sqrt(v / (1 - beta2 ** (i + 1))) + eps);
  });
  return p;
}

describe("adam", () => {
  it("follows its formula in float64, for any gradients", () => {
    const numbers = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(numbers, fc.array(numbers, { minLength: 1, maxLength: 20 }), (start, gradients) =>
        scope(() => {
          const optimizer = adam({ lr: 0.01 });
          let p = tensor(start);
          let state = optimizer.init(p);
          for (const g of gradients) ({ params: p, state } = optimizer.step(p, tensor(g), state));
          const rounded = gradients.map(Math.fround).map((g) => (Math.abs(g) < 1e-15 ? 0 : g)); // g² is 0 in float32
          expect(p.item()).toBeCloseTo(loop64(Math.fround(start), rounded, 0.01), 4);
          expect(state.step.item()).toBe(gradients.length);
        }),
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  it("takes three parameters to known positions over five steps", () => {
    const optimizer = adam({ lr: 0.01 });
    const gradients = [
      [0.1, -0.2, 0.3],
      [0.4, 0, -0.6],
      [-0.05, 0.25, 1.5],
      [0, 0, 0],
      [2, -1, 0.01],
    ];
    let p = tensor([0.5, -1.25, 2]);
    let state = optimizer.init(p);
    for (const g of gradients) ({ params: p, state } = optimizer.step(p, tensor(g), state));
    // Python's floats, the same formula
    const expected = [0.4640233020055174, -1.2316694059515676, 1.981880665417986];
    expected.forEach((x, i) => {
      expect(p.data()[i]).toBeCloseTo(x, 6);
    });
  });

  it("takes a first step of size lr against the sign of the gradient, whatever its size", () => {
    const optimizer = adam({ lr: 0.5 });
    const p = tensor([0, 0, 0]);
    const { params } = optimizer.step(p, tensor([1e-3, -1e4, 0]), optimizer.init(p));
    expect(params.data()[0]).toBeCloseTo(-0.5, 4);
    expect(params.data()[1]).toBeCloseTo(0.5, 4);
    expect(params.data()[2]).toBe(0);
  });

  it("does not change its arguments, and can continue from any state", () => {
    const optimizer = adam({ lr: 0.1 });
    const loss = (p: Params) => sum(square(p.a)).add(square(p.b[0]));
    let params: Params = { a: tensor([1, -2]), b: [tensor(3)] };
    let state: AdamState<Params> = optimizer.init(params);
    for (let i = 0; i < 3; i++) ({ params, state } = optimizer.step(params, grad(loss)(params), state));
    const before = [params.a.data(), state.m.a.data(), state.v.b[0].data(), state.step.item()];
    const gradient = grad(loss)(params);
    const once = optimizer.step(params, gradient, state);
    const again = adam({ lr: 0.1 }).step(params, gradient, state);
    expect([params.a.data(), state.m.a.data(), state.v.b[0].data(), state.step.item()]).toEqual(before);
    expect(again.params.a.data()).toEqual(once.params.a.data());
    expect(again.state.v.b[0].data()).toEqual(once.state.v.b[0].data());
    expect(once.params.b).toHaveLength(1);
  });

  it("keeps no memory except what it returns", () => {
    const optimizer = adam({ lr: 0.1 });
    const p = tensor([1, 2]);
    const state = optimizer.init(p);
    const before = memory.stats();
    const { params, state: next } = optimizer.step(p, p, state);
    expect(memory.stats().arenaBytes).toBe(before.arenaBytes);
    expect(memory.stats().live).toBe(before.live + 4);
    for (const made of [params, next.m, next.v, next.step]) made.dispose();
    expect(memory.stats().persistentBytes).toBe(before.persistentBytes);
  });

  it("can be differentiated with respect to its step size, through a checkpointed loop, with a gradient of 0 in it", () => {
    const loss = (p: Tensor) => sum(square(p));
    const lossAfter = (lr: Tensor) => {
      const inner = adam({ lr });
      const p = tensor([0, 1, -2]);
      const end = loop<{ p: Tensor; s: AdamState<Tensor> }>(
        6,
        { p, s: inner.init(p) },
        ({ p, s }) => {
          const { params, state } = inner.step(p, grad(loss)(p), s);
          return { p: params, s: state };
        },
        { checkpoint: { every: 2 } },
      );
      return loss(end.p);
    };
    const difference = (lossAfter(tensor(0.051)).item() - lossAfter(tensor(0.049)).item()) / 0.002;
    expect(grad(lossAfter)(tensor(0.05)).item() / difference).toBeCloseTo(1, 3);
  });

  it("gives derivatives with respect to parameters that are not NaN if gradients are exactly 0", () => {
    const optimizer = adam({ lr: 0.05 });
    const loss = (p: Tensor) => sum(square(p));
    const lossAfter = (start: Tensor) => {
      let p = start;
      let state = optimizer.init(p);
      for (let i = 0; i < 3; i++) ({ params: p, state } = optimizer.step(p, grad(loss)(p), state));
      // Not of slope 0 at 0, where it would hide what the steps did.
      return loss(p).add(sum(p).mul(0.5));
    };
    const [atZero, atOne] = grad(lossAfter)(tensor([0, 1])).data();
    // Where every gradient is 0 a step goes nowhere, and so does its derivative: what is left is that of the sum.
    expect(atZero).toBe(0.5);
    const difference = (lossAfter(tensor([0, 1.001])).item() - lossAfter(tensor([0, 0.999])).item()) / 0.002;
    expect(atOne / difference).toBeCloseTo(1, 3);
  });

  it("names what does not fit", () => {
    const p: Params = { a: tensor([1, 2]), b: [tensor(1)] };
    const optimizer = adam({ lr: 0.1 });
    const state = optimizer.init(p);
    expect(() => optimizer.step(p, { a: zeros([3]), b: p.b }, state)).toThrow(
      '[adam] grads has "a" [3] where the parameters have "a" [2]. Pass trees of one structure.',
    );
    expect(() => optimizer.step(p, { ...p, b: [] }, state)).toThrow('grads ends where the parameters have "b[0]" []');
    expect(() => optimizer.step(p, { ...p, b: [...p.b, ...p.b] }, state)).toThrow("grads has 3 tensors");
    expect(() => optimizer.step(p, p, { ...state, v: { ...p, b: [] } })).toThrow("state.v ends");
    expect(() => adam({ lr: 0.1, beta1: 1 })).toThrow("[adam] beta1 is 1: give at least 0 and less than 1.");
    expect(() => adam({ lr: Number.NaN })).toThrow("[adam] lr is NaN");
    expect(() => adam({ lr: 1, eps: -1 })).toThrow("[adam] eps is -1");
  });
});
