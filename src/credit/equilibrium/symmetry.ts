// Whether states can follow the derivative of one function at all: only if the Jacobian of a tick is symmetric.
import { checkTensors, currentWatcher, followersNow, grad } from "../../autodiff/index.js";
import { checkKey, checkKind, Key, scope, type Tensor, untraced } from "../../core/index.js";
import { add, mul, random, sum } from "../../ops/index.js";
import { checkModel, type EquilibriumModel, type EquilibriumStates } from "./model.js";

/**
 * How asymmetric the Jacobian J of a tick is: |u · Jv - v · Ju| divided by the larger of |u · Jv| and |v · Ju|, for random
 * directions u and v. It is 0, except for rounding, if states follow the derivative of a single Φ, and otherwise about 1.
 * For a model with an asymmetric Jacobian, equilibrium propagation does not approach the gradient. Where states are a function
 * of ∂Φ/∂s (a squash), J is that of the tick with the function, so it is asymmetric to the degree to which slopes differ.
 *
 * ```ts
 * const model = energyModel([2, 16, 1]);
 * const [params, x] = [model.init(Key.of(0)), tensor([[0, 1]])];
 * jacobianAsymmetry(model, params, x, model.rest(params, x), Key.of(1)); // about 1e-7 in float32
 * ```
 *
 * @param model the model.
 * @param params its parameters.
 * @param x data [n, ...].
 * @param states the states at which the Jacobian is taken.
 * @param key the key from which the directions are drawn.
 */
export function jacobianAsymmetry<P>(
  model: EquilibriumModel<P>,
  params: P,
  x: Tensor,
  states: EquilibriumStates,
  key: Key,
): number {
  checkModel("jacobianAsymmetry", model);
  checkKind("jacobianAsymmetry", "the states", states, "a list");
  checkTensors("jacobianAsymmetry", states);
  checkKey("jacobianAsymmetry", key, "the last argument");
  return asymmetryOf((s) => model.step(params, x, s), states, key);
}

function asymmetryOf(
  step: (states: EquilibriumStates) => EquilibriumStates,
  states: EquilibriumStates,
  key: Key,
): number {
  return scope(() => {
    const [u, v] = key
      .split()
      .map((from) => states.map((s, i) => random.normal(from.fold(i), s.shape, { dtype: s.dtype as never })));
    const dot = (left: readonly Tensor[], right: readonly Tensor[]): Tensor =>
      left.map((part, i) => sum(mul(part, right[i]))).reduce((total, part) => add(total, part));
    // left · J right, by the derivative backward, which whatever settles by equilibriumModel() has.
    const product = (left: readonly Tensor[], right: readonly Tensor[]): number =>
      dot(grad((s: EquilibriumStates) => dot(left, step(s)), { unused: "zero" })(states), right).item();
    const [one, other] = [product(u, v), product(v, u)];
    return one === other ? 0 : Math.abs(one - other) / Math.max(Math.abs(one), Math.abs(other));
  });
}

/** The asymmetry above which a model is no Φ's; rounding in float32 stays far below it. */
const ASYMMETRIC = 1e-3;
/** The models that were looked at. */
const seen = new WeakSet<object>();

/**
 * Warns, once for each model and with the asymmetry that was measured, if the credit cannot approach the gradient: the first time
 * that a model has settled, the Jacobian of a tick there, or of the derivative that its ticks are a function of, is looked at.
 * Nothing is looked at inside `grad`, `vmap` and debuggers, which would take part in it.
 */
export function warnIfAsymmetric<P>(
  op: string,
  model: EquilibriumModel<P>,
  params: P,
  x: Tensor,
  states: EquilibriumStates,
): void {
  const { recorder, pusher, batching } = followersNow();
  if (seen.has(model) || recorder || pusher || batching || currentWatcher()) return;
  seen.add(model);
  const { step } = model;
  const follow = step.drive ?? step;
  let found: number;
  try {
    found = untraced(() => asymmetryOf((s) => follow(params, x, s), states, Key.of(0)));
  } catch {
    return; // A tick without a derivative can be followed, but not be looked at.
  }
  if (found <= ASYMMETRIC) return;
  console.warn(
    `[${op}] the Jacobian of a tick is not symmetric: the asymmetry is ${found.toPrecision(2)}, where one function Φ would give 0. ` +
      "The credit does not approach the gradient. Make the model from a Φ with equilibriumModel(), or use vectorFieldPropagation() for weights that differ by direction.",
  );
}
