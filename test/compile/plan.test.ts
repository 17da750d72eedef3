// How large a plan is: a loop is written down as a few of its steps, and checkpoints store what they say.
import { describe, expect, it } from "vitest";
import {
  type Checkpoint,
  compile,
  grad,
  Key,
  loop,
  type Plan,
  random,
  scan,
  scope,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  where,
} from "../../src/index.js";
import { initialRule, initialStart, lifetime, presets, type Rule } from "../../src/plasticity/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const w0 = random.normal(Key.of(1), [4, 4]).mul(0.3);
const x = random.normal(Key.of(2), [3, 4]);

const decayed =
  (checkpoint: Checkpoint, steps: number) =>
  (rate: Tensor): Tensor =>
    sum(
      loop(
        steps,
        w0,
        (w) => {
          const y = x.matmul(w).tanh();
          return w.add(x.transpose().matmul(y).mul(rate)).sub(w.mul(0.02));
        },
        { checkpoint },
      ),
    );

/** The plan of a function that was called twice, with bits that are held to it. */
function planOf<A extends readonly unknown[], R extends readonly Tensor[]>(f: (...args: A) => R, ...args: A): Plan {
  using fast = compile(f);
  for (let k = 0; k < 2; k++) scope(() => expect(bitsOf([...fast(...args)])).toEqual(bitsOf([...f(...args)])));
  return fast.plan();
}

const rate = tensor(0.01);

describe("the plan of a loop", () => {
  it("has the same length and the same memory for any number of steps", () => {
    const [short, long] = [60, 600].map((steps) => planOf((r: Tensor) => [decayed("auto", steps)(r)], rate));
    expect([long.calls, long.bytes]).toEqual([short.calls, short.bytes]);
    expect(long.runs).toBeGreaterThan(9 * short.runs);
  });

  it.each(["auto", "off", { every: 16 }, { every: 15 }] as const)(
    "has a gradient of the same length, apart from where its memory takes a new chunk, checkpoint %j",
    (checkpoint) => {
      const slope = (steps: number) => (r: Tensor) => [grad(decayed(checkpoint, steps))(r)];
      const [short, long] = [200, 800].map((steps) => planOf(slope(steps), rate));
      expect(long.runs).toBeGreaterThan(3.5 * short.runs);
      expect(long.calls).toBeLessThan(short.calls + 250);
    },
  );

  it("has a gradient in the memory of its checkpoints", () => {
    const [off, every] = (["off", { every: 20 }] as const).map((checkpoint) =>
      planOf((r: Tensor) => [grad(decayed(checkpoint, 400))(r)], rate),
    );
    expect(every.bytes).toBeLessThan(off.bytes / 5);
  });

  it("takes down what differs from step to step: rows in any order, numbers of JavaScript, outputs that are kept", () => {
    const steps = 120;
    const rows = random.normal(Key.of(4), [steps, 4, 4]);
    const f = (r: Tensor): Tensor[] => {
      const [end, way] = scan(steps, w0, (w, k) => {
        const y = w.mul(1 - 0.3 / (k + 1)).add(rows.row((k * 37) % steps).mul(r));
        return [y, sum(y)] as const;
      });
      return [end, way, rows.row(3)];
    };
    const { calls, runs } = planOf(f, rate);
    expect(calls).toBeLessThan(runs / 4);
  });

  it("is as short for a loop of JavaScript, and for one with choices between two kinds of steps", () => {
    const f = (r: Tensor): Tensor[] => {
      let w = w0;
      for (let k = 0; k < 200; k++) w = k % 3 === 0 ? w.mul(r) : where(w.greater(r), w.sub(r), w.square());
      return [w];
    };
    const { calls, runs } = planOf(f, rate);
    expect(calls).toBeLessThan(runs / 4);
  });

  it("is as short where ops look at numbers: labels that are checked again at each call", () => {
    const { config } = presets.rcn;
    const sizes = [9, 6, 4];
    const rule = initialRule(config, sizes);
    const start = initialStart(Key.of(0), sizes, config);
    const plan = (steps: number): Plan => {
      const images = random.uniform(Key.of(3), [steps, sizes[0]]);
      const labels = tensor(
        Array.from({ length: steps }, (_, i) => i % 4),
        { dtype: "int32" },
      );
      const loss = (r: Rule, all: Tensor): Tensor =>
        lifetime(config, r, start, { images: all, labels })
          .map((w) => sum(w.square()))
          .reduce((a, b) => a.add(b));
      const slope = valueAndGrad(loss, { unused: "zero" });
      return planOf(
        (r: Rule, all: Tensor) => {
          const { value, grad } = slope(r, all);
          return [value, ...Object.values(grad as unknown as Record<string, Tensor[]>).flat()];
        },
        rule,
        images,
      );
    };
    const [short, long] = [50, 250].map(plan);
    expect(long.runs).toBeGreaterThan(4 * short.runs);
    expect(long.calls).toBeLessThanOrEqual(short.calls + 150);
  });
});
