import { describe, expect, it } from "vitest";
import { type Checkpoint, scan, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { bitsOf } from "../laws/oracle.js";
import { type Parameters, parameters } from "./bodies.js";

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

  it("gives the same bits with every checkpoint, also if the outputs are the carry itself", () => {
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
