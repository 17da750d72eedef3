// Whole lifetimes under vmap: episodes side by side, with the bits of each alone, and their fused kernels.
import { describe, expect, it } from "vitest";
import { rowOp } from "../../src/autodiff/index.js";
import {
  apply,
  type Checkpoint,
  grad,
  Key,
  random,
  stack,
  sum,
  type Tensor,
  tensor,
  treeLeaves,
  vmap,
} from "../../src/index.js";
import { initialRule, initialStart, lifetime, presets, type Rule } from "../../src/plasticity/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const EPISODES = 3;
const STEPS = 6;
const sizes = [9, 6, 4];
const key = Key.of(5);
const images = random.uniform(key.fold(1), [EPISODES, STEPS, sizes[0]]);
const labels = tensor(
  Array.from({ length: EPISODES * STEPS }, (_, i) => key.fold(2).integer(i, sizes[2])),
  { shape: [EPISODES, STEPS], dtype: "int32" },
);
const episode = (x: Tensor, index: number): Tensor => apply(rowOp, [x], { index });

describe.each(Object.entries(presets))("preset %s", (_, { config }) => {
  const rule = initialRule(config, sizes);
  const start = initialStart(key.fold(0), sizes, config);
  const live = (r: Rule, x: Tensor, y: Tensor, checkpoint: Checkpoint): readonly Tensor[] =>
    lifetime(config, r, start, { images: x, labels: y }, { checkpoint });

  it("gives the weights of each episode", () => {
    const mapped = vmap((x: Tensor, y: Tensor) => [...live(rule, x, y, "auto")])(images, labels);
    const single = Array.from({ length: EPISODES }, (_, i) =>
      live(rule, episode(images, i), episode(labels, i), "auto"),
    );
    mapped.forEach((weights, layer) => {
      expect(bitsOf([weights])).toEqual(bitsOf([stack(single.map((each) => each[layer]))]));
    });
  });

  it.each(["off", { every: 4 }] as const)("gives the meta-gradient of each episode, checkpoint %j", (checkpoint) => {
    const slope = grad(
      (r: Rule, x: Tensor, y: Tensor) =>
        live(r, x, y, checkpoint)
          .map((w) => sum(w.square()))
          .reduce((a, b) => a.add(b)),
      { unused: "zero" },
    );
    const mapped = vmap(slope, { axes: [null, 0, 0] })(rule, images, labels) as Readonly<
      Record<string, readonly Tensor[]>
    >;
    const single = Array.from({ length: EPISODES }, (_, i) =>
      slope(rule, episode(images, i), episode(labels, i)),
    ) as readonly Readonly<Record<string, readonly Tensor[]>>[];
    for (const [part, gradients] of Object.entries(mapped)) {
      gradients.forEach((gradient, layer) => {
        expect(bitsOf([gradient]), part).toEqual(bitsOf([stack(single.map((each) => each[part][layer]))]));
      });
    }
  });

  it("gives the meta-gradient of each episode of each group, one vmap in another, and the sum of each group's", () => {
    const groups = (x: Tensor): Tensor => stack([0, 1].map((i) => stack([i, 2 - i].map((j) => episode(x, j)))));
    const [x, y] = [groups(images), groups(labels)];
    const loss = (r: Rule, a: Tensor, b: Tensor): Tensor =>
      live(r, a, b, "auto")
        .map((w) => sum(w.square()))
        .reduce((total, part) => total.add(part));
    const slope = grad(loss, { unused: "zero" });
    const axes = [null, 0, 0];
    const nested = vmap(vmap(slope, { axes }), { axes })(rule, x, y);
    const summed = grad((r: Rule, a: Tensor, b: Tensor) => sum(vmap(loss, { axes })(r, a, b)), { unused: "zero" });
    const sums = vmap(summed, { axes })(rule, x, y);
    for (const group of [0, 1]) {
      const part = { x: episode(x, group), y: episode(y, group) };
      const single = [0, 1].map((i) => slope(rule, episode(part.x, i), episode(part.y, i)));
      expect(bitsOf(treeLeaves(nested).map((leaf) => leaf.row(group)))).toEqual(
        bitsOf(treeLeaves(single[0]).map((leaf, i) => stack([leaf, treeLeaves(single[1])[i]]))),
      );
      expect(bitsOf(treeLeaves(sums).map((leaf) => leaf.row(group)))).toEqual(
        bitsOf(treeLeaves(summed(rule, part.x, part.y))),
      );
    }
  });
});
