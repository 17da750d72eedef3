import { describe, expect, it } from "vitest";
import { grad, memory, type Tensor, tensor, valueAndGradAux } from "../../src/index.js";

describe("valueAndGradAux", () => {
  const f = (p: { w: Tensor }, x: Tensor) => {
    const y = p.w.mul(x);
    return [y.square().sum(), { activity: y, again: y, input: x, note: "as it was", steps: [1, 2] }] as const;
  };
  const x = tensor([2, 3]);
  const w = tensor([1, -1]);

  it("returns what else the function returned, whatever it is", () => {
    const { value, aux, grad: g } = valueAndGradAux(f)({ w }, x);
    expect(value.item()).toBe(13);
    expect(g.w.toArray()).toEqual([8, -18]);
    expect(aux.activity.toArray()).toEqual([2, -3]);
    expect([aux.note, aux.steps]).toEqual(["as it was", [1, 2]]);
    expect(aux.input).toBe(x);
    expect(aux.again).toBe(aux.activity);
  });

  it("keeps no memory except what it returns", () => {
    const before = memory.stats();
    const { value, aux, grad: g } = valueAndGradAux(f)({ w }, x);
    for (const tensor of [value, aux.activity, g.w]) tensor.dispose();
    const after = memory.stats();
    expect([after.persistentBytes, after.live, after.arenaBytes]).toEqual([
      before.persistentBytes,
      before.live,
      before.arenaBytes,
    ]);
  });

  it("lets an outer transform differentiate the auxiliary result", () => {
    const outer = (p: Tensor): Tensor => {
      const { aux, grad: g } = valueAndGradAux((q: Tensor) => [q.square().mul(q), q.square()] as const)(p);
      return aux.add(g);
    };
    expect(grad(outer)(tensor(2)).item()).toBe(4 + 12);
  });

  it("refuses a result that is not a pair", () => {
    expect(() => valueAndGradAux(((p: Tensor) => p) as never)(tensor(1) as never)).toThrow(
      "[grad] the function returned no pair. Return [loss, aux], or use valueAndGrad.",
    );
    expect(() => valueAndGradAux((p: Tensor) => [p, 1] as const)(tensor([1, 2]))).toThrow("the result has shape [2]");
    expect(() => valueAndGradAux((() => [1, 2]) as never)(tensor(1) as never)).toThrow("returned a number");
  });
});
