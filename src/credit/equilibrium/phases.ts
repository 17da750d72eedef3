// The two phases: a network settles, and is then nudged by what its answer gets wrong.
import { grad, loop } from "../../autodiff/index.js";
import { checkKind, leavesOf, quote, type Tensor, type TreeOf, withLeaves } from "../../core/index.js";
import { abs, add, max, maximum, mul, neg, sub } from "../../ops/index.js";
import { checkedTarget } from "../checks.js";
import { lossOf, type OutputLoss, type OutputLossName } from "../output.js";
import { answerOf, checkModel, type EquilibriumModel, type EquilibriumStates } from "./model.js";

/** Options of equilibrium propagation and its relatives. */
export interface EquilibriumOptions {
  /** T, ticks of the first phase; 100 by default. */
  readonly free?: number;
  /** K, ticks of the second phase, fewer than `free`; 20 by default. */
  readonly nudged?: number;
  /**
   * The loss of the answer; "squared" by default. With "crossEntropy", the answer is the softmax of the output's states, or of
   * what `readoutModel` reads from them.
   */
  readonly loss?: OutputLossName;
}

/** The two phases, checked, and how the answer is judged. */
export interface Phases {
  readonly free: number;
  readonly nudged: number;
  readonly judge: OutputLoss;
}

/** The phases of these options. Throws a RangeError for no ticks, or K not below T. */
export function phasesOf(op: string, given: EquilibriumOptions): Phases {
  checkKind(op, "its last argument", given, "an object");
  const { free = 100, nudged = 20, loss } = given;
  for (const [name, ticks] of Object.entries({ free, nudged })) {
    if (Number.isSafeInteger(ticks) && ticks >= 1) continue;
    throw new RangeError(`[${op}] \`${name}\` is ${quote(ticks)}. Give a whole number of ticks from 1 up.`);
  }
  if (nudged >= free) {
    throw new RangeError(
      `[${op}] \`nudged\` is ${nudged} and \`free\` is ${free}. Give the first phase more ticks than the second.`,
    );
  }
  return { free, nudged, judge: lossOf(op, loss) };
}

/** Throws a RangeError unless β is a number other than 0. */
export function checkBeta(op: string, beta: number): void {
  if (Number.isFinite(beta) && beta !== 0) return;
  throw new RangeError(`[${op}] \`beta\` is ${quote(beta)}. Give a finite number that is not 0, such as 0.1.`);
}

/** Throws a RangeError unless η is a finite number of at least 0. */
export function checkRate(op: string, rate: number): void {
  if (rate >= 0 && rate < Number.POSITIVE_INFINITY) return;
  throw new RangeError(`[${op}] \`rate\` is ${quote(rate)}. Give a finite number of at least 0.`);
}

/** Runs the first phase: a tick is `step`. */
export function settled<P>(
  op: string,
  model: EquilibriumModel<P>,
  params: P,
  [x, target]: readonly [Tensor, Tensor],
  free: number,
  step: (states: EquilibriumStates) => EquilibriumStates,
): { states: EquilibriumStates; residual: Tensor } {
  const before = loop(free - 1, model.rest(params, x), step);
  const states = step(before);
  checkedTarget(op, answerOf(model, params, states), target);
  const changes = states.map((state, i) => max(abs(sub(state, before[i]))));
  return { states, residual: changes.reduce((most, change) => maximum(most, change)) };
}

/** What the answer sends back for a target. */
export interface Pull<P> {
  /** Minus the derivative of the loss by the states of the last group. */
  push(params: P, output: Tensor): Tensor;
  /** ∂Φ/∂θ, less `strength` times the derivative of the loss by what reads the answer. */
  slope(params: P, states: EquilibriumStates, strength: number): P;
}

/** What a model's answer sends back for this target. */
export function pullOf<P extends TreeOf<P>>(
  op: string,
  model: EquilibriumModel<P>,
  { loss, error }: OutputLoss,
  x: Tensor,
  target: Tensor,
): Pull<P> {
  const { readout, force } = model;
  const own = (params: P, states: EquilibriumStates): P => model.slope(params, x, states);
  if (!readout) return { push: (_, output) => error(output, target), slope: own };
  const lossOf = (output: Tensor, params: P): Tensor => loss(readout(params, output), target);
  return {
    push: (params, output) => neg(grad(lossOf)(output, params)),
    slope: (params, states, strength) => {
      if (strength === 0) return own(params, states);
      const read = grad((p: P) => lossOf(states[states.length - 1], p), { unused: "zero" })(params);
      return combined(op, own(params, states), read, (a, b) => sub(a, mul(b, strength * force)));
    },
  };
}

/** A tree whose leaves combine the leaves of two trees one by one. */
export function combined<P>(op: string, one: P, other: P, f: (a: Tensor, b: Tensor, leaf: number) => Tensor): P {
  const others = leavesOf(op, other);
  return withLeaves(
    one,
    leavesOf(op, one).map(({ tensor }, i) => f(tensor, others[i].tensor, i)),
  );
}

/** The states a tick later, with the output moved by its nudge. */
export function nudgedBy(
  step: (states: EquilibriumStates) => EquilibriumStates,
  force: number,
  nudge: (output: Tensor) => Tensor,
): (states: EquilibriumStates) => EquilibriumStates {
  return (states) => {
    const last = states.length - 1;
    return step(states).map((state, i) => (i === last ? add(state, mul(nudge(states[last]), force)) : state));
  };
}

/**
 * The states after one more tick, in which the output is nudged.
 *
 * ```ts
 * const model = energyModel([2, 8, 1]);
 * const [params, x, target] = [model.init(Key.of(0)), tensor([[0, 1]]), tensor([[1]])];
 * let states = model.rest(params, x);
 * for (let t = 0; t < 50; t++) states = nudgedStep(model, params, x, states, (output) => target.sub(output).mul(0.1));
 * ```
 *
 * @param nudge β times the error of the output, for the output before the tick.
 */
export function nudgedStep<P>(
  model: EquilibriumModel<P>,
  params: P,
  x: Tensor,
  states: EquilibriumStates,
  nudge: (output: Tensor) => Tensor,
): EquilibriumStates {
  checkModel("nudgedStep", model);
  checkKind("nudgedStep", "the states", states, "a list");
  checkKind("nudgedStep", "`nudge`", nudge, "a function");
  return nudgedBy((now) => model.step(params, x, now), model.force, nudge)(states);
}
