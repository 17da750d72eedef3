// Gamma draws, and how they move with their shape.

import { apply, checkTensors, type Op } from "../autodiff/index.js";
import { type Key, kernelsOf, type Tensor } from "../core/index.js";
import { chain } from "./chain.js";

const noReference = (): never => {
  throw new TypeError("[random.gamma] a draw has no reference. Compare it with its distribution.");
};

// y = dz/dalpha of gamma draws z at their rank; see assembly/gamma.ts
export const gammaSlopeOp: Op = {
  name: "gammaSlope",
  batch: "leading",
  shapes: ([alpha]) => [alpha.shape],
  forward: ([y], [alpha, z]) => kernelsOf(y).gammaSlope(y.address, alpha.address, z.address, y.size),
  vjp: () => refuse(),
  jvp: () => refuse(),
  reference: noReference,
  domain: [],
};

function refuse(): never {
  throw new RangeError(
    "[random.gamma] only the first derivative in alpha is known. stop() alpha, or differentiate once.",
  );
}

// z = a gamma draw of scale 1 for each alpha
const gammaOp: Op<{ key: Key }> = {
  name: "gamma",
  shapes: ([alpha]) => [alpha.shape],
  forward: ([z], [alpha], { key }) => kernelsOf(z).randomGamma(z.address, alpha.address, key.hi, key.lo, z.size),
  vjp: ([dz], { inputs: [alpha], outputs: [z] }) => [chain(dz!, slopeOf(alpha, z))],
  jvp: ([dalpha], { inputs: [alpha], outputs: [z] }) => [dalpha && chain(dalpha, slopeOf(alpha, z))],
  reference: noReference,
  domain: [],
};

const slopeOf = (alpha: Tensor, z: Tensor): Tensor => apply(gammaSlopeOp, [alpha, z], undefined);

/** A gamma draw of scale 1 for each element of `alpha`, by which it is differentiated at its rank. */
export function gammaDraws(key: Key, alpha: Tensor): Tensor {
  checkTensors("random.gamma", [alpha]);
  return apply(gammaOp, [alpha], { key });
}
