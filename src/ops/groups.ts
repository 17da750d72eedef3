// Channels in groups, each with filters of its own.

import { checkTensors } from "../autodiff/index.js";
import { quote, showShape, type Tensor } from "../core/index.js";
import { concat, split } from "./join.js";

/** Images and filters, each with the axis that is divided. */
type Divided = readonly [tensor: Tensor, axis: number];

/**
 * What applies a function to each of `groups` groups of channels with their filters, and puts the results side by side.
 *
 * @throws RangeError unless groups divides both axes.
 */
export function groupsOf(
  op: string,
  groups: number,
  [x, channels]: Divided,
  [filter, axis]: Divided,
): (f: (x: Tensor, filter: Tensor) => Tensor) => Tensor {
  checkTensors(op, [x, filter]);
  if (!Number.isInteger(groups) || groups < 1) {
    throw new RangeError(`[${op}] groups ${quote(groups)}: a whole number of at least 1.`);
  }
  if (groups === 1) return (f) => f(x, filter);
  if (x.shape[channels] % groups !== 0 || filter.shape[axis] % groups !== 0) {
    throw new RangeError(
      `[${op}] ${groups} groups do not divide images ${showShape(x.shape)} and a filter ${showShape(filter.shape)}: they ` +
        "must divide the channels and the filters.",
    );
  }
  const [parts, filters] = [split(x, groups, channels), split(filter, groups, axis)];
  return (f) =>
    concat(
      parts.map((part, i) => f(part, filters[i])),
      x.rank - 1,
    );
}
