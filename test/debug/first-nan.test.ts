import { describe, expect, it } from "vitest";
import { firstNaN } from "../../src/debug/index.js";
import {
  customGrad,
  grad,
  jvp,
  loop,
  maximum,
  memory,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  where,
} from "../../src/index.js";

/** The place of the line `down` lines below the call. */
function here(down: number): string {
  const [, frame = ""] = (new Error().stack ?? "").split("\n").filter((line) => line.includes("first-nan.test"));
  return `first-nan.test.ts:${Number(/:(\d+):\d+\)?$/.exec(frame)?.[1]) + down}`;
}

describe("firstNaN", () => {
  it("is undefined if everything is finite", () => {
    expect(firstNaN(() => valueAndGrad((x: Tensor) => x.log().sum())(tensor([1, 2])))).toBeUndefined();
  });

  it("names the op and the line, outside gradients and inside", () => {
    const at = here(1);
    const f = (x: Tensor): Tensor => x.sub(1).log().mul(2).sum();
    expect(firstNaN(() => f(tensor([2, 1])))).toEqual({ op: "log", pass: "forward", at });
    expect(firstNaN(() => grad(f)(tensor([2, 0.5])))).toEqual({ op: "log", pass: "forward", at });
    expect(firstNaN(() => jvp(f, tensor([2, 0.5]), tensor([1, 1])))).toEqual({ op: "log", pass: "forward", at });
  });

  it("names the op whose derivative is NaN in the backward pass, also in a second derivative", () => {
    const at = here(1);
    const f = (x: Tensor): Tensor => x.sqrt().sum();
    expect(firstNaN(() => grad(f)(tensor([4, 0])))).toEqual({ op: "sqrt", pass: "backward", at });
    const { pullback } = vjp(f, tensor([0]));
    expect(firstNaN(() => pullback(tensor(1)))).toMatchObject({ op: "sqrt", pass: "backward" });
    pullback.dispose();
    // x sqrt(x) has the slope 0 at 0, and no second one
    const safe = (x: Tensor): Tensor => where(x.greater(0), maximum(x, 1e-40).sqrt().mul(x), 0).sum();
    expect(firstNaN(() => grad(safe)(tensor([0])))).toBeUndefined();
    const twice = grad((x: Tensor) => grad((y: Tensor) => y.square().mul(y.sqrt()).sum())(x).sum());
    expect(firstNaN(() => twice(tensor([0])))?.pass).toBe("backward");
  });

  it.each(["off", { every: 3 }, { binomial: 2 }] as const)("names the step of a loop: checkpoint %j", (checkpoint) => {
    // 1 - c / 8 after each step: 0 after step 7, whose logarithm is taken in step 8
    const at = here(7);
    const forward = (c: Tensor): Tensor =>
      loop(
        12,
        { c, l: tensor(0) },
        ({ c: now, l }) => ({
          c: now.sub(0.125),
          l: l.add(now.log()),
        }),
        { checkpoint },
      ).l;
    expect(firstNaN(() => grad(forward)(tensor(1)))).toEqual({ op: "log", pass: "forward", step: 8, at });
    let root = "";
    const backward = (x: Tensor): Tensor => {
      const body = (c: Tensor, step: number): Tensor => {
        if (step !== 5) return c.mul(1.1).add(x);
        root = here(1);
        return c.mul(0).sqrt().add(x);
      };
      return loop(9, x, body, { checkpoint });
    };
    const found = firstNaN(() => grad(backward)(tensor(1)));
    expect(found).toEqual({ op: "sqrt", pass: "backward", step: 5, at: root });
  });

  it("works with custom gradients and forward mode", () => {
    const bad = customGrad({
      name: "bad",
      forward: (x: Tensor) => [x.mul(2), undefined] as const,
      backward: (_, dy) => [dy.div(0)] as [Tensor],
      forwardMode: (_, [dx]) => dx.div(0),
    });
    expect(firstNaN(() => grad((x: Tensor) => bad(x))(tensor(1)))).toMatchObject({ op: "bad", pass: "backward" });
    expect(firstNaN(() => jvp(bad, tensor(1), tensor(1)))).toMatchObject({ op: "bad", pass: "forward" });
  });

  it("can be told that infinities are intended", () => {
    const f = (): Tensor => tensor([0, 1]).log().exp();
    expect(firstNaN(f)?.op).toBe("log");
    expect(firstNaN(f, { infinities: false })).toBeUndefined();
    expect(firstNaN(() => f().log().mul(0), { infinities: false })?.op).toBe("mulScalar");
  });

  it("lets other errors through, frees what was allocated, and leaves nothing switched on", () => {
    expect(() =>
      firstNaN(() => {
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(() => firstNaN(async () => undefined)).toThrow("[firstNaN] the function is asynchronous");
    const x = tensor([2, 0]);
    const { arenaPeak: _, memoryBytes: __, ...before } = memory.stats();
    const depth = Error.stackTraceLimit;
    expect(firstNaN(() => grad((p: Tensor) => loop(5, p, (c) => c.sqrt().sqrt()).sum())(x))).toMatchObject({ step: 4 });
    expect(memory.stats()).toMatchObject(before);
    expect(Error.stackTraceLimit).toBe(depth);
    expect(x.log().toArray()).toEqual([Math.fround(Math.log(2)), Number.NEGATIVE_INFINITY]);
  });
});
