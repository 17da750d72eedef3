// What a run learns, and one step of learning: the averaged gradient of a meta-batch, the L1 term, the guard, Adam.
//
// Between the steps everything is plain numbers, so a run holds no tensors: the numbers are written to disk and sent to
// threads, and become tensors only for the duration of a step. Gradients are summed in float64 in the order of the
// episodes, divided, and rounded to the run's `dtype` once, so the result does not depend on where the terms were computed.
import { fromNumbers, scope } from "../core/index.js";
import { type AdamState, adam } from "../optim/index.js";
import type { Rule } from "../plasticity/index.js";
import type { TrainConfig } from "./config.js";
import { firstRule } from "./first-rule.js";
import { decideStep, type GuardState, newGuard } from "./guard.js";
import { type Floats, leafValues, mapLeaves, type RuleValues, ruleOf, valuesOf } from "./rule-values.js";

/** A rule while it is being learned. */
export interface Learner {
  readonly rule: RuleValues;
  /** Adam's state; see `AdamState`. */
  readonly m: RuleValues;
  readonly v: RuleValues;
  readonly step: number;
  /** The guard's memory; undefined if there is no guard. */
  readonly guard: GuardState | undefined;
}

/** The learner before the first episode. */
export function newLearner(config: TrainConfig, sizes: readonly number[]): Learner {
  return scope(() => {
    const values = firstRule(config, sizes);
    const { m, v } = adam({ lr: config.learningRate }).init<Rule>(ruleOf(values));
    const guard = config.clip === "off" ? undefined : newGuard(values);
    return { rule: values, m: valuesOf(m), v: valuesOf(v), step: 0, guard };
  });
}

/** The L1 term of the meta-loss: l1 times the sum of |P|. */
export function penaltyOf({ P }: RuleValues, l1: number): number {
  let sum = 0;
  if (l1 !== 0) for (const { data } of P) for (const p of data) sum += Math.abs(p);
  return l1 * sum;
}

/** Sums the gradients of a meta-batch, one episode after the other. */
export class GradientSum {
  private readonly sums: Float64Array[];
  private episodes = 0;

  constructor(private readonly rule: RuleValues) {
    this.sums = leafValues(rule).map(({ data }) => new Float64Array(data.length));
  }

  add(grad: readonly Floats[]): void {
    this.episodes++;
    this.sums.forEach((sum, leaf) => {
      const terms = grad[leaf];
      for (let i = 0; i < sum.length; i++) sum[i] += terms[i];
    });
  }

  /** Whether there are no gradients to average. */
  get empty(): boolean {
    return this.episodes === 0;
  }

  /** The mean plus the subgradient of the L1 term, l1 times the sign of P, which is 0 at 0. */
  mean(l1: number): Floats[] {
    return leafValues(this.rule).map(({ data }, leaf) => {
      const penalised = leaf < this.rule.P.length ? l1 : 0;
      return data.map((p, i) => this.sums[leaf][i] / this.episodes + penalised * Math.sign(p));
    });
  }
}

/** The result of a meta-step. */
export interface MetaStep {
  readonly learner: Learner;
  /** What the guard multiplied the gradient by; 0 means that there was no step, and the rule went back. */
  readonly scale: number;
}

/**
 * The learner after a meta-step; the gradient is undefined if every episode diverged, which is allowed only with a
 * guard.
 *
 * @param loss the meta-loss that it is the gradient of.
 */
export function guardedLearn(
  config: TrainConfig,
  learner: Learner,
  gradient: readonly Floats[] | undefined,
  loss: number,
): MetaStep {
  if (config.clip === "off" || !learner.guard) return { learner: learn(config, learner, gradient ?? []), scale: 1 };
  const { scale, guard } = decideStep(config.clip, learner.guard, learner.rule, gradient, loss);
  if (!gradient || scale === 0) {
    const m = mapLeaves(learner.m, (data) => data.map(() => 0));
    return { learner: { ...learner, rule: guard.mean, m, guard }, scale: 0 };
  }
  const safe = scale === 1 ? gradient : gradient.map((leaf) => leaf.map((x) => x * scale));
  return { learner: { ...learn(config, learner, safe), guard }, scale };
}

/** The learner after one step of Adam down these gradients; the guard's memory is unchanged. */
export function learn(config: TrainConfig, { rule, m, v, step, guard }: Learner, gradient: readonly Floats[]): Learner {
  return scope(() => {
    const grads = ruleOf(mapLeaves(rule, (_, leaf) => gradient[leaf]));
    const state: AdamState<Rule> = { m: ruleOf(m), v: ruleOf(v), step: fromNumbers([step], [], "int32") };
    const lr = config.learningRate / 2 ** (guard?.halvings ?? 0);
    const next = adam({ lr }).step<Rule>(ruleOf(rule), grads, state);
    return {
      rule: valuesOf(next.params),
      m: valuesOf(next.state.m),
      v: valuesOf(next.state.v),
      step: next.state.step.item(),
      guard,
    };
  });
}
