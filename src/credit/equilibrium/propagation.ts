// Equilibrium propagation (Scellier and Bengio 2017; Ernoult et al. 2019, 2020): a network settles and is then nudged towards
// its target, and each synapse compares its neurons before and after.
import { grad, loop } from "../../autodiff/index.js";
import { checkKind, type Key, leavesOf, quote, scope, type Tensor, type TreeOf, withLeaves } from "../../core/index.js";
import { abs, add, max, maximum, mul, sub } from "../../ops/index.js";
import { checkedTarget } from "../checks.js";
import { lossOf, type OutputLossName } from "../output.js";
import { checkModel, type EquilibriumModel, type EquilibriumStates } from "./model.js";

/**
 * How the output is nudged: towards the target, towards it and away from it in two phases, or in a random direction.
 */
export type Nudging = "one-sided" | "symmetric" | "random";

/** Options of the algorithms of this file. */
export interface EquilibriumOptions {
  /** T, ticks of the first phase; 100 by default. */
  readonly free?: number;
  /** K, ticks of the second phase, fewer than `free`; 20 by default. */
  readonly nudged?: number;
  /** The loss of the output; "squared" by default. With "crossEntropy", the output is the softmax of its states. */
  readonly loss?: OutputLossName;
}

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
  /** η, the rate at which parameters move in each tick of the second phase: at least 0. */
  readonly rate: number;
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

/** The two phases, checked, and the error that nudges. */
export interface Phases {
  readonly free: number;
  readonly nudged: number;
  readonly errorOf: (output: Tensor, target: Tensor) => Tensor;
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
  return { free, nudged, errorOf: lossOf(op, loss).error };
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

/** Runs the first phase. */
function settled<P>(
  op: string,
  model: EquilibriumModel<P>,
  params: P,
  [x, target]: readonly [Tensor, Tensor],
  free: number,
): { states: EquilibriumStates; residual: Tensor } {
  checkModel(op, model);
  const step = (states: EquilibriumStates): EquilibriumStates => model.step(params, x, states);
  const before = loop(free - 1, model.rest(params, x), step);
  const states = step(before);
  checkedTarget(op, states[states.length - 1], target);
  const changes = states.map((state, i) => max(abs(sub(state, before[i]))));
  return { states, residual: changes.reduce((most, change) => maximum(most, change)) };
}

/**
 * The states after one more tick, in which the output is nudged.
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
  const last = states.length - 1;
  const next = model.step(params, x, states);
  return next.map((state, i) => (i === last ? add(state, mul(nudge(states[last]), model.force)) : state));
}

/** A tree whose leaves combine the leaves of two trees one by one. */
function combined<P>(op: string, one: P, other: P, f: (a: Tensor, b: Tensor) => Tensor): P {
  const others = leavesOf(op, other);
  return withLeaves(
    one,
    leavesOf(op, one).map(({ tensor }, i) => f(tensor, others[i].tensor)),
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
  const { free, nudged, errorOf } = phasesOf(op, options);
  checkBeta(op, beta);
  if (!Object.hasOwn(strengths, nudging)) {
    throw new RangeError(
      `[${op}] there is no \`nudging\` ${quote(nudging)}. Use ${Object.keys(strengths).join(", ")}.`,
    );
  }
  return scope(() => {
    const { states, residual } = settled(op, model, params, [x, target], free);
    checkSettled(op, residual, beta, tolerance);
    const slopeAt = (strength: number): P => {
      if (strength === 0) return model.slope(params, x, states);
      const nudge = (output: Tensor): Tensor => mul(errorOf(output, target), strength);
      const pushed = loop(nudged, states, (now) => nudgedStep(model, params, x, now, nudge));
      return model.slope(params, x, pushed);
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
  const { free, nudged, errorOf } = phasesOf(op, options);
  checkBeta(op, beta);
  checkRate(op, rate);
  return scope(() => {
    const { states, residual } = settled(op, model, params, [x, target], free);
    checkSettled(op, residual, beta, tolerance);
    const nudge = (output: Tensor): Tensor => mul(errorOf(output, target), beta);
    const factor = -1 / (beta * model.force);
    const [many, count] = [states.length, leavesOf(op, params).length];
    /** Parameters and credit from the list of tensors that the loop carries, behind the states. */
    const treesOf = (carry: readonly Tensor[]): [P, P] => [
      withLeaves(params, carry.slice(many, many + count)),
      withLeaves(params, carry.slice(many + count)),
    ];
    const listOf = (tree: P): Tensor[] => leavesOf(op, tree).map(({ tensor }) => tensor);
    const start = [...states, ...listOf(params), ...listOf(params).map((leaf) => mul(leaf, 0))];
    const end = loop(nudged, start, (carry) => {
      const now = carry.slice(0, many);
      const [moving, found] = treesOf(carry);
      const next = nudgedStep(model, moving, x, now, nudge);
      const [after, before] = [model.slope(moving, x, next), model.slope(moving, x, now)];
      const change = combined(op, after, before, (a, b) => mul(sub(a, b), factor));
      const params = combined(op, moving, change, (leaf, by) => sub(leaf, mul(by, rate)));
      return [...next, ...listOf(params), ...listOf(combined(op, found, change, add))];
    });
    const [moved, credit] = treesOf(end);
    return { credit, params: moved, states, residual };
  });
}

/**
 * The gradient that equilibrium propagation approaches: that of the loss after K ticks, by backpropagation through these
 * ticks. They start from the steady state that T - K ticks have reached.
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
  const { free, nudged } = phasesOf(op, options);
  const { loss } = lossOf(op, options.loss);
  return scope(() => {
    const { states, residual } = settled(op, model, params, [x, target], free - nudged);
    let last = states;
    const lossOfParams = (p: P): Tensor => {
      last = loop(nudged, states, (now) => model.step(p, x, now));
      return loss(last[last.length - 1], target);
    };
    const credit = grad(lossOfParams, { unused: "zero" })(params);
    return { credit, states, residual };
  });
}
