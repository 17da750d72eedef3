// What an optimizer forgets of synapses that were replaced: these, in the weight of that path, and nothing else.
import { describe, expect, it } from "vitest";
import { forget } from "../../src/bio/forget.js";
import { leavesOf } from "../../src/core/index.js";
import { scope, type Tensor, tensor } from "../../src/index.js";
import { adam, rmsprop, sgd } from "../../src/optim/index.js";

const ones = (): Tensor => tensor([1, 1, 1]);
const reborn = tensor([1, 0, 1]);
/** Trees in which one path ends like another. */
const trees: Record<string, object> = {
  "a name inside and outside": { weight: ones(), inner: { weight: ones(), deep: { weight: ones() } } },
  "lists inside lists": [{ weight: ones() }, [{ weight: ones() }, [{ weight: ones() }]]],
  "names that end alike": { weight: ones(), reweight: ones(), w: { eight: ones() } },
  "a list of an optimizer's own": [ones(), [ones(), ones()]],
};

describe("an optimizer's memory", () => {
  it.each(Object.entries(trees))("is cleared at one path only: %s", (_, params) => {
    scope(() => {
      for (const optimizer of [adam({ lr: 0.1 }), rmsprop({ lr: 0.1, momentum: 0.5 }), sgd({ lr: 1, momentum: 0.5 })]) {
        const start = optimizer.init(params as never);
        // One step by gradients of 1: then nothing that is remembered is 0.
        const { state } = optimizer.step(params as never, params as never, start as never);
        const old = new Map(leavesOf("test", state).map(({ path, tensor }) => [path, tensor]));
        const counts = leavesOf("test", params).map(({ path }) => {
          const cleared = leavesOf("test", forget(state, params, path, reborn)).filter(({ path: at, tensor }) => {
            const [before, now] = [[...old.get(at)!.data()], [...tensor.data()]];
            if (String(now) === String(before)) return false;
            expect(now).toEqual(before.map((x, i) => (i === 1 ? x : 0)));
            return true;
          });
          for (const leaf of cleared) expect(leaf.path.endsWith(path)).toBe(true);
          return cleared.map((leaf) => leaf.path);
        });
        // Each tree that is like the parameters, once; and no leaf belongs to two weights.
        const perWeight = counts[0].length;
        expect(perWeight).toBeGreaterThan(0);
        expect(counts.map((paths) => paths.length)).toEqual(counts.map(() => perWeight));
        expect(new Set(counts.flat()).size).toBe(counts.flat().length);
      }
    });
  });

  it("is also cleared if it is one tree with the same paths as the parameters", () => {
    scope(() => {
      for (const params of Object.values(trees)) {
        const paths = leavesOf("test", params).map(({ path }) => path);
        const zeroed = paths.map((path) =>
          leavesOf("test", forget(params, params, path, reborn))
            .filter(({ tensor }) => tensor.data()[0] === 0)
            .map((leaf) => leaf.path),
        );
        expect(zeroed).toEqual(paths.map((path) => [path]));
      }
    });
  });

  it("is cleared everywhere if the parameters are one tensor", () => {
    scope(() => {
      const optimizer = adam({ lr: 0.1 });
      const { state } = optimizer.step(ones(), ones(), optimizer.init(ones()));
      const { m, v, step } = forget(state, ones(), "", reborn);
      for (const x of [m, v]) expect([...x.data()].map((each) => each === 0)).toEqual([true, false, true]);
      expect(step.item()).toBe(1);
    });
  });
});
