// What is measured of spike trains: rates, intervals, synchrony.
import { showShape, type Tensor } from "../core/index.js";
import { mean } from "../ops/index.js";
import { checkTrain, type Train } from "./lempel-ziv.js";

/** Spikes per step of each unit: trains (n, steps, units) to (n, units). With a gradient, as a read-out wants it. */
export function firingRates(trains: Tensor): Tensor {
  checkTrains("firingRates", trains);
  return mean(trains, 1);
}

/** The steps from each spike of a train to the next. */
export function interspikeIntervals(train: Train): number[] {
  checkTrain("interspikeIntervals", train);
  const moments = Array.from(train).flatMap((spike, step) => (spike === 1 ? [step] : []));
  return moments.slice(1).map((moment, i) => moment - moments[i]);
}

/**
 * How synchronous a population is: the variance of its mean over time, in units of the mean of its units' variances, and
 * the root of that (Golomb and Rinzel 1993). 1 where all units spike together, 1 / sqrt(units) for independent ones; NaN
 * where no unit changes.
 *
 * @param trains of one example, (steps, units).
 */
export function synchrony(trains: Tensor): number {
  if (trains.rank !== 2) {
    throw new RangeError(`[synchrony] trains of shape ${showShape(trains.shape)}: [steps, units] is needed.`);
  }
  const [steps, units] = trains.shape;
  const data = trains.data();
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
  if (trains.rank === 3 && trains.shape[1] > 0) return;
  throw new RangeError(`[${op}] trains of shape ${showShape(trains.shape)}: [n, steps, units] is needed.`);
}
