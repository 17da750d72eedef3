import { describe, expect, it } from "vitest";
import { loop, type Tensor, tensor } from "../../src/index.js";
import { checkGrads } from "../../src/testing/index.js";

interface Net {
  readonly hidden: { readonly w: Tensor; readonly b: Tensor };
  readonly out: readonly Tensor[];
}
const x = tensor([
  [0.5, -1],
  [1, 0.25],
  [-0.75, 0.5],
]);
const net: Net = {
  hidden: {
    w: tensor([
      [0.3, -0.2, 0.8],
      [-0.6, 0.4, 0.1],
    ]),
    b: tensor([0.1, -0.3, 0.2]),
  },
  out: [tensor([0.7, -0.5, 0.9])],
};
const loss = ({ hidden, out }: Net): Tensor =>
  x.matmul(hidden.w).add(hidden.b).tanh().matvec(out[0]).sub(0.5).square().mean();

/** tanh with a slope of `factor` times its own in the given mode's rules: stop cuts one factor out of them. */
const wrong = (factor: number) => (p: Net) => {
  const y = p.hidden.b.tanh();
  return loss(p).add(y.mul(factor).sub(y.mul(factor).stop()).sum());
};

describe("checkGrads", () => {
  it("passes correct derivatives: networks and loops, first and second order, both modes", () => {
    const lifetime = ({ rate, w }: { rate: Tensor; w: Tensor }): Tensor =>
      loop(20, w, (w) => w.add(tensor([1, -1]).sub(w.tanh()).mul(rate)), { checkpoint: { every: 4 } })
        .square()
        .sum();
    expect(() => {
      checkGrads(loss, net, { order: 2 });
      checkGrads(lifetime, { rate: tensor(0.05), w: tensor([0.2, -0.4]) }, { order: 2, step: 2 ** -7 });
      checkGrads((p: Tensor) => p.mul(0).sum(), tensor([1, 2]), { order: 2 });
      checkGrads(() => tensor(1), tensor([1, 2]), { order: 2 });
    }).not.toThrow();
  });

  it("fails on wrong derivatives, and says where and by how much", () => {
    const message =
      /^\[checkGrads\] order 1, reverse: element [012] of "hidden\.b" \[3\] is -?[\d.]+, differences give -?[\d.]+\. Correct/;
    expect(() => checkGrads(wrong(0.05), net)).toThrow(message);
    expect(() => checkGrads(wrong(0.05), net, { modes: ["forward"] })).toThrow("order 1, forward: element");
    expect(() => checkGrads(wrong(0.05), net, { tolerance: 1 })).not.toThrow();
  });

  it("finds a wrong second derivative behind a correct first one", () => {
    const flat = (p: Tensor): Tensor => p.mul(p.square().stop()).mul(3).sub(p.square().mul(p).mul(2).stop()).sum();
    const at = tensor([0.5, -1]);
    checkGrads((p: Tensor) => p.square().mul(p).sum(), at, { order: 2 });
    // 3 p stop(p²) - 2 stop(p³) has the value p³ and the slope 3 p², but a second derivative of 0.
    checkGrads(flat, at);
    expect(() => checkGrads(flat, at, { order: 2, modes: ["reverse"] })).toThrow("order 2, reverse over reverse");
    expect(() => checkGrads(flat, at, { order: 2, modes: ["forward"] })).toThrow("order 2, forward over reverse");
  });

  it("says what values an option may have", () => {
    expect(() => checkGrads(loss, net, { step: 0 })).toThrow("[checkGrads] step is 0: give a number above 0.");
    expect(() => checkGrads((p: Tensor) => p, tensor([1, 2]) as never)).toThrow(/\[\w+\] .*\[2\]/);
  });
});
