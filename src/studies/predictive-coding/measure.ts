// What is measured for one seed.
import { grad } from "../../autodiff/index.js";
import { Key, scope, type Tensor } from "../../core/index.js";
import {
  type CreditComparison,
  type CreditParams,
  compareCredit,
  creditSlope,
  faZil,
  inferenceLearning,
  type PredictiveOptions,
  zil,
} from "../../credit/index.js";
import { add, random } from "../../ops/index.js";
import { sgd } from "../../optim/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { inParts } from "../pause.js";
import { ACTIVATIONS, randomChain, residualNetwork, smallChain, type Trial } from "./networks.js";

/** How many networks a seed has, and how long inference may take. */
export interface TrialsConfig {
  /** How many random networks there are for each activation function. */
  readonly networks: number;
  /** Ticks of inference. */
  readonly steps: number;
}

/** The results of a seed. Errors are relative, and the error of a network is that of its worst layer. */
export interface TrialsRow {
  /** The largest error of Z-IL for each activation function and each other kind of network. */
  readonly exact: Readonly<Record<string, number>>;
  /** In float32: the largest difference divided by the largest gradient, for each activation function. */
  readonly single: Readonly<Record<string, number>>;
  /** The smallest factor by which this is smaller in float64. */
  readonly fall: number;
  /** The smallest error when each condition is broken. */
  readonly broken: { readonly start: number; readonly schedule: number; readonly levels: number };
  /** At γ = 0.9: the largest difference between an error and 1 - 0.9^k, and the errors of a chain by k. */
  readonly slow: { readonly off: number; readonly errors: readonly number[] };
  /**
   * The largest relative difference between the weights of a layer after 20 steps of training by Z-IL and by the
   * gradient.
   */
  readonly trained: number;
  /**
   * Fa-Z-IL: its largest error, how many neurons fired in a wrong tick, and the share that fires by layer and tick in a
   * chain.
   */
  readonly autonomous: {
    readonly error: number;
    readonly late: number;
    readonly fired: readonly (readonly number[])[];
  };
  /**
   * IL: errors and cosines by `LAMBDAS`, the slope over the last three, and the largest remaining move divided by λ.
   */
  readonly limit: {
    readonly errors: readonly number[];
    readonly cosines: readonly number[];
    readonly slope: number;
    readonly residual: number;
  };
}

/** The weights of the output's error in the energy. */
export const LAMBDAS: readonly number[] = [1, 1e-1, 1e-2, 1e-3, 1e-4];
/** The rate at which C3 is broken. */
export const SLOW = 0.9;

const gradientOf = ({ net, params, x, target }: Trial): CreditParams => grad(net.loss)(params, x, target);
const zilOf = ({ net, params, x, target }: Trial, options: PredictiveOptions = {}): CreditParams =>
  zil(net, params, x, target, options).credit;
const worst = ({ parameters }: CreditComparison): number => Math.max(...parameters.map((each) => each.relativeError));
/** The largest error of Z-IL. */
const errorOf = (trial: Trial): number => scope(() => worst(compareCredit(zilOf(trial), gradientOf(trial))));

/** Measures everything for one seed. */
export async function measure({ config, seed }: Cell<TrialsConfig>, context: Context): Promise<TrialsRow> {
  const key = Key.of(seed);
  const trials = Array.from({ length: config.networks }, (_, i) => key.fold(i));
  const all = inParts(context, 12);
  const largest = (f: (key: Key) => number): number => Math.max(...trials.map((each) => scope(() => f(each))));
  const byActivation = async (f: (activation: (typeof ACTIVATIONS)[number]) => number) => {
    const found: Record<string, number> = {};
    for (const activation of ACTIVATIONS) found[activation] = await all(() => f(activation));
    return found;
  };

  const plain = await byActivation((activation) =>
    largest((each) => errorOf(randomChain(each, "float64", { activation, bias: false }))),
  );
  const others = await all(() => ({
    biases: largest((each) => errorOf(randomChain(each, "float64", { activation: "tanh" }))),
    "cross-entropy": largest((each) => errorOf(randomChain(each, "float64", { loss: "crossEntropy" }))),
    residual: largest((each) => Math.max(...ACTIVATIONS.map((f) => errorOf(residualNetwork(each, f))))),
  }));
  const rounding = (activation: (typeof ACTIVATIONS)[number], dtype: "float32" | "float64") =>
    trials.map((each) =>
      scope(() => {
        const trial = randomChain(each, dtype, { activation, bias: false });
        return compareCredit(zilOf(trial), gradientOf(trial)).largestError;
      }),
    );
  const singles = await byActivation((activation) => Math.max(...rounding(activation, "float32")));
  const doubles = await byActivation((activation) => Math.max(...rounding(activation, "float64")));
  return {
    exact: { ...plain, ...others },
    single: singles,
    fall: Math.min(...ACTIVATIONS.map((f) => singles[f] / Math.max(doubles[f], 2 ** -53))),
    broken: await all(() => broken(trials)),
    slow: await all(() => slow(key, trials)),
    trained: await all(() => trained(key)),
    autonomous: await all(() => autonomous(key, trials)),
    limit: await all(() => limit(key, config.steps)),
  };
}

/**
 * The smallest errors with noise on the first values, with one update for all layers, and with edges that skip levels.
 */
function broken(trials: readonly Key[]): TrialsRow["broken"] {
  const smallest = (f: (key: Key, i: number) => number): number =>
    Math.min(...trials.map((key, i) => scope(() => f(key, i))));
  const chain = (key: Key, i: number) => randomChain(key, "float64", { activation: ACTIVATIONS[i % 3], bias: false });
  const noise = (key: Key) => (values: Readonly<Record<string, Tensor>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value], i) => [
        name,
        add(value, random.normal(key.fold(i), value.shape, { std: 0.1, dtype: "float64" })),
      ]),
    );
  return {
    start: smallest((key, i) => {
      const trial = chain(key, i);
      return worst(compareCredit(zilOf(trial, { start: noise(key.fold(1)) }), gradientOf(trial)));
    }),
    schedule: smallest((key, i) => {
      const trial = chain(key, i);
      const { net, params, x, target } = trial;
      const { credit } = inferenceLearning(net, params, x, target, { rate: 1, steps: net.depth + 3 });
      return worst(compareCredit(credit, gradientOf(trial)));
    }),
    levels: smallest((key) => {
      const trial = residualNetwork(key, "tanh", false);
      return worst(compareCredit(zilOf(trial), gradientOf(trial)));
    }),
  };
}

/** Compares errors at a lower rate with 1 - rate^k, since a layer on level k gets rate^k times its gradient. */
function slow(key: Key, trials: readonly Key[]): TrialsRow["slow"] {
  const errorsOf = (trial: Trial): number[] => {
    const { parameters } = compareCredit(zilOf(trial, { rate: SLOW }), gradientOf(trial));
    return parameters.map(({ relativeError }) => relativeError).reverse();
  };
  const expected = (level: number): number => 1 - Array.from({ length: level }, () => SLOW).reduce((a, b) => a * b, 1);
  const off = (each: Key): number =>
    Math.max(
      ...errorsOf(randomChain(each, "float64", { activation: "tanh", bias: false })).map((error, level) =>
        Math.abs(error - expected(level)),
      ),
    );
  return { off: Math.max(...trials.map((each) => scope(() => off(each)))), errors: errorsOf(smallChain(key)) };
}

/** Trains by Z-IL and by the gradient for twenty steps from the same start, and compares the weights. */
function trained(key: Key): number {
  const trial = smallChain(key);
  const optimizer = sgd({ lr: 1e-2 });
  let [ours, theirs] = [trial.params, trial.params];
  for (let step = 0; step < 20; step++) {
    ours = optimizer.step(ours, zilOf({ ...trial, params: ours }), optimizer.init(ours)).params;
    theirs = optimizer.step(theirs, gradientOf({ ...trial, params: theirs }), optimizer.init(theirs)).params;
  }
  return worst(compareCredit(ours, theirs));
}

function autonomous(key: Key, trials: readonly Key[]): TrialsRow["autonomous"] {
  let [error, late] = [0, 0];
  trials.forEach((each, i) => {
    scope(() => {
      const trial = randomChain(each, "float64", { activation: ACTIVATIONS[i % 3] });
      const { net, params, x, target } = trial;
      const { credit, fired } = faZil(net, params, x, target, { ticks: net.depth + 2 });
      error = Math.max(error, worst(compareCredit(credit, gradientOf(trial))));
      for (const { name, level } of net.vertices.slice(1)) {
        fired[name].data().forEach((count, tick) => {
          if (tick !== level) late += count;
        });
      }
    });
  });
  const { net, params, x, target } = smallChain(key);
  const { fired } = faZil(net, params, x, target, { ticks: net.depth + 1 });
  const share = (name: string, size: number): number[] =>
    Array.from(fired[name].data(), (count) => count / size / x.shape[0]);
  return { error, late, fired: net.vertices.slice(1).map(({ name, shape }) => share(name, shape[0])) };
}

function limit(key: Key, steps: number): TrialsRow["limit"] {
  const trial = smallChain(key);
  const { net, params, x, target } = trial;
  let residual = 0;
  const il = (outputWeight: number): CreditParams => {
    const found = inferenceLearning(net, params, x, target, { outputWeight, steps });
    residual = Math.max(residual, found.residual.item() / outputWeight);
    return found.credit;
  };
  const gradient = gradientOf(trial);
  const found = LAMBDAS.map((lambda) => scope(() => compareCredit(il(lambda), gradient)));
  return {
    errors: found.map(({ relativeError }) => relativeError),
    cosines: found.map(({ cosine }) => cosine),
    slope: creditSlope(il, gradient, LAMBDAS.slice(2)).slope,
    residual,
  };
}
