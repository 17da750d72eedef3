// Equilibrium propagation (Scellier and Bengio 2017; Ernoult et al. 2019, 2020): a network settles and is then nudged towards
// its target, and each synapse compares its neurons before and after.
import { grad, loop } from "../../autodiff/index.js";
import { checkKind, type Key, leavesOf, quote, scope, type Tensor, type TreeOf, withLeaves } from "../../core/index.js";
import { add, mul, sub } from "../../ops/index.js";
import { answerOf, checkModel, type EquilibriumModel, type EquilibriumStates, ticksOf } from "./model.js";
import {
  checkBeta,
  checkRate,
  combined,
  type EquilibriumOptions,
  nudgedBy,
  nudgedStep,
  phasesOf,
  pullOf,
  settled,
} from "./phases.js";
import { warnIfAsymmetric } from "./symmetry.js";

/**
 * How the output is nudged: towards the target, towards it and away from it in two phases, or in a random direction.
 */
export type Nudging = "one-sided" | "symmetric" | "random";

/** Options of `equilibriumPropagation`. */
export interface NudgingOptions extends EquilibriumOptions {
  /** β, the strength of nudging: not 0; 0.1 by default. A negative β pushes the output away from the target. */
  readonly beta?: number;
  /**
   * "one-sided" (the default), whose error is proportional to β; "symmetric", proportional to β², with one more phase;
   * or "random", one-sided with a random sign of β.
   */
  readonly nudging?: Nudging;
  /** The key from which the sign of "random" is drawn; only needed there. */
  readonly key?: Key;
  /**
   * If given, an error is thrown if states still move by more than `tolerance` times |β| in the last tick of the first phase.
   * With 1e-3, the error's slope in β can be seen. By default nothing is checked; see `residual`.
   */
  readonly tolerance?: number;
}

/** Options of `continualEquilibriumPropagation`. */
export interface ContinualOptions extends Omit<NudgingOptions, "nudging" | "key"> {
  /**
   * η, the rate at which parameters move in each tick of the second phase: at least 0, for all of them or one number for each,
   * in the order of their tree.
   */
  readonly rate: number | readonly number[];
}

/** The result of the algorithms. */
export interface Equilibrium<P> {
  /** For each parameter, approximately the gradient of the loss at the steady state, summed over the batch. */
  readonly credit: P;
  /** The states at the end of the first phase; the last one is the output. */
  readonly states: EquilibriumStates;
  /** The largest change of a state in the last tick of the first phase; shape []. */
  readonly residual: Tensor;
}

/** The result of `continualEquilibriumPropagation`. */
export interface Continual<P> extends Equilibrium<P> {
  /** The parameters after the second phase. */
  readonly params: P;
}

/** A rate for each parameter. Throws a RangeError for rates below 0, and a list of another length. */
function ratesOf(op: string, rate: number | readonly number[], count: number): readonly number[] {
  const rates = Array.isArray(rate) ? (rate as readonly number[]) : new Array<number>(count).fill(rate as number);
  for (const each of rates) checkRate(op, each);
  if (rates.length === count) return rates;
  throw new RangeError(
    `[${op}] \`rate\` has ${rates.length} numbers, but there are ${count} parameters. Give one for each, or a single number.`,
  );
}

function checkSettled(op: string, residual: Tensor, beta: number, tolerance: number | undefined): void {
  if (tolerance === undefined || residual.item() <= tolerance * Math.abs(beta)) return;
  throw new RangeError(
    `[${op}] states still move by ${residual.item().toExponential(1)} in a tick, more than \`tolerance\` ${tolerance} times \`beta\` ${quote(beta)}. ` +
      "Give `free` more ticks, or `beta` a larger value.",
  );
}

/**
 * Equilibrium propagation: the credit is minus the difference of ∂Φ/∂θ between nudged and free states, divided by β. As β
 * goes to 0, it becomes the gradient of the loss by backpropagation through the last K ticks at the steady state
 * (`unrolledGradient`), if states are the derivative of a single Φ and the first phase has settled.
 *
 * ```ts
 * const model = energyModel([2, 16, 1]);
 * const [params, x, target] = [model.init(Key.of(0)), tensor([[0, 1]]), tensor([[1]])];
 * const how = { free: 200, nudged: 30, beta: 0.05, nudging: "symmetric", tolerance: 1e-3 } as const;
 * const { credit } = equilibriumPropagation(model, params, x, target, how);
 * ```
 *
 * @param model the network that settles.
 * @param params its parameters.
 * @param x data [n, ...].
 * @param target targets of the shape of the output.
 * @throws RangeError for a β of 0, phases without ticks, a K that is not below T, targets of another shape, a first phase that
 * has not settled (if `tolerance` is given), and random nudging without a key.
 */
export function equilibriumPropagation<P extends TreeOf<P>>(
  model: EquilibriumModel<P>,
  params: P,
  x: Tensor,
  target: Tensor,
  given: NudgingOptions = {},
): Equilibrium<P> {
  checkKind("equilibriumPropagation", "its last argument", given, "an object");
  const { beta = 0.1, nudging = "one-sided", key, tolerance, ...options } = given;
  const op = "equilibriumPropagation";
  const { free, nudged, judge } = phasesOf(op, options);
  checkBeta(op, beta);
  checkModel(op, model);
  if (!Object.hasOwn(strengths, nudging)) {
    throw new RangeError(
      `[${op}] there is no \`nudging\` ${quote(nudging)}. Use ${Object.keys(strengths).join(", ")}.`,
    );
  }
  return scope(() => {
    const tick = ticksOf(model, params, x);
    const { states, residual } = settled(op, model, params, [x, target], free, tick);
    checkSettled(op, residual, beta, tolerance);
    warnIfAsymmetric(op, model, params, x, states);
    const pull = pullOf(op, model, judge, x, target);
    const slopeAt = (strength: number): P => {
      const nudge = (output: Tensor): Tensor => mul(pull.push(params, output), strength);
      const pushed = strength === 0 ? states : loop(nudged, states, nudgedBy(tick, model.force, nudge));
      return pull.slope(params, pushed, strength);
    };
    const [one, other] = strengths[nudging](beta, key);
    const factor = -1 / ((one - other) * model.force);
    const credit = combined(op, slopeAt(one), slopeAt(other), (a, b) => mul(sub(a, b), factor));
    return { credit, states, residual };
  });
}

/** The two strengths of nudging that are compared. */
const strengths: Readonly<Record<Nudging, (beta: number, key: Key | undefined) => readonly [number, number]>> = {
  "one-sided": (beta) => [beta, 0],
  symmetric: (beta) => [beta, -beta],
  random: (beta, key) => {
    if (key) return [key.bits(0) % 2 === 0 ? beta : -beta, 0];
    throw new RangeError('[equilibriumPropagation] `nudging` "random" needs a `key`. Give one: Key.of(0).');
  },
};

/**
 * Continual equilibrium propagation: in each tick of the second phase, the parameters move together with the states, by the
 * change of ∂Φ/∂θ in that tick, so nothing of the first phase has to be remembered. As first η and then β go to 0, the credit
 * becomes the gradient. η must be much smaller than β.
 *
 * ```ts
 * const model = prototypicalModel([2, 16, 1]);
 * let params = model.init(Key.of(0));
 * const how = { free: 40, nudged: 15, beta: 0.2, rate: 0.005 };
 * ({ params } = continualEquilibriumPropagation(model, params, tensor([[0, 1]]), tensor([[1]]), how));
 * ```
 *
 * @param model the network that settles.
 * @param params its parameters before the second phase.
 * @param x data [n, ...].
 * @param target targets of the shape of the output.
 * @returns as `credit` the sum of all changes divided by -η (also defined for an η of 0), and the `params` after them.
 * @throws RangeError as `equilibriumPropagation`, and for a rate below 0.
 */
export function continualEquilibriumPropagation<P extends TreeOf<P>>(
  model: EquilibriumModel<P>,
  params: P,
  x: Tensor,
  target: Tensor,
  given: ContinualOptions,
): Continual<P> {
  checkKind("continualEquilibriumPropagation", "its last argument", given, "an object");
  const { beta = 0.1, rate, tolerance, ...options } = given;
  const op = "continualEquilibriumPropagation";
  const { free, nudged, judge } = phasesOf(op, options);
  checkBeta(op, beta);
  checkModel(op, model);
  const rates = ratesOf(op, rate, leavesOf(op, params).length);
  return scope(() => {
    const { states, residual } = settled(op, model, params, [x, target], free, ticksOf(model, params, x));
    checkSettled(op, residual, beta, tolerance);
    warnIfAsymmetric(op, model, params, x, states);
    const pull = pullOf(op, model, judge, x, target);
    const factor = -1 / (beta * model.force);
    const [many, count] = [states.length, leavesOf(op, params).length];
    /** Parameters and credit from the list of tensors that the loop carries, behind the states. */
    const treesOf = (carry: readonly Tensor[]): [P, P] => [
      withLeaves(params, carry.slice(many, many + count)),
      withLeaves(params, carry.slice(many + count)),
    ];
    const listOf = (tree: P): Tensor[] => leavesOf(op, tree).map(({ tensor }) => tensor);
    /** The change for what a synapse sees before and after. */
    const changeOf = (after: P, before: P): P => combined(op, after, before, (a, b) => mul(sub(a, b), factor));
    const movedBy = (from: P, change: P): P =>
      combined(op, from, change, (leaf, by, i) => sub(leaf, mul(by, rates[i])));
    // What reads the answer learns from the moment at which nudging begins, before any state has moved.
    const first = model.readout
      ? changeOf(pull.slope(params, states, beta), pull.slope(params, states, 0))
      : combined(op, params, params, (leaf) => mul(leaf, 0));
    const start = [...states, ...listOf(movedBy(params, first)), ...listOf(first)];
    const end = loop(nudged, start, (carry) => {
      const now = carry.slice(0, many);
      const [moving, found] = treesOf(carry);
      const next = nudgedStep(model, moving, x, now, (output) => mul(pull.push(moving, output), beta));
      const change = changeOf(pull.slope(moving, next, beta), pull.slope(moving, now, beta));
      return [...next, ...listOf(movedBy(moving, change)), ...listOf(combined(op, found, change, add))];
    });
    const [moved, credit] = treesOf(end);
    return { credit, params: moved, states, residual };
  });
}

/**
 * The gradient that equilibrium propagation approaches: that of the loss after K ticks, by backpropagation through these
 * ticks. They start from the steady state that T - K ticks have reached.
 *
 * ```ts
 * const model = energyModel([2, 16, 1]);
 * const [params, x, target] = [model.init(Key.of(0)), tensor([[0, 1]]), tensor([[1]])];
 * const { credit } = unrolledGradient(model, params, x, target, { free: 200, nudged: 30 });
 * ```
 *
 * @throws RangeError as `equilibriumPropagation`.
 */
export function unrolledGradient<P extends TreeOf<P>>(
  model: EquilibriumModel<P>,
  params: P,
  x: Tensor,
  target: Tensor,
  options: EquilibriumOptions = {},
): Equilibrium<P> {
  const op = "unrolledGradient";
  const { free, nudged, judge } = phasesOf(op, options);
  checkModel(op, model);
  return scope(() => {
    const tick = ticksOf(model, params, x);
    const { states, residual } = settled(op, model, params, [x, target], free - nudged, tick);
    const lossOfParams = (p: P): Tensor =>
      judge.loss(answerOf(model, p, loop(nudged, states, ticksOf(model, p, x))), target);
    const credit = grad(lossOfParams, { unused: "zero" })(params);
    return { credit, states, residual };
  });
}
