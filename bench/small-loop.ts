// A small inner loop, where the cost of an op is what counts: 50 steps of Hebbian learning with decay, weights 32 x 32,
// batch 16, value and gradient of two rule parameters.
import { Key, loop, random, scope, type Tensor, tensor, valueAndGrad } from "../src/index.js";
import { type Bench, figure, time } from "./harness.js";

interface Rule {
  rate: Tensor;
  decay: Tensor;
}

export const smallLoopBench: Bench = function* () {
  const [kw, kx, kt] = Key.of(0).split(3);
  const w0 = random.normal(kw, [32, 32], { std: 0.1 });
  const x = random.normal(kx, [16, 32]);
  const t = random.uniform(kt, [16, 32], { low: -1 });
  const lifetime = (rule: Rule): Tensor => {
    const end = loop(50, w0, (w) => {
      const y = x.matmul(w).tanh();
      const hebb = x.transpose().matmul(t.sub(y));
      return w.add(hebb.mul(rule.rate)).sub(w.mul(rule.decay));
    });
    return x.matmul(end).tanh().sub(t).square().mean();
  };
  const rule = { rate: tensor(0.01), decay: tensor(0.02) };
  const differentiate = valueAndGrad(lifetime);
  const { best, median } = time("small loop", () => scope(() => void differentiate(rule)));
  yield { bench: "small-loop", steps: 50, best: figure(best), median: figure(median) };
};
