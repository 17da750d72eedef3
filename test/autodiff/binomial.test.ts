import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialSplit, reversible } from "../../src/autodiff/binomial.js";
import {
  type Checkpoint,
  grad,
  hvp,
  jvp,
  loop,
  memory,
  scan,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../src/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

/** The fewest steps run again, by trying every place for every carry. */
function fewest(steps: number, free: number, known = new Map<string, number>()): number {
  if (steps === 1) return 0;
  if (free === 0) return (steps * (steps - 1)) / 2;
  const key = `${steps} ${free}`;
  let best = known.get(key) ?? Number.POSITIVE_INFINITY;
  if (known.has(key)) return best;
  for (let at = 1; at < steps; at++) {
    best = Math.min(best, at + fewest(steps - at, free - 1, known) + fewest(at, free, known));
  }
  known.set(key, best);
  return best;
}

function planned(steps: number, free: number): number {
  if (steps === 1) return 0;
  if (free === 0) return (steps * (steps - 1)) / 2;
  const at = binomialSplit(steps, free);
  return at + planned(steps - at, free - 1) + planned(at, free);
}

describe("the binomial schedule", () => {
  it("repeats the fewest steps, by a search over all schedules and by the closed formula", () => {
    for (let free = 1; free <= 5; free++) {
      for (let steps = 2; steps <= 40; steps++) {
        expect(planned(steps, free), `${steps} steps, ${free} free`).toBe(fewest(steps, free));
        let t = 1;
        while (reversible(free + 1, t) < steps) t++;
        expect(planned(steps, free)).toBe(t * steps - reversible(free + 2, t - 1));
      }
    }
  });

  it("is what a loop follows, with no more carries than are allowed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), (count, slots) => {
        let calls = 0;
        const f = (w: Tensor): Tensor =>
          loop(
            count,
            w,
            (c) => {
              calls++;
              return c.mul(1.01).tanh();
            },
            { checkpoint: { binomial: slots } },
          ).sum();
        grad(f)(tensor([0.1, 0.2]));
        expect(calls).toBe(count + planned(count, slots) + count);
      }),
      runs(40),
    );
  });

  it("holds that many carries and one step's tape, however long the loop", () => {
    const size = 50_000;
    const wide = tensor(new Float32Array(size).fill(0.3));
    const most = (count: number, checkpoint: Checkpoint): number => {
      let peak = 0;
      const before = memory.stats();
      const f = (w: Tensor): Tensor =>
        loop(
          count,
          w,
          (c) => {
            const { arenaBytes, persistentBytes } = memory.stats();
            peak = Math.max(peak, arenaBytes + persistentBytes - before.persistentBytes);
            return c.mul(0.9).tanh();
          },
          { checkpoint },
        ).sum();
      grad(f)(wide).dispose();
      const { arenaPeak: _, memoryBytes: __, ...after } = memory.stats();
      expect(after).toEqual({ ...after, arenaBytes: before.arenaBytes, persistentBytes: before.persistentBytes });
      return peak / (4 * size);
    };
    most(4, { binomial: 3 });
    // Three carries, the one of the step after, the loop's result, a cotangent or two, two steps on their way.
    expect(most(60, { binomial: 3 })).toBeLessThan(14);
    expect(most(60, { binomial: 3 })).toBeLessThanOrEqual(most(20, { binomial: 3 }) + 1);
    expect(most(60, "off")).toBeGreaterThan(120);
  });

  it("gives a scan the same bits, however its outputs depend on the carry", () => {
    const kinds: Record<string, (c: Tensor, next: Tensor, first: Tensor) => readonly Tensor[]> = {
      before: (c) => [c],
      after: (_, next) => [next],
      both: (c, next) => [next, c, next],
      first: (_c, next, first) => [first, next.mul(2)],
      none: (c) => [c.mul(c)],
    };
    const start = tensor([0.3, -0.8]);
    const turn = tensor([
      [0.8, -0.6],
      [0.6, 0.8],
    ]);
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(kinds)),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (kind, count, slots, period) => {
          const bits = (checkpoint: Checkpoint): number[][] => {
            const f = (w: Tensor): Tensor => {
              const [end, seen] = scan(
                count,
                { c: w, d: w.square() },
                ({ c, d }, step) => {
                  const next = step % period === 1 ? c : turn.matvec(c).add(d.mul(0.1));
                  return [{ c: next, d: step % period === 2 ? c : d }, kinds[kind](c, next, w)] as const;
                },
                { checkpoint },
              );
              const weighted = seen.map((s, i) =>
                s
                  .square()
                  .sum()
                  .mul(i + 0.7),
              );
              return [end.c.sum(), end.d.square().sum(), ...weighted].reduce((a, b) => a.add(b));
            };
            const { value, grad: g } = valueAndGrad(f)(start);
            return bitsOf([value, g]);
          };
          expect(bits({ binomial: slots })).toEqual(bits("off"));
        },
      ),
      runs(150),
    );
  });

  it("names the step that gave a different result the second time", () => {
    let calls = 0;
    const run = (): unknown =>
      grad((w: Tensor) =>
        loop(
          6,
          { w },
          ({ w: c }, step) => {
            calls++;
            return { w: c.mul(step === 3 && calls > 6 ? 1.25 : 1.5) };
          },
          { checkpoint: { binomial: 2 } },
        ).w.sum(),
      )(tensor([1, 2]));
    expect(run).toThrow("replayed differently (first difference at w[0]). The body must not use");
    calls = 0;
  });
});

describe("forward mode through loops", () => {
  const wide = tensor(Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i)));
  const direction = tensor(Float32Array.from({ length: 1000 }, (_, i) => Math.cos(i)));
  const through =
    (count: number, checkpoint: Checkpoint) =>
    (w: Tensor): Tensor =>
      loop(count, { c: w, d: w }, ({ c, d }) => ({ c: c.mul(1.01).add(d.mul(0.1)).tanh(), d: c }), { checkpoint }).c;

  it("frees each step, whatever the checkpoints, and gives the same bits", () => {
    const peak = (count: number): number => {
      let most = 0;
      const f = (w: Tensor): Tensor =>
        loop(count, w, (c) => {
          most = Math.max(most, memory.stats().arenaBytes);
          return c.mul(1.01).tanh();
        });
      jvp(f, wide, direction);
      return most;
    };
    expect(peak(200)).toBe(peak(10));
    const [first, ...others] = (["off", "auto", { every: 3 }, { binomial: 2 }] as const).map((checkpoint) => {
      const { value, tangent } = jvp(through(12, checkpoint), wide, direction);
      return bitsOf([value, tangent]);
    });
    for (const other of others) expect(other).toEqual(first);
  });

  it("supports tangents of tangents: forward over forward is hvp", () => {
    const x = tensor([0.3, -0.7]);
    const v = tensor([0.6, 1.1]);
    const f = (w: Tensor): Tensor =>
      loop(7, { c: w, d: w }, ({ c, d }, step) => ({ c: step === 3 ? c : c.mul(d).add(c).tanh(), d: c })).c.sum();
    const over = jvp((w: Tensor) => jvp(f, w, v).tangent, x, v).tangent.item();
    const wanted = hvp(f, x, v).mul(v).sum().item();
    expect(relativeError([over], [wanted])).toBeLessThan(1e-5);
    const mixed = grad((w: Tensor) => jvp(f, w, v).tangent)(x);
    expect(relativeError(mixed.data(), hvp(f, x, v).data())).toBeLessThan(1e-5);
  });

  it("works through scans, nested loops, scopes and inner transforms", () => {
    const f = (w: Tensor): Tensor => {
      const [end, seen] = scan(5, w, (c, step) => {
        const inner = loop(step, c, (e) => e.mul(1.1).add(w.mul(0.1)).tanh());
        const slope = grad((e: Tensor) => e.square().mul(e).sum())(inner);
        const pushed = jvp((e: Tensor) => e.square(), slope, c).tangent;
        return [c.add(pushed.mul(0.1)), inner] as const;
      });
      return end.square().sum().add(seen.tanh().sum());
    };
    const x = tensor([0.3, -0.7]);
    const v = tensor([0.6, 1.1]);
    const reverse = grad(f)(x).mul(v).sum().item();
    expect(relativeError([jvp(f, x, v).tangent.item()], [reverse])).toBeLessThan(1e-5);
  });

  it("agrees with reverse mode for any number of steps", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 4 }), (count, binomial) => {
        const f = (w: Tensor): Tensor => through(count, { binomial })(w).square().sum();
        const x = tensor([0.3, -0.7]);
        const v = tensor([0.6, 1.1]);
        const reverse = grad(f)(x).mul(v).sum().item();
        expect(relativeError([jvp(f, x, v).tangent.item()], [reverse])).toBeLessThan(1e-5);
      }),
      runs(30),
    );
  });
});
