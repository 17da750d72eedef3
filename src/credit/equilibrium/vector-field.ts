// Networks whose weights forward and backward differ (C-VF: Ernoult, Grollier, Querlioz, Bengio and Scellier 2020, arXiv
// 2005.04168): their states follow a vector field that is the derivative of no function, and each synapse sees only how the
// neuron behind it moves.
import { loop } from "../../autodiff/index.js";
import {
  checkKind,
  checkMade,
  type DType,
  type Key,
  type Shape,
  scope,
  type Tensor,
  treeMap,
} from "../../core/index.js";
import { add, matmul, mul, sub, sum, zeros } from "../../ops/index.js";
import { type ActivationOption, activationOf } from "../activations.js";
import { checkedTarget } from "../checks.js";
import { checkedSizes, drawnUniform } from "./layered.js";
import type { EquilibriumStates } from "./model.js";
import { checkBeta, checkRate, phasesOf } from "./phases.js";
import type { ContinualOptions } from "./propagation.js";

/** A layer of synapses that act forward and others that act backward. */
export interface UntiedLayer {
  /** From a group to the next: (n_before, n_after). */
  readonly forward: Tensor;
  /** From the next group back, of the same shape as `forward`. */
  readonly backward: Tensor;
  /** The biases of the next group: (n_after). */
  readonly bias: Tensor;
}

/** A network with untied weights. Made by `vectorFieldModel`. */
export interface VectorFieldModel {
  /** First parameters, uniform in ±1 / √n_before; `tied` begins with equal weights both ways. */
  init(key: Key, options?: { readonly dtype?: DType; readonly tied?: boolean }): readonly UntiedLayer[];
  /** The states before the first tick: zeros. */
  rest(x: Tensor): EquilibriumStates;
  /** The states one tick later. */
  step(params: readonly UntiedLayer[], x: Tensor, states: EquilibriumStates): EquilibriumStates;
}

/** What `vectorFieldPropagation` gives. */
export interface VectorField {
  /** For each parameter the sum of what it found, pointing where the loss grows, added up over the batch. */
  readonly credit: readonly UntiedLayer[];
  /** The parameters after the second phase, moved by `rate`. */
  readonly params: readonly UntiedLayer[];
  /** The states at the end of the first phase; the last one is the output. */
  readonly states: EquilibriumStates;
}

/**
 * The prototypical model with weights of its own for each direction: s ← ρ(what the group before sends forward, what the group
 * after sends backward, and bias).
 *
 * ```ts
 * const model = vectorFieldModel([784, 512, 10]);
 * const params = model.init(Key.of(0), { tied: true });
 * ```
 *
 * @param sizes numbers of neurons, those of the input first and of the output last.
 * @param activation ρ; "tanh" by default.
 * @throws RangeError for sizes that are no whole numbers from 1 up.
 */
export function vectorFieldModel(sizes: readonly number[], activation: ActivationOption = "tanh"): VectorFieldModel {
  const op = "vectorFieldModel";
  checkedSizes(op, sizes);
  const rho = activationOf(op, activation);
  return {
    init: (key, { dtype = "float32", tied = false } = {}) =>
      scope(() =>
        sizes.slice(1).map((size, i) => {
          const [one, two, three] = key.fold(i).split(3);
          const drawn = (from: Key, shape: Shape): Tensor => drawnUniform(from, shape, sizes[i], dtype);
          const forward = drawn(one, [sizes[i], size]);
          return {
            forward,
            backward: tied ? mul(forward, 1) : drawn(two, [sizes[i], size]),
            bias: drawn(three, [size]),
          };
        }),
      ),
    rest: (x) => sizes.slice(1).map((size) => zeros([x.shape[0], size], { dtype: x.dtype })),
    step: (params, x, states) =>
      scope(() => {
        const groups = [x, ...states];
        return params.map(({ forward, bias }, i) => {
          const below = add(matmul(groups[i], forward), bias);
          const above = params[i + 1] && matmul(groups[i + 2], params[i + 1].backward, { b: true });
          return rho.apply(above ? add(below, above) : below);
        });
      }),
  };
}

/** What each synapse finds in a tick from `now` to `next`: the activity before it times the move of the neuron behind it. */
function found(x: Tensor, now: EquilibriumStates, next: EquilibriumStates, factor: number): UntiedLayer[] {
  const groups = [x, ...now];
  const moves = next.map((state, i) => mul(sub(state, now[i]), factor));
  return moves.map((move, i) => ({
    forward: matmul(groups[i], move, { a: true }),
    // The data are held, so nothing moves behind the synapses back to them.
    backward: i === 0 ? matmul(mul(x, 0), now[0], { a: true }) : matmul(moves[i - 1], now[i], { a: true }),
    bias: sum(move, 0),
  }));
}

/**
 * Continual learning by the vector field: the network settles, is nudged by β, and in each tick of the second phase every synapse
 * changes by (1 / β) times the activity before it and the move of the neuron behind it, by `rate`, also within the phase. Forward and
 * backward weights see different neurons move. For equal weights both ways, a rate of 0 and β going to 0, what a forward and its
 * backward synapse find adds up to the credit of equilibrium propagation, with an error in proportion to β.
 *
 * ```ts
 * const model = vectorFieldModel([2, 16, 1]);
 * let params = model.init(Key.of(0));
 * const how = { free: 40, nudged: 15, beta: 0.2, rate: 0.005 };
 * ({ params } = vectorFieldPropagation(model, params, tensor([[0, 1]]), tensor([[1]]), how));
 * ```
 *
 * @throws RangeError as `continualEquilibriumPropagation`, except that nothing is checked to have settled.
 */
export function vectorFieldPropagation(
  model: VectorFieldModel,
  params: readonly UntiedLayer[],
  x: Tensor,
  target: Tensor,
  given: Omit<ContinualOptions, "tolerance" | "rate"> & { readonly rate: number },
): VectorField {
  checkKind("vectorFieldPropagation", "its last argument", given, "an object");
  const { beta = 0.1, rate, ...options } = given;
  const op = "vectorFieldPropagation";
  const { free, nudged, judge } = phasesOf(op, options);
  checkBeta(op, beta);
  checkRate(op, rate);
  checkMade(op, "the model", model, ["rest", "step"], "Make one with vectorFieldModel().");
  return scope(() => {
    const states = loop(free, model.rest(x), (now) => model.step(params, x, now));
    const last = states.length - 1;
    checkedTarget(op, states[last], target);
    const start = { now: states, moving: params, total: treeMap((leaf) => mul(leaf, 0), params) };
    const { moving, total } = loop(nudged, start, ({ now, moving, total }) => {
      const next = model
        .step(moving, x, now)
        .map((state, i) => (i === last ? add(state, mul(judge.error(now[last], target), beta)) : state));
      const change = found(x, now, next, -1 / beta);
      return {
        now: next,
        moving: treeMap((leaf, by) => sub(leaf, mul(by, rate)), moving, change),
        total: treeMap((leaf, by) => add(leaf, by), total, change),
      };
    });
    return { credit: total, params: moving, states };
  });
}
