// Measures of spike trains: rates, intervals and synchrony.
import { checkTensors } from "../autodiff/index.js";
import { showShape, type Tensor } from "../core/index.js";
import { mean } from "../ops/index.js";
import { givenSpikes } from "./given.js";
import { checkTrain, type Train } from "./lempel-ziv.js";

/**
 * The spikes per step of each unit: trains (n, steps, units) to (n, units). Differentiable. Throws a RangeError for
 * other shapes.
 *
 * ```ts
 * firingRates(tensor([[[1, 0], [0, 0]]])); // [[0.5, 0]]
 * ```
 */
export function firingRates(trains: Tensor): Tensor {
  checkTrains("firingRates", trains);
  return mean(trains, 1);
}

/**
 * The number of steps from each spike of a train to the next; an empty list for fewer than two spikes.
 *
 * ```ts
 * interspikeIntervals([1, 0, 0, 1, 1]); // [3, 1]
 * ```
 */
export function interspikeIntervals(train: Train): number[] {
  checkTrain("interspikeIntervals", train);
  const moments = Array.from(train).flatMap((spike, step) => (spike === 1 ? [step] : []));
  return moments.slice(1).map((moment, i) => moment - moments[i]);
}

/**
 * How synchronous a population is: the square root of the variance over time of its mean activity, divided by the mean
 * variance of its units (Golomb and Rinzel 1993). It is 1 if all units spike together, about 1 / sqrt(units) if they are
 * independent, and NaN if no unit changes.
 *
 * ```ts
 * synchrony(tensor([[1, 1], [0, 0], [1, 1]])); // 1
 * ```
 *
 * @param trains the trains of one example, (steps, units).
 * @throws RangeError for another shape, no steps, and numbers other than 0 and 1.
 */
export function synchrony(trains: Tensor): number {
  checkTensors("synchrony", [trains]);
  if (trains.rank !== 2 || trains.shape[0] === 0) {
    throw new RangeError(
      `[synchrony] the trains have shape ${showShape(trains.shape)}. Give [steps, units] with at least one step.`,
    );
  }
  const [steps, units] = trains.shape;
  const data = givenSpikes("synchrony", "the trains", trains).data();
  const variance = (at: (step: number) => number): number => {
    let [sum, squares] = [0, 0];
    for (let step = 0; step < steps; step++) sum += at(step);
    for (let step = 0; step < steps; step++) squares += (at(step) - sum / steps) ** 2;
    return squares / steps;
  };
  let single = 0;
  for (let unit = 0; unit < units; unit++) single += variance((step) => data[step * units + unit]) / units;
  const together = variance((step) => {
    let sum = 0;
    for (let unit = 0; unit < units; unit++) sum += data[step * units + unit];
    return sum / units;
  });
  return Math.sqrt(together / single);
}

function checkTrains(op: string, trains: Tensor): void {
  checkTensors(op, [trains]);
  if (trains.rank === 3 && trains.shape[1] > 0) return;
  throw new RangeError(
    `[${op}] the trains have shape ${showShape(trains.shape)}. Give [n, steps, units] with at least one step.`,
  );
}
