// Leaky integrate-and-fire neurons.
import { stop } from "../autodiff/index.js";
import { checkOptions, type DType, quote, type Tensor } from "../core/index.js";
import { add, exp, expm1, full, log, mul, neg, type Operand, reciprocal, sigmoid, sub } from "../ops/index.js";
import {
  type ChanceOptions,
  FINITE,
  filled,
  type Internals,
  insideOf,
  type Neuron,
  type PerUnit,
  POSITIVE,
  type SpikingState,
  temperatureOf,
} from "./neuron.js";
import { type Surrogate, type SurrogateKind, spikesBy } from "./surrogates.js";

/** The state of leaky neurons; each part has shape (n, units). */
export interface LifState extends SpikingState {
  /** The membrane potentials. */
  readonly v: Tensor;
}

/** The names of the quantities that leaky neurons can learn. */
export type LifInternal = "tau" | "threshold" | "reset" | "initial" | "temperature";

/** Options of `lif`. */
export interface LifOptions extends ChanceOptions {
  /**
   * The time constant of the membrane, in steps: above 0; 10 by default. In each step the potential decays by exp(-1 /
   * tau).
   */
  readonly tau?: PerUnit;
  /** The potential above which a neuron spikes; 1 by default. */
  readonly threshold?: PerUnit;
  /** What is added to the potential in the step after a spike; 0 by default. */
  readonly reset?: PerUnit;
  /** The potential before the first step; 0 by default. */
  readonly initial?: PerUnit;
  /**
   * How a spike resets the potential: with "zero" (the default) the next step begins at 0, with "subtract" it begins one
   * threshold lower, and with "none" there is no reset.
   */
  readonly resetBy?: "zero" | "subtract" | "none";
  /** The quantities that learn, and so are parameters; none by default. */
  readonly learn?: readonly LifInternal[];
  /** Whether gradients treat the spikes of a reset as constants; false by default. */
  readonly detachReset?: boolean;
  /** The curve whose derivative replaces that of a spike; "fastSigmoid" by default. */
  readonly surrogate?: SurrogateKind | Surrogate;
}

/** The potential after the reset and the decay, before the current is added; see `resetBy`. */
const resets = {
  zero: (v: Tensor, s: Tensor, decay: Tensor) => {
    const left = mul(v, decay);
    return sub(left, mul(left, s));
  },
  subtract: (v: Tensor, s: Tensor, decay: Tensor, threshold: Operand) => sub(mul(v, decay), mul(s, threshold)),
  none: (v: Tensor, _: Tensor, decay: Tensor) => mul(v, decay),
};

/**
 * Leaky integrate-and-fire neurons in discrete time: v' = decay v (1 - s) + current + reset s with decay = exp(-1 / tau), and
 * s' = 1 where v' is above the threshold. Each quantity that learns is a parameter of that name, with one number per unit. A
 * `tau` that learns is stored as `decay`, the logit of the decay, so that the decay stays between 0 and 1 after any update.
 *
 * ```ts
 * const neuron = lif(32, { tau: 5, resetBy: "subtract", learn: ["tau", "threshold"] });
 * const { spikes } = runNeurons(neuron, neuron.init(), currents); // (n, steps, 32)
 * ```
 *
 * @throws RangeError for a time constant that is not above 0, a list without one number per unit, and names that do not exist.
 */
export function lif(units: number, options: LifOptions = {}): Neuron<LifState> {
  checkOptions("lif", options, [
    ...["tau", "threshold", "reset", "initial", "resetBy", "learn", "detachReset", "surrogate", "temperature"],
  ]);
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
    ...temperatureOf("lif", options, learn),
  };
  const inside = insideOf("lif", units, internals, learn);
  if (!Object.hasOwn(resets, resetBy)) {
    throw new RangeError(`[lif] \`resetBy\` is ${quote(resetBy)}. Use ${Object.keys(resets).join(", ")}.`);
  }
  const spike = spikesBy("lif", options.surrogate);
  const byChance = options.temperature !== undefined;
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
    step: (params, { v, h }, current, draws) => {
      const of = inside.of(params, current.dtype);
      const [s, height] = [detachReset ? stop(h) : h, of("threshold")];
      const decay = params.decay ? sigmoid(params.decay) : decayOf(of("tau"), current.dtype);
      const driven = add(resets[resetBy](v, s, decay, height), current);
      const after = of("reset");
      const next = after === 0 ? driven : add(driven, mul(s, after));
      return { h: spike(sub(next, height), byChance ? of("temperature") : undefined, draws), v: next };
    },
  };
}

/** exp(-1 / tau) of time constants that do not learn. */
const decayOf = (tau: Operand, dtype: DType): Tensor =>
  exp(neg(reciprocal(typeof tau === "number" ? full([], tau, { dtype }) : tau)));

/** The logit of exp(-1 / tau): -log(exp(1 / tau) - 1). */
const logitOf = (tau: Tensor): Tensor => neg(log(expm1(reciprocal(tau))));
