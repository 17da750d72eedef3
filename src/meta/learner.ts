// What a run learns, and one step of learning: the averaged gradient of a meta-batch, the L1 term, Adam.
//
// The numbers are plain between the steps, so that a run holds no tensors of its own: they are written to disk, sent to
// threads, and become tensors for the length of a step. Gradients are summed in float64 in the order of the episodes,
// divided, and rounded to float32 once, so that the sum does not depend on who computed the terms.
import { fromNumbers, scope } from "../core/index.js";
import { type AdamState, adam } from "../optim/index.js";
import { initialRule, type Rule } from "../plasticity/index.js";
import type { TrainConfig } from "./config.js";
import { leafValues, type RuleValues, ruleOf, valuesOf } from "./rule-values.js";

/** A rule under way. */
export interface Learner {
  readonly rule: RuleValues;
  /** Adam's state; see `AdamState`. */
  readonly m: RuleValues;
  readonly v: RuleValues;
  readonly step: number;
}

/** The learner before the first episode. */
export function newLearner(config: TrainConfig, sizes: readonly number[]): Learner {
  return scope(() => {
    const rule = initialRule(config.plasticity, sizes);
    const { m, v } = adam({ lr: config.learningRate }).init<Rule>(rule);
    return { rule: valuesOf(rule), m: valuesOf(m), v: valuesOf(v), step: 0 };
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

  add(grad: readonly Float32Array[]): void {
    this.episodes++;
    this.sums.forEach((sum, leaf) => {
      const terms = grad[leaf];
      for (let i = 0; i < sum.length; i++) sum[i] += terms[i];
    });
  }

  /** The mean plus the subgradient of the L1 term, l1 times the sign of P, which is 0 at 0. */
  mean(l1: number): Float32Array[] {
    return leafValues(this.rule).map(({ data }, leaf) => {
      const penalised = leaf < this.rule.P.length ? l1 : 0;
      return Float32Array.from(this.sums[leaf], (sum, i) => sum / this.episodes + penalised * Math.sign(data[i]));
    });
  }
}

/** The learner after one step of Adam down these gradients. */
export function learn(config: TrainConfig, { rule, m, v, step }: Learner, gradient: readonly Float32Array[]): Learner {
  return scope(() => {
    let leaf = 0;
    const shaped = (list: RuleValues["P"]): RuleValues["P"] =>
      list.map(({ shape }) => ({ shape, data: gradient[leaf++] }));
    const grads = ruleOf({ P: shaped(rule.P), K: shaped(rule.K), v: shaped(rule.v), b: shaped(rule.b) });
    const state: AdamState<Rule> = { m: ruleOf(m), v: ruleOf(v), step: fromNumbers([step], [], "int32") };
    const next = adam({ lr: config.learningRate }).step<Rule>(ruleOf(rule), grads, state);
    return {
      rule: valuesOf(next.params),
      m: valuesOf(next.state.m),
      v: valuesOf(next.state.v),
      step: next.state.step.item(),
    };
  });
}
