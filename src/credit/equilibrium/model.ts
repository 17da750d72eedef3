// Networks that settle: their states follow the derivative of a scalar function Φ of data, states and parameters
// (Ernoult, Grollier, Querlioz, Bengio and Scellier 2019, 2020).
import { grad } from "../../autodiff/index.js";
import { checkKind, checkMade, checkOptions, quote, showShape, Tensor, type TreeOf } from "../../core/index.js";
import { type ActivationOption, activationOf } from "../activations.js";

/** The states of all groups of neurons, [n, ...] each; the last one is the output. */
export type EquilibriumStates = readonly Tensor[];

/** A tick of a network that settles, and what more there may be to know of it. */
export interface EquilibriumStep<P> {
  /** The states one tick later, without nudging. */
  (params: P, x: Tensor, states: EquilibriumStates): EquilibriumStates;
  /** The ticks for parameters and data that stay as they are: what follows from these alone is computed only once. */
  readonly held?: (params: P, x: Tensor) => (states: EquilibriumStates) => EquilibriumStates;
  /**
   * ∂Φ/∂s, where the states are a function of it. The credit is then near the gradient at best, and what must have a
   * symmetric Jacobian is this.
   */
  readonly drive?: (params: P, x: Tensor, states: EquilibriumStates) => EquilibriumStates;
}

/** A network that settles. Made by `equilibriumModel`, `energyModel`, `prototypicalModel` or `readoutModel`. */
export interface EquilibriumModel<P> {
  /** Φ, summed over the batch: shape []. */
  phi(params: P, x: Tensor, states: EquilibriumStates): Tensor;
  /** The states before the first tick. */
  rest(params: P, x: Tensor): EquilibriumStates;
  /** The states one tick later, without nudging. */
  readonly step: EquilibriumStep<P>;
  /** The derivative of Φ with respect to the parameters. */
  slope(params: P, x: Tensor, states: EquilibriumStates): P;
  /** The factor on nudging, and on all other forces on a state. */
  readonly force: number;
  /**
   * What the network answers, read from the states of its last group by parameters that take no part in settling. Left out,
   * these states are the answer.
   */
  readonly readout?: (params: P, output: Tensor) => Tensor;
}

/** The description of a model, for `equilibriumModel`. */
export interface EquilibriumDescription<P> extends Pick<EquilibriumModel<P>, "phi" | "rest"> {
  /**
   * The function from the derivative of Φ to states; "identity" by default, for which the gradient is exact in the
   * limit.
   */
  readonly squash?: ActivationOption;
  /** As in a model; 1 by default. */
  readonly force?: number;
}

/**
 * Makes a model from Φ alone: in each tick, states become squash(∂Φ/∂s), computed with the tape.
 *
 * ```ts
 * const model = equilibriumModel({
 *   phi: ({ w, v }: { w: Tensor; v: Tensor }, x, [hidden, out]) =>
 *     x.matmul(w).mul(hidden).sum().add(hidden.matmul(v).mul(out).sum()),
 *   rest: (_, x) => [zeros([x.shape[0], 64]), zeros([x.shape[0], 10])],
 *   squash: "tanh",
 * });
 * ```
 *
 * @throws RangeError for a force that is not above 0, and when the model runs if Φ is not a single number.
 */
export function equilibriumModel<P extends TreeOf<P>>(given: EquilibriumDescription<P>): EquilibriumModel<P> {
  checkOptions("equilibriumModel", given, ["phi", "rest", "squash", "force"]);
  const { phi, rest, squash, force = 1 } = given;
  if (!(force > 0 && force < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`[equilibriumModel] \`force\` is ${quote(force)}. Give a finite number above 0.`);
  }
  checkKind("equilibriumModel", "`phi`", phi, "a function");
  checkKind("equilibriumModel", "`rest`", rest, "a function");
  const { apply } = activationOf("equilibriumModel", squash);
  const ofStates = (states: EquilibriumStates, params: P, x: Tensor): Tensor => checkedPhi(phi(params, x, states));
  const drive = (params: P, x: Tensor, states: EquilibriumStates): EquilibriumStates =>
    grad(ofStates, { unused: "zero" })(states, params, x);
  const step = (params: P, x: Tensor, states: EquilibriumStates): EquilibriumStates =>
    drive(params, x, states).map(apply);
  return {
    ...{ phi, rest, force },
    step: Object.assign(step, { drive }),
    slope: (params, x, states) => grad(phi, { unused: "zero" })(params, x, states),
  };
}

/** Φ, if it is a single number. What is no tensor, grad refuses. */
function checkedPhi(value: Tensor): Tensor {
  if (!(value instanceof Tensor) || value.size === 1) return value;
  throw new RangeError(
    `[equilibriumModel] \`phi\` gives shape ${showShape(value.shape)}, but an energy is one number. End it with .sum().`,
  );
}

/** Throws a TypeError for what is no model. */
export function checkModel(op: string, model: object): void {
  checkMade(
    op,
    "the model",
    model,
    ["rest", "step", "slope", "force"],
    "Make one with prototypicalModel() or its like.",
  );
}

/** The ticks of a model for parameters and data that stay as they are. */
export const ticksOf = <P>(
  { step }: EquilibriumModel<P>,
  params: P,
  x: Tensor,
): ((states: EquilibriumStates) => EquilibriumStates) =>
  step.held?.(params, x) ?? ((states) => step(params, x, states));

/** What the network answers in these states. */
export const answerOf = <P>({ readout }: EquilibriumModel<P>, params: P, states: EquilibriumStates): Tensor => {
  const output = states[states.length - 1];
  return readout ? readout(params, output) : output;
};
