// Networks whose answer is read from their last group by synapses that take no part in settling, such as a softmax
// (Laborieux, Ernoult, Scellier, Bengio, Grollier and Querlioz 2020, arXiv 2006.03824).
import { scope, type Tensor, treeMap } from "../../core/index.js";
import { add, matmul, reshape, zerosLike } from "../../ops/index.js";
import { checkCount } from "../checks.js";
import { type DrawnModel, drawnLayer, type SymmetricLayer } from "./layered.js";
import { checkModel, type EquilibriumModel, type EquilibriumStates } from "./model.js";

/** The parameters of a network that settles, and of what reads its answer. */
export interface ReadoutParams<P> {
  /** Those of the network that settles. */
  readonly settling: P;
  /** From its last group, flattened, to the answer: `weight` (units, outputs) and `bias` (outputs). */
  readonly readout: SymmetricLayer;
}

/** A network that settles, with a layer that reads its answer. Made by `readoutModel`. */
export type ReadoutModel<P> = DrawnModel<ReadoutParams<P>>;

/**
 * Adds a layer that reads the answer from the last group of a network: answer = s W + b. It takes no part in settling. In the
 * second phase, the last group is nudged by what the layer sends back of the answer's error, and the credit of the layer itself
 * is the derivative of the loss where the states are then. With the loss "crossEntropy", the network's answer is a softmax, which no
 * state could be, since its neurons see one another.
 *
 * ```ts
 * const model = readoutModel(energyModel([784, 512, 64]), 64, 10);
 * const { credit, states } = equilibriumPropagation(model, params, x, labels, { loss: "crossEntropy", nudging: "symmetric" });
 * const answer = softmax(model.readout(params, states[1]));
 * ```
 *
 * @param model the network that settles; its last group is not the answer any more.
 * @param units how many neurons that group has.
 * @param outputs numbers of the answer.
 * @throws RangeError for numbers that are not whole and from 1 up; TypeError for what is no model.
 */
export function readoutModel<P>(
  model: DrawnModel<P>,
  units: number,
  outputs: number,
): ReadoutModel<P> & Required<Pick<EquilibriumModel<ReadoutParams<P>>, "readout">> {
  const op = "readoutModel";
  checkModel(op, model);
  for (const [name, count] of Object.entries({ units, outputs })) checkCount(op, name, count);
  type All = ReadoutParams<P>;
  const { held, drive } = model.step;
  const step = ({ settling }: All, x: Tensor, states: EquilibriumStates): EquilibriumStates =>
    model.step(settling, x, states);
  return {
    force: model.force,
    init: (key, options = {}) => ({
      settling: model.init(key.fold(0), options),
      readout: drawnLayer(key.fold(1), [units, outputs], units, options.dtype ?? "float32"),
    }),
    rest: ({ settling }, x) => model.rest(settling, x),
    phi: ({ settling }, x, states) => model.phi(settling, x, states),
    step: Object.assign(step, {
      ...(held && { held: ({ settling }: All, x: Tensor) => held(settling, x) }),
      ...(drive && { drive: ({ settling }: All, x: Tensor, s: EquilibriumStates) => drive(settling, x, s) }),
    }),
    slope: ({ settling, readout }, x, states) => ({
      settling: model.slope(settling, x, states),
      readout: treeMap((leaf) => zerosLike(leaf), readout),
    }),
    readout: ({ readout: { weight, bias } }, output) =>
      scope(() => add(matmul(reshape(output, [output.shape[0], -1]), weight), bias)),
  };
}
