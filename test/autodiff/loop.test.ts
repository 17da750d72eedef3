import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Checkpoint, grad, hvp, jvp, loop, memory, type Tensor, tensor, vjp } from "../../src/index.js";
import { linearStep } from "../../src/plasticity/index.js";
import { bitsOf, expectClose, relativeError, toArray64 } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";
import { bitsThrough, bodies, checkpoints, lossOf, type Parameters, parameters, through, x } from "./bodies.js";

describe("loop", () => {
  it.each(Object.keys(bodies))("a body that %s: the same bits with every checkpoint", (name) => {
    for (const count of [1, 4, 5]) {
      const plain = bitsThrough([name], count, "off");
      for (const checkpoint of [
        "auto",
        { every: 1 },
        { every: 2 },
        { every: 3 },
        { bytes: 0 },
        { bytes: 900 },
        { binomial: 1 },
        { binomial: 2 },
      ] as const) {
        expect(bitsThrough([name], count, checkpoint), JSON.stringify({ count, checkpoint })).toEqual(plain);
      }
    }
  });

  it("steps of all kinds in any order: the same bits with every checkpoint", () => {
    const kinds = fc.array(fc.constantFrom(...Object.keys(bodies)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(kinds, fc.integer({ min: 0, max: 20 }), checkpoints, (names, count, checkpoint) => {
        expect(bitsThrough(names, count, checkpoint)).toEqual(bitsThrough(names, count, "off"));
      }),
      runs(160),
    );
  });

  it.each(Object.keys(bodies))("a body that %s: second derivatives do not depend on the checkpoint", (name) => {
    const second = (checkpoint: Checkpoint): Tensor[] => {
      const f = through([name], 5, checkpoint);
      const twice = grad(
        (p: Parameters) => {
          const g = grad(f, { unused: "zero" })(p);
          return lossOf(g).mul(g.rate).add(g.turn.square().sum());
        },
        { unused: "zero" },
      )(parameters);
      const over = hvp((p: Parameters) => f(p).add(p.a.sum().add(p.b.sum()).mul(0)), parameters, parameters);
      return [twice, over].flatMap((p) => [p.a, p.b, p.rate, p.turn]);
    };
    const plain = second("off").map(toArray64);
    for (const checkpoint of [{ every: 1 }, { every: 2 }, { binomial: 2 }] as const)
      expectClose(second(checkpoint), plain, 2e-5);
  });

  it("has the same derivative in forward mode as in reverse mode", () => {
    for (const name of Object.keys(bodies)) {
      const f = through([name], 4, { every: 2 });
      const forward = jvp(f, parameters, parameters).tangent.item();
      const g = grad(f, { unused: "zero" })(parameters);
      const reverse = (["a", "b", "rate", "turn"] as const).reduce(
        (total, key) => total + g[key].mul(parameters[key]).sum().item(),
        0,
      );
      expect(relativeError([forward], [reverse]), name).toBeLessThan(2e-5);
    }
  });

  it("gives gradients to what the body closes over, equal to differences in float64", () => {
    // (u, v) <- (u - r v, v + r u + r^2): a growing spiral
    const plain = (r: number): number => {
      let [u, v] = [1, 0.5];
      for (let i = 0; i < 9; i++) [u, v] = [u - r * v, v + r * u + r * r];
      return u * v;
    };
    const wanted = (plain(0.3 + 1e-6) - plain(0.3 - 1e-6)) / 2e-6;
    const f = (r: Tensor): Tensor => {
      const end = loop(
        9,
        { u: tensor(1), v: tensor(0.5) },
        ({ u, v }) => ({ u: u.sub(v.mul(r)), v: v.add(u.mul(r)).add(r.square()) }),
        {
          checkpoint: { every: 4 },
        },
      );
      return end.u.mul(end.v);
    };
    expect(relativeError([grad(f)(tensor(0.3)).item()], [wanted])).toBeLessThan(1e-5);
  });

  it("may call a pullback that was made before it, over tensors that the gradient around it depends on too", () => {
    // c <- c + 3 w^2 c from 1, three times: (1 + 3 w^2)^3
    const f = (checkpoint: Checkpoint) => (w: Tensor) => {
      const { pullback } = vjp((p: Tensor) => p.square().mul(p), w);
      return loop(3, tensor(1), (c) => c.add(pullback(c)), { checkpoint });
    };
    const slope = 18 * 0.5 * (1 + 3 * 0.25) ** 2;
    for (const checkpoint of ["off", { every: 1 }, { every: 2 }] as const) {
      expect(relativeError([grad(f(checkpoint))(tensor(0.5)).item()], [slope])).toBeLessThan(1e-6);
    }
  });

  it("recorded in a pullback, with fused ops in it, is differentiated by forward mode afterwards", () => {
    const left = tensor([[[0.1, 0.2]], [[0.3, -0.1]], [[0.2, 0.4]]]);
    const step = (w: Tensor): Tensor => linearStep(w, left, [x, x, x], tensor([0.2])).tanh();
    const pulled = (checkpoint: Checkpoint): Tensor => {
      const { pullback } = vjp((w: Tensor) => loop(5, w, step, { checkpoint }), parameters.a);
      const { tangent } = jvp((u: Tensor) => pullback(u.square()), parameters.b, parameters.turn);
      expectClose([tangent], [toArray64(pullback(parameters.b.mul(parameters.turn).mul(2)))], 1e-5);
      pullback.dispose();
      return tangent;
    };
    expect(bitsOf([pulled({ every: 2 })])).toEqual(bitsOf([pulled("off")]));
  });

  it("returns its start for zero steps, and refuses counts that are not whole numbers of at least 0", () => {
    expect(loop(0, tensor([1, 2]), (c) => c.mul(2)).toArray()).toEqual([1, 2]);
    for (const checkpoint of ["off", "auto", { every: 3 }, { bytes: 0 }] as const) {
      expect(grad((c: Tensor) => loop(0, c, (d) => d.mul(2), { checkpoint }).sum())(tensor([1, 2])).toArray()).toEqual([
        1, 1,
      ]);
    }
    for (const count of [-1, 1.5, Number.NaN]) {
      expect(() => loop(count, tensor(1), (c) => c)).toThrow("[loop] the number of steps is a whole number");
    }
  });

  it("refuses invalid checkpoints", () => {
    const run = (checkpoint: Checkpoint) => () =>
      grad((c: Tensor) => loop(3, c, (d) => d.mul(2), { checkpoint }))(tensor(1));
    for (const every of [0, 1.5, -2]) expect(run({ every })).toThrow(`[loop] checkpoint every ${every} steps`);
    expect(run({ bytes: Number.NaN })).toThrow("[loop] checkpoint bytes: NaN is not a number of bytes.");
    for (const binomial of [0, 1.5]) expect(run({ binomial })).toThrow(`[loop] checkpoint binomial ${binomial}: use a`);
    expect(run({ binomial: { bytes: -1 } })).toThrow("[loop] checkpoint bytes: -1 is not a number of bytes.");
    expect(run({ often: 3 } as never)).toThrow('[loop] checkpoint {"often":3} is unknown. Use "auto", "off",');
    expect(run("sometimes" as never)).toThrow(TypeError);
  });

  it("refuses a carry that changes its structure, naming step and leaf", () => {
    const pair = { w: tensor([1, 2]), b: tensor(1) };
    const run = (body: (c: typeof pair, step: number) => unknown) => () => loop(3, pair, body as never);
    expect(run((c, step) => (step === 1 ? { w: c.w.sum(), b: c.b } : c))).toThrow(
      '[loop] step 1 returned "w" [] where the carry has "w" [2].',
    );
    expect(run(({ w }) => ({ w }))).toThrow("[loop] step 0 returned 1 tensors, the carry has 2.");
    expect(run(({ w, b }) => ({ w, c: b }))).toThrow('step 0 returned "c" [] where the carry has "b" [].');
    expect(run(({ w }) => ({ w, b: tensor(1, { dtype: "int32" }) }))).toThrow("keeps its names, shapes and types");
  });

  it("names step and element when a body is not a pure function of its arguments", () => {
    const slip = tensor([
      [0, 0, 0],
      [0, 1, 0],
    ]);
    let calls = 0;
    const body = ({ w }: { w: Tensor }, step: number): { w: Tensor } => {
      calls++;
      const next = w.mul(1.5);
      return { w: step === 4 && calls > 6 ? next.add(slip) : next };
    };
    const run = (every: number) => () => {
      calls = 0;
      grad((w: Tensor) => loop(6, { w }, body, { checkpoint: { every } }).w.sum())(
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      );
    };
    expect(run(1)).toThrow("[loop] step 4 replayed differently (first difference at w[1, 1]). The body must not use");
    expect(run(3)).toThrow("[loop] steps 3 to 5 replayed differently (first difference at w[1, 1])");
  });

  it("frees memory as it runs if nothing is recorded", () => {
    const peakOf = (count: number): number => {
      const before = memory.stats();
      const end = loop(count, tensor(new Float32Array(1000)), (c) => c.add(1).mul(0.5).tanh());
      const after = memory.stats();
      end.dispose();
      expect(after.arenaBytes).toBe(before.arenaBytes);
      expect(after.live).toBe(before.live + 2);
      return after.memoryBytes;
    };
    peakOf(2);
    expect(peakOf(5000)).toBe(peakOf(2));
  });

  it("runs each step once if the tape may hold them all, and once more if it is stored in segments", () => {
    const callsOf = (count: number, checkpoint: Checkpoint): number[] => {
      const calls = new Array<number>(count).fill(0);
      const body = (c: Tensor, step: number): Tensor => {
        calls[step]++;
        return c.mul(2);
      };
      grad((c: Tensor) => loop(count, c, body, { checkpoint }))(tensor(1));
      return calls;
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 21 }), (count, every) => {
        for (const checkpoint of ["off", "auto", { bytes: 2 ** 24 }] as const) {
          expect(callsOf(count, checkpoint)).toEqual(new Array(count).fill(1));
        }
        expect(callsOf(count, { every })).toEqual(new Array(count).fill(2));
        // The first step is measured, and stays; for the others there is no room. One alone would store as much as a segment.
        const measured = Array.from({ length: count }, (_, step) => (step === 0 || count === 2 ? 1 : 2));
        expect(callsOf(count, { bytes: 0 })).toEqual(measured);
      }),
      runs(40),
    );
  });

  it("stores less with segments than with everything", () => {
    const wide = tensor(new Float32Array(20_000));
    const peakOf = (checkpoint: Checkpoint): number => {
      let most = 0;
      grad((w: Tensor) =>
        loop(
          64,
          w,
          (c) => {
            most = Math.max(most, memory.stats().arenaBytes);
            return c.add(1).tanh().mul(0.5).exp();
          },
          { checkpoint },
        ).sum(),
      )(wide).dispose();
      return most;
    };
    // Eight carries and the tape of eight steps, of four results each, in place of that of 64; the state of the loop beside.
    expect(peakOf({ every: 8 })).toBeLessThan((peakOf("off") * (8 + 8 * 4 + 4)) / (64 * 4));
  });
});
