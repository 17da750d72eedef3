// Model-agnostic meta-learning (Finn, Abbeel and Levine 2017): learn the weights from which a few steps of gradient
// descent fit a new sinusoid. The inner descent is `grad` inside `grad`, in a loop that may be checkpointed.
import { describe, expect, it } from "vitest";
import { type Checkpoint, grad, Key, loop, random, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { type AdamState, adam, sgd } from "../../src/optim/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";
import { differences, expectNoGrowth } from "./shared.js";

interface Net {
  readonly w1: Tensor;
  readonly b1: Tensor;
  readonly w2: Tensor;
  readonly b2: Tensor;
}
interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
}
interface Task {
  readonly support: Batch;
  readonly query: Batch;
}

const initial = (key: Key, hidden: number): Net => {
  const [k1, k2, k3] = key.split(3);
  return {
    w1: random.normal(k1, [1, hidden]),
    b1: random.normal(k2, [hidden]),
    w2: random.normal(k3, [hidden, 1], { std: 1 / Math.sqrt(hidden) }),
    b2: tensor([0]),
  };
};

/** A sinusoid of random amplitude and phase, seen at ten points to learn from and ten to be judged by. */
const task = (key: Key): Task => {
  const [kAmplitude, kPhase, kSupport, kQuery] = key.split(4);
  const amplitude = random.uniform(kAmplitude, [], { low: 0.5, high: 2 });
  const phase = random.uniform(kPhase, [], { low: 0, high: 1.5 });
  const batch = (k: Key): Batch => {
    const x = random.uniform(k, [10, 1], { low: -2, high: 2 });
    return { x, y: x.add(phase).sin().mul(amplitude) };
  };
  return { support: batch(kSupport), query: batch(kQuery) };
};

const predict = ({ w1, b1, w2, b2 }: Net, x: Tensor): Tensor => x.matmul(w1).add(b1).tanh().matmul(w2).add(b2);
const mse = (net: Net, { x, y }: Batch): Tensor => predict(net, x).sub(y).square().mean();

const inner = sgd({ lr: 0.1 });
const adapted = (net: Net, batch: Batch, steps: number, checkpoint: Checkpoint = "auto"): Net =>
  loop(steps, net, (now) => inner.step(now, grad(mse)(now, batch), inner.init(now)).params, { checkpoint });
const metaLoss = (net: Net, { support, query }: Task, steps: number, checkpoint: Checkpoint = "auto"): Tensor =>
  mse(adapted(net, support, steps, checkpoint), query);

/** The same in float64 with the inner gradient written by hand. */
function plainMetaLoss(flat: readonly number[], hidden: number, t: { [K in keyof Task]: number[][] }, steps: number) {
  const w = [...flat];
  const run = (x: number): { h: number[]; out: number } => {
    const h = Array.from({ length: hidden }, (_, j) => Math.tanh(x * w[j] + w[hidden + j]));
    return { h, out: h.reduce((sum, a, j) => sum + a * w[2 * hidden + j], w[3 * hidden]) };
  };
  const [xs, ys] = t.support;
  for (let step = 0; step < steps; step++) {
    const g = new Array<number>(w.length).fill(0);
    xs.forEach((x, i) => {
      const { h, out } = run(x);
      const e = (2 * (out - ys[i])) / xs.length;
      h.forEach((a, j) => {
        const d = e * w[2 * hidden + j] * (1 - a * a);
        g[j] += d * x;
        g[hidden + j] += d;
        g[2 * hidden + j] += e * a;
      });
      g[3 * hidden] += e;
    });
    g.forEach((d, j) => {
      w[j] -= 0.1 * d;
    });
  }
  const [qx, qy] = t.query;
  return qx.reduce((sum, x, i) => sum + (run(x).out - qy[i]) ** 2, 0) / qx.length;
}

const flat = ({ w1, b1, w2, b2 }: Net): number[] => [w1, b1, w2, b2].flatMap((leaf) => [...leaf.data()]);

describe("MAML on sinusoids", () => {
  it.each([5, 20, 50])("its gradient through %i inner steps agrees with differences in float64", (steps) => {
    const hidden = 4;
    const net = initial(Key.of(1), hidden);
    const one = task(Key.of(2));
    const numbers = ({ x, y }: Batch): number[][] => [[...x.data()], [...y.data()]];
    const plain = { support: numbers(one.support), query: numbers(one.query) };
    const { value, grad: g } = valueAndGrad(metaLoss)(net, one, steps);
    const f = (at: readonly number[]): number => plainMetaLoss(at, hidden, plain, steps);
    expect(relativeError([value.item()], [f(flat(net))])).toBeLessThan(1e-5);
    expect(relativeError(flat(g), differences(f, flat(net)))).toBeLessThan(1e-4);
    for (const checkpoint of [{ every: 7 }, { binomial: 3 }] as const) {
      const again = valueAndGrad(metaLoss)(net, one, steps, checkpoint);
      expect(bitsOf([again.value, ...Object.values(again.grad)])).toEqual(bitsOf([value, ...Object.values(g)]));
    }
  });

  it("learns to learn: five steps on a new sinusoid leave a third of the loss, and 1,000 meta-steps leak no memory", () => {
    const key = Key.of(7);
    const outer = adam({ lr: 0.005 });
    const begin = initial(key.fold(0), 16);
    const test = (net: Net): number =>
      scope(() => {
        const losses = Array.from({ length: 20 }, (_, i) => metaLoss(net, task(key.fold(1_000_000 + i)), 5).item());
        return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      });
    const before = test(begin);
    expectNoGrowth(() => {
      const start: { net: Net; state: AdamState<Net> } = { net: begin, state: outer.init(begin) };
      const end = loop(1000, start, ({ net, state }, k) => {
        const g = grad(metaLoss)(net, task(key.fold(k + 1)), 5);
        const next = outer.step(net, g, state);
        return { net: next.params, state: next.state };
      });
      expect(test(end.net)).toBeLessThan(before / 3);
      return [start.state, end];
    });
  });
});
