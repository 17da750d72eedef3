// Learn the learning rate: the derivative of what fifty steps of gradient descent reach with respect to their rate.
import { describe, expect, it } from "vitest";
import { grad, jvp, Key, loop, random, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { adam, sgd } from "../../src/optim/index.js";
import { relativeError } from "../laws/oracle.js";
import { differences, expectNoGrowth } from "./shared.js";

const [kInputs, kTruth] = Key.of(0).split();
// Directions of unlike scale, so that a rate is either too small for the one or too large for the other.
const scales = tensor([1, 0.6, 0.3]);
const inputs = random.normal(kInputs, [12, 3]).mul(scales);
const targets = inputs.matvec(random.normal(kTruth, [3]));
const p0 = { w: tensor([0, 0, 0]) };

const innerLoss = ({ w }: typeof p0): Tensor => inputs.matvec(w).sub(targets).square().mean();
const afterFifty = (lr: Tensor, momentum = 0): Tensor => {
  const inner = sgd({ lr, momentum });
  const end = loop(50, { p: p0, s: inner.init(p0) }, ({ p, s }) => {
    const next = inner.step(p, grad(innerLoss)(p), s);
    return { p: next.params, s: next.state };
  });
  return innerLoss(end.p);
};

const [xs, ts] = [[...inputs.data()], [...targets.data()]];
function plainAfterFifty(lr: number, momentum: number): number {
  const w = [0, 0, 0];
  const velocity = [0, 0, 0];
  const errors = (): number[] => ts.map((t, i) => w.reduce((sum, x, j) => sum + x * xs[3 * i + j], -t));
  for (let step = 0; step < 50; step++) {
    const e = errors();
    for (let j = 0; j < 3; j++) {
      const g = e.reduce((sum, error, i) => sum + (2 * error * xs[3 * i + j]) / 12, 0);
      velocity[j] = momentum * velocity[j] + g;
    }
    for (let j = 0; j < 3; j++) w[j] -= lr * velocity[j];
  }
  return errors().reduce((sum, error) => sum + error * error, 0) / 12;
}

describe("a learned inner learning rate", () => {
  it.each([
    [0.02, 0],
    [0.1, 0],
    [0.4, 0],
    [0.05, 0.9],
  ])("has the derivative that differences in float64 give: rate %f, momentum %f", (rate, momentum) => {
    const lr = Math.fround(rate);
    const f = ([x]: readonly number[]): number => plainAfterFifty(x, momentum);
    const { value, grad: dlr } = valueAndGrad(afterFifty)(tensor(lr), momentum);
    const wanted = differences(f, [lr]);
    expect(relativeError([value.item()], [f([lr])])).toBeLessThan(1e-4);
    expect(relativeError([dlr.item()], wanted)).toBeLessThan(1e-3);
    const pushed = jvp((x: Tensor) => afterFifty(x, momentum), tensor(lr), tensor(1)).tangent;
    expect(relativeError([pushed.item()], wanted)).toBeLessThan(1e-3);
  });

  it("lowers the loss a hundredfold in 1,000 outer steps, which leak no memory", () => {
    const outer = adam({ lr: 1e-3 });
    expectNoGrowth(() => {
      const first = tensor(0.02);
      const begin = { lr: first, state: outer.init(first) };
      const end = loop(1000, begin, ({ lr, state }) => {
        const next = outer.step(lr, grad(afterFifty)(lr), state);
        return { lr: next.params, state: next.state };
      });
      const loss = (lr: Tensor): number => scope(() => afterFifty(lr).item());
      expect(loss(end.lr)).toBeLessThan(loss(first) / 100);
      return [begin, end];
    });
  });
});
