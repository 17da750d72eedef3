// The tempotron (Guetig and Sompolinsky 2006, "The tempotron: a neuron that learns spike timing-based decisions", Nature
// Neuroscience 9): a neuron that learns for which patterns of spikes it should spike, at whatever moment.
import { scan } from "../autodiff/index.js";
import { checkOptions, quote, showShape, type Tensor } from "../core/index.js";
import { add, argmax, exp, full, log, matmul, mul, reshape, sub, take, zeros } from "../ops/index.js";
import { givenSpikes } from "./given.js";

/** What a tempotron is told. */
export interface TempotronOptions {
  /** The time constant of the membrane, in steps; 15 by default. */
  readonly tau?: number;
  /** The time constant of synaptic currents, below `tau`; a quarter of it by default. */
  readonly tauSynapse?: number;
  /** The threshold; 1 by default. A single spike lifts the membrane by its weight at the most. */
  readonly threshold?: number;
  /** How much an error changes weights; 0.02 by default. */
  readonly learningRate?: number;
}

/** A neuron with functions of plain tensors. */
export interface Tempotron {
  /**
   * What spikes (steps, inputs) do to the membrane through weights of 1: potentials (steps, inputs). Throws a RangeError for
   * spikes that are not 0 or 1.
   */
  potentials(spikes: Tensor): Tensor;
  /** Whether it spikes for a pattern, from its potentials and the weights (inputs). */
  fires(weights: Tensor, potentials: Tensor): boolean;
  /**
   * The weights after a pattern for which it should spike, or should not: where it was wrong, each weight moves by
   * `learningRate` times its potential at the moment at which the membrane was highest; else nothing changes.
   */
  step(weights: Tensor, potentials: Tensor, wanted: boolean): Tensor;
}

/**
 * A tempotron. Its membrane is the sum over spikes of the weight times V0 (exp(-t / tau) - exp(-t / tauSynapse)), with V0 such
 * that the largest value is 1; there is no reset. Only the largest membrane of a pattern matters.
 *
 * ```ts
 * const neuron = tempotron();
 * const potentials = neuron.potentials(bernoulliTrains(Key.of(0), full([1, 10], 0.05), 100).row(0));
 * let weights: Tensor = random.normal(Key.of(1), [10], { std: 0.05 });
 * for (let i = 0; i < 50 && !neuron.fires(weights, potentials); i++) weights = neuron.step(weights, potentials, true);
 * ```
 *
 * @throws RangeError for time constants and numbers that are not usable.
 */
export function tempotron(options: TempotronOptions = {}): Tempotron {
  checkOptions("tempotron", options, ["tau", "tauSynapse", "threshold", "learningRate"]);
  const { tau = 15, tauSynapse = tau / 4, threshold = 1, learningRate = 0.02 } = options;
  if (!(tauSynapse > 0 && tau > tauSynapse && Number.isFinite(tau))) {
    throw new RangeError(
      `[tempotron] tau is ${quote(tau)} and tauSynapse ${quote(tauSynapse)}: give steps above 0, tauSynapse the fewer.`,
    );
  }
  for (const [name, value] of Object.entries({ threshold, learningRate })) {
    if (!(Number.isFinite(value) && value > 0)) {
      throw new RangeError(`[tempotron] ${name} is ${quote(value)}: give a number above 0.`);
    }
  }
  const fade = (time: number, by: number, dtype: Tensor["dtype"]): Tensor => exp(full([], -time / by, { dtype }));
  const check = (potentials: Tensor): void => {
    if (potentials.rank === 2 && potentials.shape[0] > 0) return;
    throw new RangeError(`[tempotron] a pattern of shape ${showShape(potentials.shape)}: [steps, inputs] is needed.`);
  };
  const membrane = (weights: Tensor, potentials: Tensor): Tensor => {
    check(potentials);
    return reshape(matmul(potentials, reshape(weights, [-1, 1])), [-1]);
  };
  /** When the membrane is highest, and how high it is then. */
  const peak = (weights: Tensor, potentials: Tensor): { at: Tensor; height: number } => {
    const course = membrane(weights, potentials);
    const at = argmax(course, 0);
    return { at, height: take(course, at, 0).item() };
  };
  return {
    potentials(pattern) {
      const spikes = givenSpikes("tempotron", "the spikes of a pattern", pattern);
      check(spikes);
      const { dtype } = spikes;
      const [slow, fast] = [fade(1, tau, dtype), fade(1, tauSynapse, dtype)];
      // The largest value is where both exponentials fall equally fast.
      const ratio = log(full([], tau / tauSynapse, { dtype })).item();
      const top = (ratio * tau * tauSynapse) / (tau - tauSynapse);
      const height = sub(fade(top, tau, dtype), fade(top, tauSynapse, dtype));
      const none = zeros([spikes.shape[1]], { dtype });
      const [, potentials] = scan(spikes.shape[0], { slow: none, fast: none }, (before, step) => {
        const now = spikes.row(step);
        const after = { slow: add(mul(before.slow, slow), now), fast: add(mul(before.fast, fast), now) };
        return [after, sub(after.slow, after.fast).div(height)] as const;
      });
      return potentials;
    },
    fires: (weights, potentials) => peak(weights, potentials).height >= threshold,
    step(weights, potentials, wanted) {
      const { at, height } = peak(weights, potentials);
      if (height >= threshold === wanted) return weights;
      const share = reshape(take(potentials, reshape(at, [1]), 0), [-1]);
      return add(weights, mul(share, wanted ? learningRate : -learningRate));
    },
  };
}
