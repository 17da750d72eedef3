// Changes of a life's rule that keep as many of its numbers as still have a place.
import type { LeafValues, RuleValues } from "../meta/index.js";
import { type MotifId, type PlasticityConfig, ruleParts } from "../plasticity/index.js";
import { checkFit, keptNameOf } from "./kept.js";
import { checkStructure, initialValues, type Setup } from "./setup.js";

/** What can be changed besides the rule's numbers. */
export type Change = Partial<Omit<Setup, "rule" | "plasticity">> & { readonly plasticity?: Partial<PlasticityConfig> };

/** Coefficients of motifs that are off, so that they come back when a motif is turned on again. */
export type Remembered = Readonly<Record<string, readonly (readonly number[])[]>>;

/**
 * The setup after a change. Coefficients stay with their motifs, and all other numbers that still fit stay too; what is new
 * begins as before any learning, or as it was remembered.
 *
 * @throws InputError if the setup cannot be changed in this way, or if a kept rule has no numbers for another network.
 */
export function changed(setup: Setup, change: Change, remembered: Remembered = {}): Setup {
  const { rule: before, ...rest } = setup;
  const structure = { ...rest, ...change, plasticity: { ...setup.plasticity, ...change.plasticity } };
  checkStructure(structure);
  const kept = change.plasticity ? undefined : keptNameOf(setup);
  if (kept !== undefined) checkFit(kept, structure);
  const first = initialValues(structure);
  const [from, to] = [setup.plasticity.motifs, structure.plasticity.motifs];
  const parts = ruleParts.map((part) => {
    const leaves = first[part].map((leaf, i) => {
      const old = before[part][i];
      if (!old) return leaf;
      if (part === "P") return columns(leaf, old, from, to, remembered, i);
      return String(old.shape) === String(leaf.shape) ? old : leaf;
    });
    return [part, leaves] as const;
  });
  return { ...structure, rule: Object.fromEntries(parts) as unknown as RuleValues };
}

/** P with the columns of `to`: from the old P where the motif was on, remembered, or as at first. */
function columns(
  first: LeafValues,
  old: LeafValues,
  from: readonly MotifId[],
  to: readonly MotifId[],
  remembered: Remembered,
  leaf: number,
): LeafValues {
  const data = Float32Array.from(first.data);
  for (let row = 0; row < first.shape[0]; row++) {
    to.forEach((motif, column) => {
      const at = from.indexOf(motif);
      const value = at < 0 ? remembered[motif]?.[leaf]?.[row] : old.data[row * from.length + at];
      if (value !== undefined && row < old.shape[0]) data[row * to.length + column] = value;
    });
  }
  return { shape: first.shape, data };
}
