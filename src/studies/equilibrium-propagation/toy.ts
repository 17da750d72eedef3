// The networks on which the theorems are checked, in float64 and with one item: an energy-based one with layers of 10
// (the data), 50 and 5 neurons, and a prototypical one with 100, 64 and 10, once with halved weights, so that its states stay
// small.
import { Key, scope, type Tensor } from "../../core/index.js";
import {
  compareCredit,
  continualEquilibriumPropagation,
  creditSlope,
  type EquilibriumStates,
  energyModel,
  equilibriumPropagation,
  type LayeredModel,
  type NudgingOptions,
  prototypicalModel,
  type SymmetricLayer,
  unrolledGradient,
} from "../../credit/index.js";
import { float64 } from "../../float64/index.js";
import { add, div, mul, neg, random, square, sub, sum } from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { inParts } from "../pause.js";

/** How long the toy network settles. */
export interface ToyConfig {
  /** T, ticks of the first phase. */
  readonly free: number;
}

/** The results of a seed. Errors are relative errors over all parameters together. */
export interface ToyRow {
  /** The error with one-sided nudging for each of `BETAS`. */
  readonly oneSided: readonly number[];
  /** The error with symmetric nudging for each of `BETAS`. */
  readonly symmetric: readonly number[];
  /** The slopes of both on logarithmic axes over the first three of `BETAS`. */
  readonly slopes: readonly [oneSided: number, symmetric: number];
  /** The largest move of a state in the last tick of the first phase. */
  readonly residual: number;
  /** The error of the continual algorithm at β = 1e-3 for each of `RATES`. */
  readonly continual: readonly number[];
  /**
   * The sum of its changes over all ticks with a rate of 0, compared with the difference between the end and the start.
   */
  readonly telescoping: number;
  /** The largest rise of the energy in a tick. */
  readonly rise: number;
  /** The prototypical model at β = 0.01, with halved first weights. */
  readonly prototypical: { readonly cosine: number; readonly error: number; readonly signs: number };
  /**
   * The same with the full ones: the cosine, and the error at β = 1e-4 with its slope against the gradient of the loss whose
   * errors are divided by the slope of the output.
   */
  readonly whole: { readonly cosine: number; readonly error: number; readonly slope: number };
}

/** Strengths of nudging. */
export const BETAS: readonly number[] = [1e-1, 1e-2, 1e-3, 1e-4];
/** Rates of the continual algorithm. */
export const RATES: readonly number[] = [1e-4, 1e-5, 1e-6];
/** The step ε of the toy network, and K, the ticks of its second phase. */
const [EPSILON, NUDGED] = [0.08, 80];

interface Trial {
  readonly model: LayeredModel;
  readonly params: readonly SymmetricLayer[];
  readonly x: Tensor;
  readonly target: Tensor;
}

function trialOf(key: Key, model: LayeredModel, inputs: number, outputs: number, scale: number): Trial {
  const drawn = model.init(key.fold(0), float64);
  return {
    ...{ model, params: drawn.map(({ weight, bias }) => ({ weight: mul(weight, scale), bias: mul(bias, scale) })) },
    x: random.uniform(key.fold(1), [1, inputs], float64),
    target: random.uniform(key.fold(2), [1, outputs], float64),
  };
}

/** Measures everything for one seed. */
export async function measureToy({ config: { free }, seed }: Cell<ToyConfig>, context: Context): Promise<ToyRow> {
  const key = Key.of(seed);
  const { model, params, x, target } = trialOf(key, energyModel([10, 50, 5], { epsilon: EPSILON }), 10, 5, 1);
  const phases = { free, nudged: NUDGED };
  const { credit: gradient, residual } = unrolledGradient(model, params, x, target, phases);
  const ep = (options: NudgingOptions) => (beta: number) =>
    equilibriumPropagation(model, params, x, target, { ...phases, beta, ...options }).credit;
  const next = inParts(context, 6);
  const slopeOf = (options: NudgingOptions) =>
    next(() => {
      const { points } = creditSlope(ep(options), gradient, BETAS);
      const { slope } = creditSlope(ep(options), gradient, BETAS.slice(0, 3));
      return { slope, errors: points.map(({ comparison }) => comparison.relativeError) };
    });
  const [one, both] = [await slopeOf({}), await slopeOf({ nudging: "symmetric" })];
  const continual = (rate: number) =>
    continualEquilibriumPropagation(model, params, x, target, { ...phases, beta: 1e-3, rate }).credit;
  return {
    ...{ oneSided: one.errors, symmetric: both.errors, slopes: [one.slope, both.slope], residual: residual.item() },
    continual: await next(() => RATES.map((rate) => compareCredit(continual(rate), gradient).relativeError)),
    telescoping: await next(() => compareCredit(continual(0), ep({})(1e-3)).relativeError),
    rise: await next(() => riseOf({ model, params, x, target })),
    prototypical: await next(() => prototypical(key)),
    whole: await next(() => whole(key)),
  };
}

/** The largest rise in a tick, over a thousand ticks, of the energy, which is (½ ‖s‖² - Φ) / ε. */
function riseOf({ model, params, x }: Trial): number {
  const energy = (states: EquilibriumStates): number =>
    (states.reduce((total, s) => total + 0.5 * sum(square(s)).item(), 0) - model.phi(params, x, states).item()) /
    EPSILON;
  let states = model.rest(params, x);
  let [before, rise] = [energy(states), Number.NEGATIVE_INFINITY];
  for (let tick = 0; tick < 1000; tick++) {
    const now = states;
    states = scope(() => model.step(params, x, now));
    const after = scope(() => energy(states));
    rise = Math.max(rise, after - before);
    before = after;
  }
  return rise;
}

/** The prototypical network of a seed, its first weights times `scale`. */
const prototype = (key: Key, scale: number): Trial =>
  trialOf(key.fold(3), prototypicalModel([100, 64, 10]), 100, 10, scale);

function prototypical(key: Key): ToyRow["prototypical"] {
  const { model, params, x, target } = prototype(key, 0.5);
  const phases = { free: 150, nudged: 10 };
  const { credit } = equilibriumPropagation(model, params, x, target, { ...phases, beta: 0.01 });
  const found = compareCredit(credit, unrolledGradient(model, params, x, target, phases).credit);
  return { cosine: found.cosine, error: found.relativeError, signs: found.signAgreement };
}

/** A nudge reaches the output behind ρ, a derivative before it, so credit belongs to another loss; see `ToyRow`. */
function whole(key: Key): ToyRow["whole"] {
  const { model, params, x, target } = prototype(key, 1);
  const phases = { free: 400, nudged: 40 };
  const ep = (beta: number) =>
    equilibriumPropagation(model, params, x, target, { ...phases, beta, tolerance: 1e-3 }).credit;
  const { cosine } = compareCredit(ep(0.01), unrolledGradient(model, params, x, target, phases).credit);
  const [, output] = equilibriumPropagation(model, params, x, target, phases).states;
  // The errors of this target are those of the given one divided by ρ' = 1 - ρ².
  const other = add(output, div(sub(target, output), add(neg(square(output)), 1)));
  const gradient = unrolledGradient(model, params, x, other, phases).credit;
  const { slope, points } = creditSlope(ep, gradient, [1e-2, 1e-3, 1e-4]);
  return { cosine, error: points[2].comparison.relativeError, slope };
}
