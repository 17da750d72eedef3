// Delays that can be learned: a spike reaches a cell some steps later, spread over a few steps so that there is a slope.
import { checkTensors } from "../autodiff/index.js";
import { checkOptions, quote, showShape, type Tensor } from "../core/index.js";
import { abs, add, arange, div, mul, neg, pad, relu, reshape, slice, sub, sum } from "../ops/index.js";
import { eventMatmul } from "./event-matmul.js";

/** Options of `delayedCurrents`. */
export interface DelayOptions {
  /** The longest delay, in steps: a whole number of at least 0. Longer ones count as this. */
  readonly most: number;
  /**
   * Over how many steps to each side a spike is spread: at least 1, which is the default and interpolates between the two
   * nearest steps. Learn with a larger one and make it smaller (Hammouamri, Khalfaoui-Hassani and Masquelier 2023).
   */
  readonly width?: number;
}

/**
 * The currents (n, steps, units) of spikes (n, steps, inputs) that reach each unit late: sum over inputs and steps k of
 * weight times K(k - delay) times the spike k steps ago, where K falls from the middle to 0 over `width` steps and its values
 * at 0, 1, ... `most` add up to 1. With whole delays and a width of 1 it is a plain shift. It can be differentiated by
 * weights, delays and spikes.
 *
 * ```ts
 * const [spikes, weight] = [bernoulliTrains(Key.of(0), full([1, 8], 0.2), 50), random.normal(Key.of(1), [8, 4])];
 * const delays = random.uniform(Key.of(2), [8, 4], { high: 10 });
 * const currents = delayedCurrents(spikes, weight, delays, { most: 10, width: 3 }); // (1, 50, 4)
 * ```
 *
 * @param weight (inputs, units).
 * @param delays in steps, 0 or more: (inputs, units), or (inputs, 1) for one of each input; they are clipped to 0 and `most`
 * without a slope beyond.
 * @throws RangeError for shapes that do not fit, a longest delay that is no whole number, and a width below 1.
 */
export function delayedCurrents(spikes: Tensor, weight: Tensor, delays: Tensor, options: DelayOptions): Tensor {
  checkTensors("delayedCurrents", [spikes, weight, delays]);
  checkOptions("delayedCurrents", options, ["most", "width"]);
  const { most, width = 1 } = options;
  if (!Number.isInteger(most) || most < 0) {
    throw new RangeError(`[delayedCurrents] \`most\` is ${quote(most)}. Give a whole number of steps from 0 up.`);
  }
  if (!(Number.isFinite(width) && width >= 1)) {
    throw new RangeError(`[delayedCurrents] \`width\` is ${quote(width)}. Give a number of steps from 1 up.`);
  }
  if (spikes.rank !== 3 || spikes.shape[1] === 0) {
    throw new RangeError(
      `[delayedCurrents] the spikes have shape ${showShape(spikes.shape)}. Give [n, steps, inputs] with at least one step.`,
    );
  }
  const [, steps, inputs] = spikes.shape;
  const units = weight.shape[1];
  const fits = delays.rank === 2 && delays.shape[0] === inputs && [1, units].includes(delays.shape[1]);
  if (weight.rank !== 2 || weight.shape[0] !== inputs || !fits) {
    throw new RangeError(
      `[delayedCurrents] weights have shape ${showShape(weight.shape)} and delays ${showShape(delays.shape)}. Give [${inputs}, units] for both, or [${inputs}, 1] for the delays.`,
    );
  }
  const late = sub(relu(delays), relu(sub(delays, most)));
  const moments = reshape(arange(0, most + 1, 1, weight.dtype), [most + 1, 1, 1]);
  const raw = relu(add(neg(div(abs(sub(moments, late)), width)), 1));
  const kernel = div(raw, sum(raw, 0));
  const before = pad(spikes, [
    [0, 0],
    [most, 0],
    [0, 0],
  ]);
  let total: Tensor | undefined;
  for (let k = 0; k <= most; k++) {
    const past = slice(before, [0, most - k], [undefined, most - k + steps]);
    const part = eventMatmul(past, mul(weight, kernel.row(k)));
    total = total ? add(total, part) : part;
  }
  return total as Tensor;
}
