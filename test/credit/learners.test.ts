// Learners put together: the laws of the study in two hundred random cases each, boxes with machines inside, and markets.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  box,
  compose,
  gradientLearner,
  lossLearner,
  type Machine,
  nest,
  predictionMarket,
} from "../../src/credit/index.js";
import { concat, grad, Key, random, type Tensor, tensor } from "../../src/index.js";
import { sgd } from "../../src/optim/index.js";
import { type LawName, laws, worstOf } from "../../src/studies/nested-learners/laws.js";

const f64 = { dtype: "float64" } as const;
const normal = (seed: number, shape: readonly number[]): Tensor => random.normal(Key.of(seed), [...shape], f64);
const distance = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();

describe("laws", () => {
  it.each(Object.keys(laws) as LawName[])("%s", (name) => {
    expect(worstOf(name, Key.of(17), 200)).toBeLessThanOrEqual(laws[name].bound);
  });

  it("are broken by a learner that learns before it feeds back", () => {
    const honest = gradientLearner(
      ({ w }: { w: Tensor }, x: Tensor) => x.matmul(w),
      { w: normal(1, [3, 2]) },
      sgd({ lr: 0.1 }),
    );
    const hasty: typeof honest = {
      ...honest,
      step: (state, x, back) => honest.step(honest.step(state, x, back).state, x, back),
    };
    const [x, back] = [normal(2, [4, 3]), normal(3, [4, 2])];
    const wanted = grad((at: Tensor) => at.matmul(honest.state.params.w).mul(back).sum())(x);
    expect(distance(honest.step(honest.state, x, back).feedback, wanted)).toBeLessThan(1e-14);
    expect(distance(hasty.step(hasty.state, x, back).feedback, wanted)).toBeGreaterThan(1e-3);
  });
});

describe("a loss", () => {
  it("ends a network, so that a step by no feedback is a step down the gradient", () => {
    const target = normal(4, [5, 2]);
    const start = { w: normal(5, [3, 2]) };
    const f = ({ w }: { w: Tensor }, x: Tensor): Tensor => x.matmul(w).tanh();
    const lossOf = (y: Tensor): Tensor => y.sub(target).square().sum();
    const net = compose(gradientLearner(f, start, sgd({ lr: 0.1 })), lossLearner(lossOf));
    const x = normal(6, [5, 3]);
    const { state, feedback } = net.step(net.state, x, []);
    const slope = grad((p: { w: Tensor }, at: Tensor) => lossOf(f(p, at)))(start, x);
    expect(distance(state[0].params.w, start.w.sub(slope.w.mul(0.1)))).toBeLessThan(1e-14);
    expect(distance(feedback, grad((at: Tensor) => lossOf(f(start, at)))(x))).toBeLessThan(1e-14);
  });
});

interface Memory {
  readonly keep: Tensor;
  readonly gain: Tensor;
}

const memory: Machine<Memory, Tensor> = {
  state: tensor([[0.5], [-1]], f64),
  readout: ({ gain }, state) => state.mul(gain),
  update: ({ keep }, state, input) => state.mul(keep).add(input),
};
const params: Memory = { keep: tensor(0.7, f64), gain: tensor(1.5, f64) };
const layer = box(
  {
    params,
    machines: { memory },
    wire: ({ gain }, { memory: seen }, x: Tensor) => ({ memory: x.sub(seen.mul(0.1)).mul(gain) }),
    show: (_, { memory: seen }, x: Tensor) => concat([x, seen], 1),
  },
  sgd({ lr: 0.1 }),
);

describe("a box", () => {
  const [first, second, back] = [normal(7, [2, 1]), normal(8, [2, 1]), normal(9, [2, 2])];
  /** The machine's state after it has heard x, by hand. */
  const heard = ({ keep, gain }: Memory, state: Tensor, x: Tensor): Tensor =>
    state.mul(keep).add(x.sub(state.mul(gain).mul(0.1)).mul(gain));

  it("shows its input and the states of its machines before they hear this input", () => {
    expect(distance(layer.out(layer.state, first), concat([first, memory.state.mul(1.5)], 1))).toBe(0);
    const { state } = layer.step(layer.state, first, back.mul(0));
    const wanted = concat([second, heard(params, memory.state, first).mul(1.5)], 1);
    expect(distance(layer.out(state, second), wanted)).toBeLessThan(1e-14);
  });

  it("learns by the derivative of what it shows through the last update of its machines", () => {
    const { state } = layer.step(layer.state, first, back.mul(0));
    const { state: next, feedback } = layer.step(state, second, back);
    const shown = (p: Memory, x: Tensor): Tensor =>
      concat([x, heard(p, memory.state, first).mul(p.gain)], 1)
        .mul(back)
        .sum();
    const slope = grad(shown)(params, second);
    expect(distance(next.params.keep, params.keep.sub(slope.keep.mul(0.1)))).toBeLessThan(1e-14);
    expect(distance(next.params.gain, params.gain.sub(slope.gain.mul(0.1)))).toBeLessThan(1e-14);
    expect(distance(feedback, grad((x: Tensor) => shown(params, x))(second))).toBeLessThan(1e-14);
  });

  it("names a machine for which `wire` gives no input", () => {
    const deaf = box(
      { params, machines: { memory }, wire: () => ({}), show: (_, { memory: seen }, _x: Tensor) => seen },
      sgd({ lr: 0.1 }),
    );
    const state = { ...deaf.state, heard: [first] };
    expect(() => deaf.out(state, second)).toThrow(/`wire` gives memory nothing to hear/);
  });
});

describe("a market", () => {
  const market = predictionMarket(tensor([0.25, 0.75], f64));
  const experts = [tensor([0.9, 0.1], f64), tensor([0.2, 0.8], f64)];

  it("shows the experts' mean weighted by their wealth, and pays each by what it predicted for the outcome", () => {
    expect(distance(market.show(market.state, experts), tensor([0.375, 0.625], f64))).toBeLessThan(1e-15);
    expect(distance(market.update(market.state, experts, 0), tensor([0.225 / 0.375, 0.15 / 0.375], f64))).toBeLessThan(
      1e-15,
    );
    expect(market.tell(market.state, experts, 1)).toEqual([1, 1]);
  });

  it("refuses wealth, experts and outcomes that it cannot use", () => {
    expect(() => predictionMarket(tensor([0.5, 0.4]))).toThrow(/adds up to 0\.9/);
    expect(() => predictionMarket(tensor([1, 0]))).toThrow(/above 0/);
    expect(() => market.show(market.state, experts.slice(1))).toThrow(/there are 1 experts, and wealth for 2/);
    expect(() => market.update(market.state, experts, 2)).toThrow(/the outcome is 2\. Give a whole number from 0 to 1/);
    const sure = [tensor([1, 0], f64), tensor([1, 0], f64)];
    expect(() => market.update(market.state, sure, 1)).toThrow(/nobody with wealth gave outcome 1 a chance/);
    expect(() => nest(market, [market])).toThrow(/1 inner wirings for 2 places/);
  });
});
