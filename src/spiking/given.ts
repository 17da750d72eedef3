// Numbers that are given and must lie in a range: spikes, probabilities, rates. The check is an op, so that it also holds for
// each example under `vmap`, and again when a compiled program is run on other numbers.
import { apply, checkTensors, type Op } from "../autodiff/index.js";
import { quote, type Shape, sameShape, showShape, type Tensor } from "../core/index.js";

/** What is demanded of each element, and what to do about one that is something else. */
const demands = {
  spike: {
    allows: (x: number) => x === 0 || x === 1,
    cure: "Give spikes, 0 or 1 each: greater(x, 0) makes them of potentials.",
  },
  share: { allows: (x: number) => x >= 0 && x <= 1, cure: "Give numbers from 0 to 1." },
  amount: { allows: (x: number) => x >= 0 && x < Number.POSITIVE_INFINITY, cure: "Give finite numbers of at least 0." },
} as const;

/** y = x, once each element is what is demanded. */
const givenOp: Op<{ readonly by: string; readonly what: string; readonly each: keyof typeof demands }> = {
  name: "given",
  batch: "leading",
  shapes([x], { by, what, each }) {
    const { elements } = x;
    const { allows, cure } = demands[each];
    for (let i = 0; i < elements.length; i++) {
      if (allows(elements[i])) continue;
      throw new RangeError(`[${by}] ${what} contain ${quote(elements[i])} at ${i}. ${cure}`);
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
 * `x`, of which every element is what is demanded: a spike (0 or 1), a share (0 to 1), or an amount (finite, at least 0).
 *
 * @param what it is, in the plural: the subject of the error.
 * @throws TypeError for what is no tensor, RangeError for another number.
 */
export function given(by: string, what: string, x: Tensor, each: keyof typeof demands): Tensor {
  checkTensors(by, [x]);
  return apply(givenOp, [x], { by, what, each });
}

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
  return given(by, what, x, "spike");
}
