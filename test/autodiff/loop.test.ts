import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Checkpoint,
  customGrad,
  grad,
  hvp,
  jacobian,
  jvp,
  loop,
  memory,
  scan,
  stop,
  type Tensor,
  tensor,
  valueAndGrad,
  valueAndGradAux,
  vjp,
} from "../../src/index.js";
import { linearStep } from "../../src/plasticity/index.js";
import { bitsOf, expectClose, relativeError, toArray64 } from "../laws/oracle.js";
import { runs } from "../laws/settings.js";

interface Carry {
  readonly a: Tensor;
  readonly b: Tensor;
}
interface Parameters extends Carry {
  readonly rate: Tensor;
  readonly turn: Tensor;
}
type Body = (carry: Carry, p: Parameters, step: number, checkpoint: Checkpoint) => Carry;

// A rotation, so that nothing contracts: a vanished gradient would agree with anything.
const parameters: Parameters = {
  a: tensor([
    [0.8, -0.5],
    [0.3, 1.1],
  ]),
  b: tensor([
    [-0.7, 0.2],
    [0.9, 0.6],
  ]),
  rate: tensor(0.13),
  turn: tensor([
    [0.8, -0.6],
    [0.6, 0.8],
  ]),
};
const x = tensor([0.3, -1.2]);
const inner = (w: Tensor): Tensor =>
  w.square().sum().mul(0.1).add(w.matvec(x).square().sum()).add(w.matvec(x, true).tanh().sum());

/** w + r sin w with half its slope, as a rule says. */
const bent = customGrad({
  name: "bent",
  forward: (w: Tensor, r: Tensor) => [stop(w.add(w.sin().mul(r))), { w, r, slope: w.cos().mul(r) }] as const,
  backward: ({ w, slope }, dy) => [dy.mul(slope.add(1)).mul(0.5), dy.mul(w.sin()).sum()] as [Tensor, Tensor],
  forwardMode: ({ w, slope }, [dw, dr]) => dw.mul(slope.add(1)).mul(0.5).add(w.sin().mul(dr)),
});

const bodies: Record<string, Body> = {
  turns: ({ a, b }, { turn, rate }) => ({ a: turn.matmul(a).add(b.mul(rate)), b: b.sub(a.tanh().mul(rate)) }),
  swaps: ({ a, b }) => ({ a: b, b: a }),
  "passes one through": ({ a, b }, { rate }) => ({ a: a.add(b.mul(rate)), b }),
  "passes one through at odd steps": ({ a }, { turn }, step) => ({ a: step % 2 === 1 ? a : turn.matmul(a), b: a }),
  "returns one tensor twice": ({ a, b }, { turn }) => {
    const next = turn.matmul(a).add(b.square().mul(0.1));
    return { a: next, b: next };
  },
  "returns one old tensor twice": ({ a }) => ({ a, b: a }),
  "ignores the carry": (_, { turn, rate }) => ({ a: turn.mul(rate), b: turn }),
  "returns what it closes over": ({ a }, { turn }) => ({ a: turn, b: a }),
  "reads views": ({ a, b }, { turn }) => ({
    a: a.transpose().add(a.row(1).mul(b.row(0))),
    b: turn.reshape([4]).reshape([2, 2]),
  }),
  "descends a gradient": ({ a, b }, { rate }) => ({ a: a.sub(grad(inner)(a).mul(rate)), b: b.add(a.mul(rate)) }),
  "descends twice": ({ a, b }, { rate }) => ({
    a: a.sub(
      grad((w: Tensor) => grad(inner)(w).square().sum())(a)
        .mul(rate)
        .mul(0.1),
    ),
    b,
  }),
  "pulls back": ({ a, b }, { turn }) => {
    const { value, pullback } = vjp((w: Tensor) => w.matmul(turn).tanh(), b);
    return { a: a.add(pullback(a)), b: value.add(b) };
  },
  "pushes forward": ({ a, b }, { rate }) => ({
    a: a.add(jvp((w: Tensor) => w.square().tanh(), b, a).tangent.mul(rate)),
    b: a,
  }),
  loops: ({ a, b }, { turn, rate }, _, checkpoint) => ({
    a: loop(3, a, (c, k) => (k === 1 ? turn.matmul(c) : c.add(b.mul(rate))), { checkpoint }),
    b: a,
  }),
  scans: ({ a, b }, { rate }, _, checkpoint) => {
    const [end, seen] = scan(3, a, (c) => [c.add(b.mul(rate)), c] as const, { checkpoint });
    return { a: end, b: seen.sum(0).mul(0.3) };
  },
  "has a custom gradient": ({ a, b }, { rate, turn }) => ({ a: turn.matmul(bent(a, rate)), b: bent(b, rate).add(a) }),
  "descends a custom gradient and keeps its loss": ({ a, b }, { rate }) => {
    const {
      value,
      aux,
      grad: g,
    } = valueAndGradAux((w: Tensor) => {
      const y = bent(w, rate);
      return [inner(y), { y }] as const;
    })(a);
    return { a: a.sub(g.mul(rate)), b: b.add(aux.y.mul(value).mul(0.01)) };
  },
  "has a Jacobian": ({ a, b }, { rate }) => ({
    a: a.add(
      jacobian((w: Tensor) => w.matvec(x).tanh())(b)
        .sum(0)
        .mul(rate),
    ),
    b: jacobian((r: Tensor) => bent(a, r), { mode: "forward" })(rate)
      .mul(0.1)
      .add(b),
  }),
  "uses a fused op and its gradient": ({ a, b }, { rate, turn }) => {
    const left = turn
      .matmul(b)
      .reshape([4])
      .row(0)
      .mul(tensor([[[0.1, 0.2]], [[0.3, -0.1]], [[0.2, 0.4]]]));
    const step = (w: Tensor): Tensor => linearStep(w, left, [x, x, x], rate.reshape([1]));
    return { a: step(a), b: grad((w: Tensor) => step(w).tanh().sum())(b).add(b) };
  },
};

const lossOf = ({ a, b }: Carry): Tensor =>
  a
    .mul(
      tensor([
        [1, -2],
        [0.5, 3],
      ]),
    )
    .sum()
    .add(
      b
        .mul(
          tensor([
            [-1, 0.7],
            [2, 1.3],
          ]),
        )
        .sum(),
    );

const through =
  (names: readonly string[], count: number, checkpoint: Checkpoint) =>
  (p: Parameters): Tensor => {
    const end = loop<Carry>(
      count,
      { a: p.a, b: p.b },
      (carry, step) => bodies[names[step % names.length]](carry, p, step, checkpoint),
      { checkpoint },
    );
    return lossOf(end).add(p.rate).add(p.turn.sum());
  };

const bitsThrough = (names: readonly string[], count: number, checkpoint: Checkpoint): number[][] => {
  const { value, grad: g } = valueAndGrad(through(names, count, checkpoint), { unused: "zero" })(parameters);
  return bitsOf([value, g.a, g.b, g.rate, g.turn]);
};

const checkpoints: fc.Arbitrary<Checkpoint> = fc.oneof(
  fc.constant<Checkpoint>("auto"),
  fc.record({ every: fc.integer({ min: 1, max: 22 }) }),
  fc.record({ bytes: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ binomial: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ binomial: fc.record({ bytes: fc.integer({ min: 0, max: 200 }) }) }),
);

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

  it("is differentiated by forward mode as by reverse mode", () => {
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

  it("gives gradients to what the body closes over, as differences in float64 say", () => {
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

  it("returns its beginning for no steps, and refuses odd counts", () => {
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

  it("refuses checkpoints that make no sense", () => {
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

  it("names steps and element when a body is not a function of its arguments", () => {
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

  it("frees as it goes where nothing is recorded", () => {
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
    expect(peakOf({ every: 8 })).toBeLessThan(peakOf("off") / 2);
    const budget = 4_000_000;
    expect(peakOf({ bytes: budget })).toBeLessThan(1.5 * budget);
  });
});

describe("scan", () => {
  it("stacks what each step returns, leaf by leaf", () => {
    const [end, { seen, pair }] = scan(
      3,
      tensor(1),
      (c, step) => [c.mul(2), { seen: c, pair: [tensor([step, 0]), c] }] as const,
    );
    expect([end.item(), seen.toArray(), pair[0].toArray(), pair[1].toArray()]).toEqual([
      8,
      [1, 2, 4],
      [
        [0, 0],
        [1, 0],
        [2, 0],
      ],
      [1, 2, 4],
    ]);
  });

  it("gives the same bits with every checkpoint, also where outputs are the carry itself", () => {
    const outputs: Record<string, (before: Tensor, after: Tensor) => readonly Tensor[]> = {
      before: (before) => [before],
      after: (_, after) => [after],
      "both, twice": (before, after) => [after, before, after, before],
      "a function of it": (before, after) => [before.mul(after).tanh()],
    };
    for (const [name, out] of Object.entries(outputs)) {
      for (const passing of [false, true]) {
        const bits = (checkpoint: Checkpoint): number[][] => {
          const { value, grad: g } = valueAndGrad((p: Parameters) => {
            const [end, seen] = scan(
              7,
              p.a,
              (c, step) => {
                const next = passing && step % 3 === 1 ? c : p.turn.matmul(c).add(p.b.mul(p.rate));
                return [next, out(c, next)] as const;
              },
              { checkpoint },
            );
            const weighted = seen.map((s, i) =>
              s
                .mul(s)
                .sum()
                .mul(i + 0.5),
            );
            return [end.square().sum(), ...weighted].reduce((u, v) => u.add(v));
          })(parameters);
          return bitsOf([value, g.a, g.b, g.rate, g.turn]);
        };
        for (const checkpoint of [
          "auto",
          { every: 1 },
          { every: 2 },
          { every: 3 },
          { every: 7 },
          { bytes: 0 },
          { binomial: 1 },
          { binomial: 2 },
          { binomial: 3 },
        ] as const) {
          expect(bits(checkpoint), `${name} ${passing} ${JSON.stringify(checkpoint)}`).toEqual(bits("off"));
        }
      }
    }
  });

  it("refuses zero steps, which have no outputs", () => {
    expect(() => scan(0, tensor(1), (c) => [c, c] as const)).toThrow("[scan] there are no outputs to stack");
  });
});
