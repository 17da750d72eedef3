// Bodies of loops of every kind, and a function through them, for the tests of loops.
import fc from "fast-check";
import {
  type Checkpoint,
  customGrad,
  grad,
  jacobian,
  jvp,
  loop,
  scan,
  stop,
  type Tensor,
  tensor,
  valueAndGrad,
  valueAndGradAux,
  vjp,
} from "../../src/index.js";
import { linearStep } from "../../src/plasticity/index.js";
import { bitsOf } from "../laws/oracle.js";

export interface Carry {
  readonly a: Tensor;
  readonly b: Tensor;
}
export interface Parameters extends Carry {
  readonly rate: Tensor;
  readonly turn: Tensor;
}
type Body = (carry: Carry, p: Parameters, step: number, checkpoint: Checkpoint) => Carry;

// A rotation, so that nothing contracts: a vanished gradient would agree with anything.
export const parameters: Parameters = {
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
export const x = tensor([0.3, -1.2]);
const inner = (w: Tensor): Tensor =>
  w.square().sum().mul(0.1).add(w.matvec(x).square().sum()).add(w.matvec(x, true).tanh().sum());

/** w + r sin w with half its slope, as a rule says. */
const bent = customGrad({
  name: "bent",
  forward: (w: Tensor, r: Tensor) => [stop(w.add(w.sin().mul(r))), { w, r, slope: w.cos().mul(r) }] as const,
  backward: ({ w, slope }, dy) => [dy.mul(slope.add(1)).mul(0.5), dy.mul(w.sin()).sum()] as [Tensor, Tensor],
  forwardMode: ({ w, slope }, [dw, dr]) => dw.mul(slope.add(1)).mul(0.5).add(w.sin().mul(dr)),
});

export const bodies: Record<string, Body> = {
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

export const lossOf = ({ a, b }: Carry): Tensor =>
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

export const through =
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

export const bitsThrough = (names: readonly string[], count: number, checkpoint: Checkpoint): number[][] => {
  const { value, grad: g } = valueAndGrad(through(names, count, checkpoint), { unused: "zero" })(parameters);
  return bitsOf([value, g.a, g.b, g.rate, g.turn]);
};

export const checkpoints: fc.Arbitrary<Checkpoint> = fc.oneof(
  fc.constant<Checkpoint>("auto"),
  fc.record({ every: fc.integer({ min: 1, max: 22 }) }),
  fc.record({ bytes: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ binomial: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ binomial: fc.record({ bytes: fc.integer({ min: 0, max: 200 }) }) }),
);
