// Stores what a run learns as the tensors of a checkpoint: the rule, Adam's state, and the guard's memory if it is on.
import type { StoredTensor } from "../io/index.js";
import type { Codec } from "../runs/internal.js";
import type { GuardState } from "./guard.js";
import type { Learner } from "./learner.js";
import { named, ruleIn } from "./rule-tensors.js";
import { leafValues, type RuleValues } from "./rule-values.js";

type Stored = Readonly<Record<string, StoredTensor>>;

/** The guard's tensors. A run without a guard has none, so its files are the same as before there were guards. */
function guardTensors(guard: GuardState | undefined): [string, StoredTensor][] {
  if (!guard) return [];
  const { norms, mean, losses, halvings, ordinary, falls } = guard;
  return [
    ...named("guard.mean", mean),
    ["guard.norms", { shape: [norms.length], data: norms }],
    ["guard.losses", { shape: [losses.length], data: losses }],
    ["guard.steps", { shape: [3], data: Int32Array.of(halvings, ordinary, falls) }],
  ];
}

/** What the guard remembers, if it was on. */
function guardOf(tensors: Stored, values: (prefix: string) => RuleValues): GuardState | undefined {
  const { "guard.norms": norms, "guard.steps": steps, "guard.losses": losses } = tensors;
  if (!norms || !steps) return undefined;
  const [halvings, ordinary, falls = 0] = steps.data;
  return {
    norms: norms.data as Float32Array,
    mean: values("guard.mean"),
    losses: (losses?.data as Float32Array) ?? new Float32Array(),
    ...{ falls, halvings, ordinary },
  };
}

/** How a learner is stored. */
export const learnerCodec: Codec<Learner> = {
  encode: ({ rule, m, v, step, guard }) =>
    Object.fromEntries<StoredTensor>([
      ...named("rule", rule),
      ...named("adam.m", m),
      ...named("adam.v", v),
      ["adam.step", { shape: [], data: Int32Array.of(step) }],
      ...guardTensors(guard),
    ]),
  decode(tensors) {
    const values = (prefix: string): RuleValues => ruleIn(prefix, tensors);
    const [rule, m, v] = ["rule", "adam.m", "adam.v"].map(values);
    const [count, step] = [leafValues(rule).length, tensors["adam.step"]?.data[0]];
    const places = tensors["guard.norms"] ? 4 * count + 3 : 3 * count + 1;
    // Files that were written before guards watched losses do not have them.
    const there = Object.keys(tensors).filter((place) => place !== "guard.losses").length;
    return there === places && step >= 0 ? { rule, m, v, step, guard: guardOf(tensors, values) } : undefined;
  },
};
