// Rectified units, each with a threshold and a gain: a gate passes what is above the threshold (TauGate, Ghasemlou 2026; the
// exact form is our interpretation of the abstract). Over a frozen network, thresholds and gains are its mode.
import { quote, type Shape, sameShape, showShape, type Tensor } from "../core/index.js";
import { full, greater, mul, ones, relu, sigmoid, sub } from "../ops/index.js";
import type { LayerDescription, LayerKind } from "./layer.js";

/** Options of `tauGate`. */
export interface TauGateOptions {
  /** How sharply the gate opens at the threshold, sigmoid(sharpness (z - threshold)): above 0; 10 by default. */
  readonly sharpness?: number;
  /**
   * Whether the gate is either open or closed, for use after learning, since the threshold then has no gradient; false
   * by default.
   */
  readonly hard?: boolean;
  /** The first value of thresholds; 0 by default. */
  readonly threshold?: number;
}

/** A layer of gated, rectified units. */
export interface TauGateLayer extends LayerDescription, TauGateOptions {
  /** This kind. */
  readonly kind: "tauGate";
}

/**
 * Rectified units with gates: gain g relu(z), where the gate g is sigmoid(sharpness (z - threshold)) or, if `hard` is set, 1
 * where z is above the threshold and 0 elsewhere. `threshold` and `gain` have one number for each unit along the last axis,
 * and gains begin at 1. With thresholds of 0, hard gates are plain rectified units.
 *
 * @example network({ input: [8], layers: [dense(16), tauGate(), dense(2)] }).output // [2]
 */
export const tauGate = (options: TauGateOptions = {}): TauGateLayer => ({ kind: "tauGate", ...options });

/** A layer of rectified units with gains. */
export interface GainLayer extends LayerDescription {
  /** This kind. */
  readonly kind: "gain";
}

/**
 * Rectified units, each with a gain: `gain` relu(z). Gains begin at 1. It is a gate that is always open.
 *
 * @example network({ input: [3], layers: [gain()] }).init(Key.of(0)) // [{ gain: [1, 1, 1] }]
 */
export const gain = (): GainLayer => ({ kind: "gain" });

const unitsOf = (op: string, shape: Shape): Shape => {
  if (shape.length === 0) throw new RangeError(`[${op}] items are single numbers. Make the input's shape [1].`);
  return shape.slice(-1);
};

/** Throws a RangeError unless there is one number for each unit; a single number would be broadcast silently. */
function checkUnits(op: string, name: string, given: Tensor, x: Tensor): void {
  const units = x.shape.slice(-1);
  if (sameShape(given.shape, units)) return;
  throw new RangeError(
    `[${op}] \`${name}\` has shape ${showShape(given.shape)} for ${units[0]} units. Give shape ${showShape(units)}.`,
  );
}

/** The record of gated units. */
export const tauGateKind: LayerKind<TauGateLayer> = {
  options: ["sharpness", "hard", "threshold"],
  shape: ({ sharpness = 10, threshold = 0 }, input) => {
    unitsOf("tauGate", input);
    if (!(sharpness > 0 && Number.isFinite(sharpness))) {
      throw new RangeError(
        `[tauGate] \`sharpness\` is ${quote(sharpness)}. Give a finite number above 0, or set \`hard\`.`,
      );
    }
    if (!Number.isFinite(threshold)) {
      throw new RangeError(`[tauGate] \`threshold\` is ${quote(threshold)}. Give a finite number.`);
    }
    return input;
  },
  init: ({ threshold = 0 }, input, _key, options) => {
    const units = unitsOf("tauGate", input);
    return { threshold: full(units, threshold, options), gain: ones(units, options) };
  },
  apply: ({ sharpness = 10, hard = false }, { threshold, gain: gains }, z) => {
    checkUnits("tauGate", "threshold", threshold, z);
    checkUnits("tauGate", "gain", gains, z);
    const gate = hard ? greater(z, threshold) : sigmoid(mul(sub(z, threshold), sharpness));
    return mul(mul(gate, relu(z)), gains);
  },
};

/** The record of units with gains. */
export const gainKind: LayerKind<GainLayer> = {
  options: [],
  shape: (_, input) => {
    unitsOf("gain", input);
    return input;
  },
  init: (_, input, _key, options) => ({ gain: ones(unitsOf("gain", input), options) }),
  apply: (_, { gain: gains }, z) => {
    checkUnits("gain", "gain", gains, z);
    return mul(relu(z), gains);
  },
};
