// Whole training steps, compiled: loss, gradient and optimizer, with the bits of eager ones over 100 steps.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { leavesOf } from "../../src/core/index.js";
import { cast, compile, Key, keep, random, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { adam, adamW, type Optimizer, rmsprop, sgd } from "../../src/optim/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

interface Params {
  readonly w: Tensor;
  readonly b: Tensor;
}

const key = Key.of(7);
const images = (step: number): Tensor => random.normal(key.fold(step), [6, 5]);
const loss = ({ w, b }: Params, x: Tensor): Tensor => x.matmul(w).add(b).tanh().sub(0.3).square().mean();
const slope = valueAndGrad(loss);

const optimizers: Record<string, Optimizer<Params, object>> = {
  adam: adam({ lr: 0.01 }) as Optimizer<Params, object>,
  adamW: adamW({ lr: 0.01, weightDecay: 0.1 }) as Optimizer<Params, object>,
  rmsprop: rmsprop({ lr: 0.01, momentum: 0.5 }) as Optimizer<Params, object>,
  sgd: sgd({ lr: 0.1, momentum: 0.9 }) as Optimizer<Params, object>,
};

const bits = (tree: unknown): unknown => bitsOf(leavesOf("test", tree).map(({ tensor }) => tensor));

describe.each(Object.entries(optimizers))("a compiled step of %s", (_, optimizer) => {
  const train = (params: Params, state: object, x: Tensor) => {
    const { value, grad } = slope(params, x);
    return { value, ...optimizer.step(params, grad, state) };
  };

  it.each(["float32", "float64"] as const)("has the bits of the eager one over 100 steps, in %s", (dtype) => {
    using fast = compile(train);
    const first: Params = {
      w: cast(random.normal(key, [5, 3]), dtype),
      b: cast(tensor([0, 0.5, -0.5]), dtype),
    };
    let [eager, compiled] = [train, train].map(() => keep({ params: first, state: optimizer.init(first) }));
    for (let k = 0; k < 100; k++) {
      scope(() => {
        // A gradient whose squares would be infinite in float32 is cut off, here and there.
        const x = cast(k % 10 === 7 ? images(k).mul(1e22) : images(k), dtype);
        const [a, b] = [train(eager.params, eager.state, x), fast(compiled.params, compiled.state, x)];
        expect(bits(b), `step ${k}`).toEqual(bits(a));
        [eager, compiled] = [a, b].map(({ params, state }) => keep({ params, state }));
      });
    }
    expect(fast.plan().programs).toBe(1);
  });
});

describe("Adam in a loop that is compiled", () => {
  it("is recorded as one step", () => {
    const rule = adam({ lr: 0.02 });
    const many = (steps: number) => (params: Params, x: Tensor) => {
      let [p, state] = [params, rule.init(params)];
      for (let k = 0; k < steps; k++) ({ params: p, state } = rule.step(p, slope(p, x).grad, state));
      return { ...p, steps: state.step };
    };
    const params: Params = { w: random.normal(key, [5, 3]), b: tensor([0, 0.5, -0.5]) };
    const [short, long] = [40, 160].map((steps) => {
      using fast = compile(many(steps));
      const eager = many(steps)(params, images(0));
      for (let k = 0; k < 2; k++) expect(bits(fast(params, images(0)))).toEqual(bits(eager));
      expect(eager.steps.item()).toBe(steps);
      return fast.plan();
    });
    expect(long.calls).toBeLessThan(short.calls + 250);
    expect(long.runs).toBeGreaterThan(3 * short.runs);
  });
});
