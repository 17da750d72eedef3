// A spiking network trained by surrogate gradients (Neftci, Mostafa and Zenke 2019): the forward pass spikes, the
// backward pass takes the derivative of a smooth step, and since it is made of ops it can be differentiated again.
import { describe, expect, it } from "vitest";
import { customGrad, grad, Key, loop, random, scope, type Tensor, tensor, where } from "../../src/index.js";
import { adam, sgd } from "../../src/optim/index.js";
import { relativeError } from "../laws/oracle.js";
import { differences, expectNoGrowth } from "./shared.js";

const slope = (u: Tensor): Tensor => u.mul(10).square().add(1);
const spike = customGrad({
  name: "spike",
  forward: (u: Tensor) => [where(u.greater(0), 1, 0), { u }] as const,
  backward: ({ u }, dy) => [dy.div(slope(u))] as [Tensor],
});
/** The step whose derivative the surrogate is; `stop` hides the forward pass from every derivative but the rule's. */
const softSpike = customGrad({
  name: "softSpike",
  forward: (u: Tensor) => [u.mul(10).atan().mul(0.1).add(0.5).stop(), { u }] as const,
  backward: ({ u }, dy) => [dy.div(slope(u))] as [Tensor],
});

type Spike = typeof spike;
interface Net {
  readonly w: Tensor;
  readonly out: Tensor;
}
const STEPS = 20;

/** Leaky neurons driven by currents (neurons of the input), read out by the mean of their weighted spikes. */
const respond = ({ w, out }: Net, currents: Tensor, fire: Spike): Tensor => {
  const drive = w.matvec(currents);
  const start = { v: drive.mul(0), sum: tensor(0) };
  const { sum } = loop(STEPS, start, ({ v, sum }) => {
    const charged = v.mul(0.8).add(drive.mul(0.2));
    const s = fire(charged.sub(0.5));
    return { v: charged.sub(s.mul(0.5)), sum: sum.add(out.mul(s).sum()) };
  });
  return sum.mul(1 / STEPS);
};

const patterns = [
  { input: tensor([1, 0, 1, 0.5]), target: 0.8 },
  { input: tensor([0, 1, 0.5, 1]), target: -0.4 },
  { input: tensor([1, 1, 0, 0]), target: 0.2 },
];
const lossOf = (net: Net, fire: Spike): Tensor =>
  patterns
    .map(({ input, target }) => respond(net, input, fire).sub(target).square())
    .reduce((sum, loss) => sum.add(loss))
    .mul(1 / patterns.length);

const initial = (neurons: number): Net => {
  const [kIn, kOut] = Key.of(3).split();
  return { w: random.normal(kIn, [neurons, 4]), out: random.normal(kOut, [neurons], { std: 0.5 }) };
};

/** The soft network in float64. */
function plainLoss(flat: readonly number[], neurons: number): number {
  let total = 0;
  for (const { input, target } of patterns) {
    const x = [...input.data()];
    let sum = 0;
    for (let i = 0; i < neurons; i++) {
      const drive = x.reduce((d, value, j) => d + value * flat[4 * i + j], 0);
      let v = 0;
      for (let step = 0; step < STEPS; step++) {
        v = 0.8 * v + 0.2 * drive;
        const s = Math.atan(10 * (v - 0.5)) / 10 + 0.5;
        v -= 0.5 * s;
        sum += flat[4 * neurons + i] * s;
      }
    }
    total += (sum / STEPS - target) ** 2;
  }
  return total / patterns.length;
}

describe("surrogate spikes", () => {
  const neurons = 5;
  const net = initial(neurons);
  const flat = [...net.w.data(), ...net.out.data()];
  const numbersOf = ({ w, out }: Net): number[] => [...w.data(), ...out.data()];
  const plain = (at: readonly number[]): number => plainLoss(at, neurons);

  it("give the gradient of the smooth step, equal to differences in float64", () => {
    const g = grad((p: Net) => lossOf(p, softSpike))(net);
    expect(relativeError(numbersOf(g), differences(plain, flat))).toBeLessThan(1e-4);
  });

  it("can be meta-learned through: the derivative of three inner steps with respect to their rate", () => {
    const after = (rate: Tensor): Tensor => {
      const inner = sgd({ lr: rate });
      const end = loop(3, net, (p) => inner.step(p, grad((q: Net) => lossOf(q, softSpike))(p), inner.init(p)).params);
      return lossOf(end, softSpike);
    };
    const plainAfter = ([rate]: readonly number[]): number => {
      let p = flat;
      for (let step = 0; step < 3; step++) {
        const g = differences(plain, p);
        p = p.map((x, i) => x - rate * g[i]);
      }
      return plain(p);
    };
    const rate = Math.fround(0.7);
    const wanted = differences(plainAfter, [rate], 1e-3);
    expect(relativeError([grad(after)(tensor(rate)).item()], wanted)).toBeLessThan(1e-3);
  });

  it("train a network that really spikes: a tenth of the loss after 1,000 steps, which leak no memory", () => {
    const optimizer = adam({ lr: 0.01 });
    const loss = (p: Net): number => scope(() => lossOf(p, spike).item());
    const big = initial(12);
    expectNoGrowth(() => {
      const state = optimizer.init(big);
      const end = loop(1000, { net: big, state }, (now) => {
        const g = grad((p: Net) => lossOf(p, spike))(now.net);
        const next = optimizer.step(now.net, g, now.state);
        return { net: next.params, state: next.state };
      });
      expect(loss(end.net)).toBeLessThan(loss(big) / 10);
      return [state, end];
    });
  });
});
