// Single numbers of a setup's rule: read and changed by the page itself, without the engine.
import type { RuleValues } from "../meta/index.js";
import type { MotifId } from "../plasticity/index.js";
import type { Setup } from "./setup.js";

/** The coefficients of a motif that is on: for each leaf of P, one for each of its rows. */
export const columnOf = ({ plasticity: { motifs }, rule }: Setup, motif: MotifId): number[][] =>
  rule.P.map(({ shape, data }) =>
    Array.from({ length: shape[0] }, (_, row) => data[row * motifs.length + motifs.indexOf(motif)]),
  );

/** The setup with one number of its rule changed. */
export function withNumber(setup: Setup, part: keyof RuleValues, leaf: number, at: number, value: number): Setup {
  const leaves = setup.rule[part].map((one, i) => {
    if (i !== leaf) return one;
    const data = Float32Array.from(one.data);
    data[at] = value;
    return { shape: one.shape, data };
  });
  return { ...setup, rule: { ...setup.rule, [part]: leaves } };
}
