// Many small lifetimes at once: 256 episodes of 50 steps of a network of 32-20-5, under one vmap and in a loop.

import { rowOp } from "../src/autodiff/index.js";
import { apply, grad, Key, random, scope, sum, type Tensor, type TreeOf, tensor, vmap } from "../src/index.js";
import { initialRule, initialStart, lifetime, presets, type Rule } from "../src/plasticity/index.js";
import { type Bench, figure, type Row, timeInTurn } from "./harness.js";

const EPISODES = 256;
const STEPS = 50;
const ROUNDS = 8;
const SIZES = [32, 20, 5];

export const vmapBench: Bench = function* () {
  const { config } = presets.rcn;
  const key = Key.of(3);
  const rule = initialRule(config, SIZES);
  const start = initialStart(key.fold(0), SIZES, config);
  const images = random.uniform(key.fold(1), [EPISODES, STEPS, SIZES[0]]);
  const labels = tensor(
    Array.from({ length: EPISODES * STEPS }, (_, i) => key.fold(2).integer(i, SIZES[2])),
    { shape: [EPISODES, STEPS], dtype: "int32" },
  );
  const live = (r: Rule, x: Tensor, y: Tensor): Tensor[] => [...lifetime(config, r, start, { images: x, labels: y })];
  const slope = grad(
    (r: Rule, x: Tensor, y: Tensor) =>
      live(r, x, y)
        .map((w) => sum(w.square()))
        .reduce((a, b) => a.add(b)),
    { unused: "zero" },
  );
  const measured = <R extends TreeOf<R>>(pass: string, f: (r: Rule, x: Tensor, y: Tensor) => R): Row => {
    const mapped = vmap(f, { axes: [null, 0, 0] });
    const one = (x: Tensor, index: number): Tensor => apply(rowOp, [x], { index });
    const [together, apart] = timeInTurn(
      [
        () => scope(() => void mapped(rule, images, labels)),
        () => {
          for (let i = 0; i < EPISODES; i++) scope(() => void f(rule, one(images, i), one(labels, i)));
        },
      ],
      ROUNDS,
    );
    return {
      bench: "vmap",
      episodes: EPISODES,
      pass,
      vmap: figure(together.best),
      calls: figure(apart.best),
      times: figure(apart.best / together.best),
    };
  };
  yield measured("forward", live);
  yield measured("gradient", slope);
};
