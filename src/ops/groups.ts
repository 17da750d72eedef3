// Channels in groups, each with filters of its own.

import { checkTensors } from "../autodiff/index.js";
import { quote, showShape, type Tensor } from "../core/index.js";
import { concat, split } from "./join.js";

/** Images and filters, each with the axis that is divided. */
type Divided = readonly [tensor: Tensor, axis: number];

/** Throws a RangeError unless `groups` divides both axes. */
export function checkGroups(op: string, groups: number, [x, channels]: Divided, [filter, axis]: Divided): void {
  checkTensors(op, [x, filter]);
  if (!Number.isInteger(groups) || groups < 1) {
    throw new RangeError(`[${op}] groups ${quote(groups)}: a whole number of at least 1.`);
  }
  if (groups === 1) return;
  if (x.shape[channels] % groups !== 0 || filter.shape[axis] % groups !== 0) {
    throw new RangeError(
      `[${op}] ${groups} groups do not divide images ${showShape(x.shape)} and a filter ${showShape(filter.shape)}: they ` +
        "must divide the channels and the filters.",
    );
  }
}

/** `f` of each of `groups` groups of channels with their filters; the results stand side by side. */
export function byGroup(
  groups: number,
  [x, channels]: Divided,
  [filter, axis]: Divided,
  f: (x: Tensor, filter: Tensor) => Tensor,
): Tensor {
  if (groups === 1) return f(x, filter);
  const [parts, filters] = [split(x, groups, channels), split(filter, groups, axis)];
  return concat(
    parts.map((part, i) => f(part, filters[i])),
    x.rank - 1,
  );
}
