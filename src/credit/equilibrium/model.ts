// Networks that settle: their states follow the derivative of a scalar function Φ of data, states and parameters
// (Ernoult, Grollier, Querlioz, Bengio and Scellier 2019, 2020).
import { checkTensors, grad, jvp } from "../../autodiff/index.js";
import {
  checkKey,
  checkKind,
  checkMade,
  checkOptions,
  type DType,
  type Key,
  quote,
  type Shape,
  scope,
  type Tensor,
  type TreeOf,
} from "../../core/index.js";
import { add, matmul, mul, random, square, sum, zeros } from "../../ops/index.js";
import { type Activation, type ActivationOption, activationOf } from "../activations.js";

/** The states of all groups of neurons, [n, ...] each; the last one is the output. */
export type EquilibriumStates = readonly Tensor[];

/** A network that settles. Made by `equilibriumModel`, `energyModel` or `prototypicalModel`. */
export interface EquilibriumModel<P> {
  /** Φ, summed over the batch: shape []. */
  phi(params: P, x: Tensor, states: EquilibriumStates): Tensor;
  /** The states before the first tick. */
  rest(params: P, x: Tensor): EquilibriumStates;
  /** The states one tick later, without nudging. */
  step(params: P, x: Tensor, states: EquilibriumStates): EquilibriumStates;
  /** The derivative of Φ with respect to the parameters. */
  slope(params: P, x: Tensor, states: EquilibriumStates): P;
  /** The factor on nudging, and on all other forces on a state. */
  readonly force: number;
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
  const ofStates = (states: EquilibriumStates, params: P, x: Tensor): Tensor => phi(params, x, states);
  return {
    ...{ phi, rest, force },
    step: (params, x, states) => grad(ofStates, { unused: "zero" })(states, params, x).map(apply),
    slope: (params, x, states) => grad(phi, { unused: "zero" })(params, x, states),
  };
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

/** A layer of synapses that act in both directions: `weight` (n_before, n_after) and `bias` (n_after). */
export interface SymmetricLayer {
  /** The synapses between a group and the next, used in both directions: (n_before, n_after). */
  readonly weight: Tensor;
  /** The biases of the next group: (n_after). */
  readonly bias: Tensor;
}

/** A model of fully connected groups, with parameters to start from. */
export interface LayeredModel extends EquilibriumModel<readonly SymmetricLayer[]> {
  /** First parameters, uniform in ±1 / √n_before; float32 by default. */
  init(key: Key, options?: { readonly dtype?: DType }): readonly SymmetricLayer[];
}

/** Options of `energyModel`. */
export interface EnergyOptions {
  /** ε, the length of a tick: above 0 and at most 1; 0.2 by default. */
  readonly epsilon?: number;
  /** The activation function ρ; "tanh" by default. */
  readonly activation?: ActivationOption;
}

/** First parameters of neurons that each see so many others: uniform in ±1 / √inputs. */
export function drawnUniform(key: Key, shape: Shape, inputs: number, dtype: DType): Tensor {
  const high = 1 / Math.sqrt(inputs);
  return random.uniform(key, shape, { low: -high, high, dtype });
}

/** A first layer with weights of this shape, whose last axis is that of the neurons; each of them sees `inputs` others. */
export function drawnLayer(key: Key, shape: Shape, inputs: number, dtype: DType): SymmetricLayer {
  const [ofWeight, ofBias] = key.split();
  return {
    weight: drawnUniform(ofWeight, shape, inputs, dtype),
    bias: drawnUniform(ofBias, shape.slice(-1), inputs, dtype),
  };
}

const initOf =
  (sizes: readonly number[]): LayeredModel["init"] =>
  (key, { dtype = "float32" } = {}) =>
    scope(() => sizes.slice(1).map((size, i) => drawnLayer(key.fold(i), [sizes[i], size], sizes[i], dtype)));

/** The sizes of groups in a row. Throws a RangeError unless they are two or more whole numbers from 1 up. */
export function checkedSizes(op: string, sizes: readonly number[]): readonly number[] {
  if (Array.isArray(sizes) && sizes.length >= 2 && sizes.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    return sizes;
  }
  throw new RangeError(
    `[${op}] \`sizes\` is ${quote(sizes)}. Give two or more whole numbers from 1 up, beginning with that of the input.`,
  );
}

const restOf =
  (sizes: readonly number[]): LayeredModel["rest"] =>
  (_, x) =>
    sizes.slice(1).map((size) => zeros([x.shape[0], size], { dtype: x.dtype }));

/** The drive of each group from its neighbours and its bias, for these activities, which begin with the input's. */
function drives(params: readonly SymmetricLayer[], activities: readonly Tensor[]): Tensor[] {
  return params.map(({ weight, bias }, i) => {
    const below = add(matmul(activities[i], weight), bias);
    return i + 1 < params.length ? add(below, matmul(activities[i + 2], params[i + 1].weight, { b: true })) : below;
  });
}

/** Σ a_i W_i a_{i+1} + b_i a_{i+1} */
function coupling(params: readonly SymmetricLayer[], activities: readonly Tensor[]): Tensor {
  return params
    .map(({ weight, bias }, i) => sum(mul(add(matmul(activities[i], weight), bias), activities[i + 1])))
    .reduce((total, part) => add(total, part));
}

/** The derivative of `coupling` with respect to the parameters, times a factor. */
function products(activities: readonly Tensor[], factor: number): SymmetricLayer[] {
  return activities.slice(1).map((after, i) => {
    const scaled = factor === 1 ? after : mul(after, factor);
    return { weight: matmul(activities[i], scaled, { a: true }), bias: sum(scaled, 0) };
  });
}

/**
 * The energy-based model: s ← s + ε (-s + ρ'(s) ⊙ drive), with the drive from the neighbours and the bias, which lowers the
 * energy ½ ‖s‖² - Σ ρ(s_i) W ρ(s_{i+1}) - b ρ(s). Its Φ is (1 - ε) ½ ‖s‖² + ε times the coupling, with ρ(x) for the data.
 *
 * @param sizes numbers of neurons from the input to the output.
 * @throws RangeError for sizes that are not whole numbers from 1 up, and for an ε that is not above 0 and at most 1.
 */
export function energyModel(sizes: readonly number[], given: EnergyOptions = {}): LayeredModel {
  checkOptions("energyModel", given, ["epsilon", "activation"]);
  const { epsilon = 0.2, activation = "tanh" } = given;
  checkedSizes("energyModel", sizes);
  if (!(epsilon > 0 && epsilon <= 1)) {
    throw new RangeError(`[energyModel] \`epsilon\` is ${quote(epsilon)}. Give a number above 0, at most 1.`);
  }
  const rho: Activation = activationOf("energyModel", activation);
  const activitiesOf = (x: Tensor, states: EquilibriumStates): Tensor[] => [x, ...states].map((s) => rho.apply(s));
  return {
    force: epsilon,
    rest: restOf(sizes),
    init: initOf(sizes),
    phi: (params, x, states) =>
      scope(() => {
        const own = states.map((s) => sum(square(s))).reduce((total, part) => add(total, part));
        return add(mul(own, (1 - epsilon) / 2), mul(coupling(params, activitiesOf(x, states)), epsilon));
      }),
    step: (params, x, states) =>
      scope(() => {
        const activities = activitiesOf(x, states);
        return drives(params, activities).map((drive, i) =>
          add(mul(states[i], 1 - epsilon), mul(rho.pull(drive, states[i], activities[i + 1]), epsilon)),
        );
      }),
    slope: (_, x, states) => scope(() => products(activitiesOf(x, states), epsilon)),
  };
}

/**
 * The prototypical model: s ← ρ(drive), with the drive from the neighbours and the bias, and the coupling of the states as
 * Φ. Since ρ is not part of Φ, the credit is close to the gradient, but not equal to it.
 *
 * @param sizes numbers of neurons from the input to the output.
 * @param activation the activation function ρ; "tanh" by default.
 * @throws RangeError for sizes that are not whole numbers from 1 up.
 */
export function prototypicalModel(sizes: readonly number[], activation: ActivationOption = "tanh"): LayeredModel {
  checkedSizes("prototypicalModel", sizes);
  const rho = activationOf("prototypicalModel", activation);
  return {
    force: 1,
    rest: restOf(sizes),
    init: initOf(sizes),
    phi: (params, x, states) => scope(() => coupling(params, [x, ...states])),
    step: (params, x, states) => scope(() => drives(params, [x, ...states]).map((drive) => rho.apply(drive))),
    slope: (_, x, states) => scope(() => products([x, ...states], 1)),
  };
}

/**
 * How asymmetric the Jacobian J of a tick is: |u · Jv - v · Ju| divided by the larger of |u · Jv| and |v · Ju|, for random
 * directions u and v. It is 0, except for rounding, if states follow the derivative of a single Φ, and otherwise about 1.
 * For a model with an asymmetric Jacobian, equilibrium propagation does not approach the gradient.
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
  return scope(() => {
    const [u, v] = key
      .split()
      .map((from) => states.map((s, i) => random.normal(from.fold(i), s.shape, { dtype: s.dtype as never })));
    const step = (s: EquilibriumStates): EquilibriumStates => model.step(params, x, s);
    const product = (left: readonly Tensor[], right: readonly Tensor[]): number => {
      const { tangent } = jvp(step, states, right);
      return tangent.reduce((total, part, i) => total + sum(mul(left[i], part)).item(), 0);
    };
    const [one, other] = [product(u, v), product(v, u)];
    return one === other ? 0 : Math.abs(one - other) / Math.max(Math.abs(one), Math.abs(other));
  });
}
