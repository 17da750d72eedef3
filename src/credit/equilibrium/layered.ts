// Models of groups of neurons in a row, fully connected in both directions (Ernoult et al. 2019, 2020): with one exact Φ, or
// faster and near one.
import { checkOptions, type DType, type Key, quote, type Shape, scope, type Tensor } from "../../core/index.js";
import { add, matmul, mul, random, square, sum, zeros } from "../../ops/index.js";
import { type Activation, type ActivationOption, activationOf } from "../activations.js";
import type { EquilibriumModel, EquilibriumStates, EquilibriumStep } from "./model.js";

/** A layer of synapses that act in both directions: `weight` (n_before, n_after) and `bias` (n_after). */
export interface SymmetricLayer {
  /** The synapses between a group and the next, used in both directions: (n_before, n_after). */
  readonly weight: Tensor;
  /** The biases of the next group: (n_after). */
  readonly bias: Tensor;
}

/** A model with parameters to start from. */
export interface DrawnModel<P> extends EquilibriumModel<P> {
  /** First parameters, uniform in ±1 / √(what a neuron sees); float32 unless another type is asked for. */
  init(key: Key, options?: { readonly dtype?: DType }): P;
}

/** A model of fully connected groups, with parameters to start from. */
export type LayeredModel = DrawnModel<readonly SymmetricLayer[]>;

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

type Layers = readonly SymmetricLayer[];
type Held = Required<Pick<EquilibriumStep<Layers>, "held">> & Pick<EquilibriumStep<Layers>, "drive">;

/** What the data send to the first group, with its bias. They do not settle, so it can be computed once. */
const entering = ([{ weight, bias }]: Layers, x: Tensor): Tensor => add(matmul(x, weight), bias);

/** The drive of each group from its neighbours and its bias, for these activities and what enters. */
function drives(params: Layers, entering: Tensor, activities: readonly Tensor[]): Tensor[] {
  return params.map(({ weight, bias }, i) => {
    const below = i === 0 ? entering : add(matmul(activities[i - 1], weight), bias);
    return i + 1 < params.length ? add(below, matmul(activities[i + 1], params[i + 1].weight, { b: true })) : below;
  });
}

/** A tick, from the ticks for what is held. */
const stepOf = (more: Held): EquilibriumStep<Layers> =>
  Object.assign(
    (params: Layers, x: Tensor, states: EquilibriumStates): EquilibriumStates =>
      scope(() => more.held(params, x)(states)),
    more,
  );

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
 * ```ts
 * const model = energyModel([784, 512, 10], { activation: (x) => clip(x, 0, 1) });
 * const params = model.init(Key.of(0));
 * ```
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
  const held = (params: Layers, x: Tensor) => {
    const fixed = scope(() => entering(params, rho.apply(x)));
    return (states: EquilibriumStates): EquilibriumStates =>
      scope(() => {
        const activities = states.map((s) => rho.apply(s));
        return drives(params, fixed, activities).map((drive, i) =>
          add(mul(states[i], 1 - epsilon), mul(rho.pull(drive, states[i], activities[i]), epsilon)),
        );
      });
  };
  return {
    force: epsilon,
    rest: restOf(sizes),
    init: initOf(sizes),
    phi: (params, x, states) =>
      scope(() => {
        const own = states.map((s) => sum(square(s))).reduce((total, part) => add(total, part));
        return add(mul(own, (1 - epsilon) / 2), mul(coupling(params, activitiesOf(x, states)), epsilon));
      }),
    step: stepOf({ held }),
    slope: (_, x, states) => scope(() => products(activitiesOf(x, states), epsilon)),
  };
}

/**
 * The prototypical model: s ← ρ(drive), with the drive from the neighbours and the bias, and the coupling of the states as
 * Φ. Since ρ is not part of Φ, the credit is close to the gradient, but not equal to it.
 *
 * ```ts
 * const model = prototypicalModel([784, 512, 10], (x) => sigmoid(x.sub(0.5).mul(4))); // P-1h of the paper
 * ```
 *
 * @param sizes numbers of neurons from the input to the output.
 * @param activation the activation function ρ; "tanh" by default.
 * @throws RangeError for sizes that are not whole numbers from 1 up.
 */
export function prototypicalModel(sizes: readonly number[], activation: ActivationOption = "tanh"): LayeredModel {
  checkedSizes("prototypicalModel", sizes);
  const rho = activationOf("prototypicalModel", activation);
  const held = (params: Layers, x: Tensor) => {
    const fixed = scope(() => entering(params, x));
    return (states: EquilibriumStates): EquilibriumStates =>
      scope(() => drives(params, fixed, states).map((drive) => rho.apply(drive)));
  };
  const drive = (params: Layers, x: Tensor, states: EquilibriumStates): EquilibriumStates =>
    scope(() => drives(params, entering(params, x), states));
  return {
    force: 1,
    rest: restOf(sizes),
    init: initOf(sizes),
    phi: (params, x, states) => scope(() => coupling(params, [x, ...states])),
    step: stepOf({ held, drive }),
    slope: (_, x, states) => scope(() => products([x, ...states], 1)),
  };
}
