// Equilibrium propagation, tick by tick: a network settles, its output is nudged towards a target, and what each synapse sees
// change becomes the gradient, which backpropagation through the same ticks gives too. The network is the energy-based one of
// the study, in float32.
import { advance, Key, leavesOf, scope, type Tensor, treeLeaves } from "../../core/index.js";
import {
  compareCredit,
  type EquilibriumStates,
  energyModel,
  nudgedStep,
  type SymmetricLayer,
  unrolledGradient,
} from "../../credit/index.js";
import { mul, random, square, sub, sum } from "../../ops/index.js";
import { NUDGED, type Settings } from "./controls.js";
import type { Run } from "./run.js";

/** Neurons of the data, the hidden layer and the output. */
const SIZES = [10, 50, 5];

/** What the synapses say, beside the gradient. */
export interface Credit {
  readonly credit: Float32Array;
  readonly gradient: Float32Array;
  readonly cosine: number;
  readonly relativeError: number;
}

/** What is seen of the network. */
export interface EquilibriumFrame {
  /** Ticks of both phases. */
  readonly free: number;
  readonly nudged: number;
  /** The energy before the first tick and after each. */
  readonly energies: Float32Array;
  /** The loss of the output, as often. */
  readonly losses: Float32Array;
  /** How far the farthest state went in the last tick. */
  readonly moved: number;
  /** Once the output is nudged. */
  readonly found: Credit | undefined;
}

type Params = readonly SymmetricLayer[];

const numbers = (x: Tensor): Float32Array => x.data() as Float32Array;
const flat = (params: Params): Float32Array =>
  Float32Array.from(leavesOf("explore", params).flatMap(({ tensor }) => [...numbers(tensor)]));

/** The network of these settings, its data and its target. */
export function networkOf({ epsilon, seed }: Pick<Settings<"equilibrium">, "epsilon" | "seed">) {
  const [model, key] = [energyModel(SIZES, { epsilon }), Key.of(seed)];
  return {
    ...{ model, params: model.init(key.fold(0)) },
    x: random.uniform(key.fold(1), [1, SIZES[0]]),
    target: random.uniform(key.fold(2), [1, SIZES[2]]),
  };
}

/** Begins it. */
export function beginEquilibrium(settings: Settings<"equilibrium">): Run<EquilibriumFrame> {
  const { beta, epsilon, free } = settings;
  const { model, params, x, target } = networkOf(settings);
  const first = model.rest(params, x);
  let states: EquilibriumStates = first;
  let settled: EquilibriumStates | undefined;
  let gradient: Params | undefined;
  let [ticks, moved] = [0, 0];
  const [energies, losses]: [number[], number[]] = [[], []];

  /** The energy is (½ ‖s‖² - Φ) / ε, and the loss half the squared distance. */
  const note = (): void =>
    scope(() => {
      const size = states.reduce((total, s) => total + sum(square(s)).item(), 0);
      energies.push((size / 2 - model.phi(params, x, states).item()) / epsilon);
      losses.push(sum(square(sub(target, states[states.length - 1]))).item() / 2);
    });
  note();

  /** As `equilibriumPropagation` has it, from the states so far. */
  const creditNow = (before: EquilibriumStates): Params => {
    const [now, then] = [model.slope(params, x, states), model.slope(params, x, before)];
    const part = (after: Tensor, earlier: Tensor): Tensor => mul(sub(after, earlier), -1 / (beta * model.force));
    return now.map(({ weight, bias }, i) => ({
      weight: part(weight, then[i].weight),
      bias: part(bias, then[i].bias),
    }));
  };

  return {
    step() {
      const before = states.map(numbers);
      if (ticks === free) {
        settled = states;
        gradient = unrolledGradient(model, params, x, target, { free, nudged: NUDGED }).credit;
      }
      const pull = (output: Tensor): Tensor => mul(sub(target, output), beta);
      // The settled states are kept: `advance` would free them.
      const next = (now: EquilibriumStates): EquilibriumStates =>
        settled ? nudgedStep(model, params, x, now, pull) : model.step(params, x, now);
      states = ticks === free ? scope(() => next(states)) : advance(states, next);
      ticks++;
      moved = Math.max(
        ...states.flatMap((s, i) => [...numbers(s)].map((value, at) => Math.abs(value - before[i][at]))),
      );
      note();
    },
    frame: () => ({
      ...{ free, nudged: NUDGED, moved, energies: Float32Array.from(energies), losses: Float32Array.from(losses) },
      found: scope(() => {
        if (!settled || !gradient) return undefined;
        const credit = creditNow(settled);
        const { cosine, relativeError } = compareCredit(credit, gradient);
        return { credit: flat(credit), gradient: flat(gradient), cosine, relativeError };
      }),
    }),
    state: () => states.map(numbers),
    end() {
      for (const each of treeLeaves([states, first, settled ?? [], gradient ?? [], params, x, target])) each.dispose();
    },
  };
}
