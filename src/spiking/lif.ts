// Leaky integrate-and-fire neurons.
import { stop } from "../autodiff/index.js";
import { type DType, quote, type Tensor } from "../core/index.js";
import { add, exp, expm1, full, log, mul, neg, type Operand, reciprocal, sigmoid, sub } from "../ops/index.js";
import {
  FINITE,
  filled,
  type Internals,
  insideOf,
  type Neuron,
  type PerUnit,
  POSITIVE,
  type SpikingState,
} from "./neuron.js";
import { oneMinus, type Surrogate, type SurrogateKind, spikeFunction } from "./surrogates.js";

/** What leaky neurons remember; both (n, units). */
export interface LifState extends SpikingState {
  /** The membranes. */
  readonly v: Tensor;
}

/** The names of what leaky neurons can learn. */
export type LifInternal = "tau" | "threshold" | "reset" | "initial";

/** What leaky neurons may be told. */
export interface LifOptions {
  /** The time constant of the membrane, in steps; 10 by default. A membrane keeps exp(-1 / tau) of itself each step. */
  readonly tau?: PerUnit;
  /** The membrane above which a neuron spikes; 1 by default. */
  readonly threshold?: PerUnit;
  /** What is added to the membrane in the step after a spike; 0 by default. */
  readonly reset?: PerUnit;
  /** The membrane before the first step; 0 by default. */
  readonly initial?: PerUnit;
  /**
   * What a spike does to the membrane: with "zero" (the default) the next step begins at 0, with "subtract" it begins one
   * threshold lower, with "none" nothing happens.
   */
  readonly resetBy?: "zero" | "subtract" | "none";
  /** What learns, and so is a parameter; nothing by default. */
  readonly learn?: readonly LifInternal[];
  /** Whether gradients take the spikes of a reset as constants; false by default. */
  readonly detachReset?: boolean;
  /** What stands in for the derivative of a spike; "fastSigmoid" by default. */
  readonly surrogate?: SurrogateKind | Surrogate;
}

/** What is left of a membrane when a neuron has spiked, before the leak and the current; see `resetBy`. */
const resets = {
  zero: (v: Tensor, s: Tensor, decay: Tensor) => mul(mul(v, decay), oneMinus(s)),
  subtract: (v: Tensor, s: Tensor, decay: Tensor, threshold: Operand) => sub(mul(v, decay), mul(s, threshold)),
  none: (v: Tensor, _: Tensor, decay: Tensor) => mul(v, decay),
};

/**
 * Leaky integrate-and-fire neurons in discrete time: v' = decay v (1 - s) + current + reset s with decay = exp(-1 / tau), and
 * s' = 1 where v' is above the threshold. What learns is a parameter of that name, one number per unit; a `tau` that learns
 * is kept as `decay`, the logit of the decay, so that a step of any size leaves the decay between 0 and 1.
 *
 * @throws RangeError for a time constant that is not above 0, a wrong number of numbers, and names that do not exist.
 */
export function lif(units: number, options: LifOptions = {}): Neuron<LifState> {
  const {
    tau = 10,
    threshold = 1,
    reset = 0,
    initial = 0,
    resetBy = "zero",
    learn = [],
    detachReset = false,
  } = options;
  const internals: Internals = {
    tau: { value: tau, range: POSITIVE },
    threshold: { value: threshold, range: FINITE },
    reset: { value: reset, range: FINITE },
    initial: { value: initial, range: FINITE },
  };
  const inside = insideOf("lif", units, internals, learn);
  if (!Object.hasOwn(resets, resetBy)) {
    throw new RangeError(`[lif] resetBy is ${quote(resetBy)}: give ${Object.keys(resets).join(", ")}.`);
  }
  const spike = spikeFunction(options.surrogate);
  return {
    units,
    init: () => {
      const { tau: constants, ...rest } = inside.init();
      return constants ? { decay: logitOf(constants), ...rest } : rest;
    },
    state: (params, count, dtype = "float32") => ({
      h: filled(count, units, dtype),
      v: filled(count, units, dtype, inside.of(params, dtype)("initial")),
    }),
    step: (params, { v, h }, current) => {
      const of = inside.of(params, current.dtype);
      const [s, height] = [detachReset ? stop(h) : h, of("threshold")];
      const decay = params.decay ? sigmoid(params.decay) : decayOf(of("tau"), current.dtype);
      const next = add(add(resets[resetBy](v, s, decay, height), current), mul(s, of("reset")));
      return { h: spike(sub(next, height)), v: next };
    },
  };
}

/** exp(-1 / tau) of time constants that do not learn. */
const decayOf = (tau: Operand, dtype: DType): Tensor =>
  exp(neg(reciprocal(typeof tau === "number" ? full([], tau, { dtype }) : tau)));

/** The logit of exp(-1 / tau): -log(exp(1 / tau) - 1). */
const logitOf = (tau: Tensor): Tensor => neg(log(expm1(reciprocal(tau))));
