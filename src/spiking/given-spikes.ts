// Spikes that rules are given: 0 and 1 and nothing else. The check is an op, so that it also holds for each example under
// `vmap`, and again when a compiled program is run on other spikes.
import { apply, checkTensors, type Op } from "../autodiff/index.js";
import { quote, type Shape, sameShape, showShape, type Tensor } from "../core/index.js";

/** y = x, once each element is 0 or 1. */
const spikesOp: Op<{ readonly by: string; readonly what: string }> = {
  name: "givenSpikes",
  batch: "leading",
  shapes([x], { by, what }) {
    const { elements } = x;
    for (let i = 0; i < elements.length; i++) {
      if (elements[i] === 0 || elements[i] === 1) continue;
      throw new RangeError(
        `[${by}] ${what} contain ${quote(elements[i])} at ${i}. Give spikes, 0 or 1 each: greater(x, 0) makes them of potentials.`,
      );
    }
    return [x.shape];
  },
  view: () => 0,
  vjp: ([dy]) => [dy],
  jvp: ([dx]) => [dx],
  reference: ([x]) => [x],
  domain: [],
};

/**
 * `x`, of which every element is 0 or 1.
 *
 * @param what it is, in the plural: the subject of the error.
 * @param shape that it must have; any by default.
 * @throws TypeError for what is no tensor, RangeError for another number or shape.
 */
export function givenSpikes(by: string, what: string, x: Tensor, shape?: Shape): Tensor {
  checkTensors(by, [x]);
  if (shape && !sameShape(x.shape, shape)) {
    throw new RangeError(`[${by}] ${what} have shape ${showShape(x.shape)}. Give ${showShape(shape)}, one for each.`);
  }
  return apply(spikesOp, [x], { by, what });
}
