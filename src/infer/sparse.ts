// The least of a quadratic with an L1 term, exactly: terms enter and leave one by one until the signs agree (Lee, Battle, Raina and
// Ng 2007, "Efficient sparse coding algorithms", algorithm 1). Descent along one coefficient after the other needs thousands of
// sweeps where terms are alike, as powers of the same signals are.
import { directionsOf, solved } from "./information.js";

/** A quadratic: half of x A x, less b x, plus l1 times the sizes of x. A is symmetric, row by row. */
export interface Quadratic {
  readonly curvature: Float64Array;
  readonly slope: ArrayLike<number>;
  readonly l1: number;
}

/** b - A x. */
const pulls = ({ curvature, slope }: Quadratic, at: readonly number[]): number[] =>
  at.map((_, k) => at.reduce((pull, x, l) => pull - curvature[k * at.length + l] * x, slope[k]));

function valueAt(quadratic: Quadratic, at: readonly number[]): number {
  const pull = pulls(quadratic, at);
  return at.reduce((sum, x, k) => sum - (x * (pull[k] + quadratic.slope[k])) / 2 + quadratic.l1 * Math.abs(x), 0);
}

/** Where the quadratic is least if the terms of these signs keep them, and others are 0. */
function withSigns({ curvature, slope, l1 }: Quadratic, signs: readonly number[]): number[] {
  const count = signs.length;
  const active = signs.flatMap((sign, k) => (sign === 0 ? [] : [k]));
  const part = Float64Array.from(active.flatMap((k) => active.map((l) => curvature[k * count + l])));
  const free = solved(
    directionsOf(part, active.length),
    active.map((k) => slope[k] - l1 * signs[k]),
  );
  const at = signs.map(() => 0);
  active.forEach((k, i) => {
    at[k] = free[i];
  });
  return at;
}

/** The best place between two, of the last and those where a coefficient becomes 0. */
function bestBetween(quadratic: Quadratic, from: readonly number[], to: readonly number[]): readonly number[] {
  const places = from.flatMap((x, k) => {
    if (x * to[k] >= 0) return [];
    const share = x / (x - to[k]);
    return [from.map((y, l) => (l === k ? 0 : y + share * (to[l] - y)))];
  });
  const least = (a: readonly number[], b: readonly number[]) => (valueAt(quadratic, b) < valueAt(quadratic, a) ? b : a);
  return places.reduce(least, to);
}

/** Where this quadratic is least, found from some place. */
export function leastOf(quadratic: Quadratic, from: readonly number[]): readonly number[] {
  const { l1 } = quadratic;
  let at = from;
  let signs = at.map(Math.sign);
  for (let change = 0; change < 100 * (1 + at.length); change++) {
    if (signs.some((sign) => sign !== 0)) {
      const to = withSigns(quadratic, signs);
      const agrees = to.every((x, k) => x * signs[k] >= 0);
      at = agrees ? to : bestBetween(quadratic, at, to);
      signs = at.map(Math.sign);
      if (!agrees) continue;
    }
    const excess = pulls(quadratic, at).map((pull, k) => (at[k] === 0 ? Math.abs(pull) - l1 : 0));
    const enters = excess.indexOf(Math.max(...excess));
    if (excess[enters] <= 1e-9 * l1) break;
    const sign = Math.sign(pulls(quadratic, at)[enters]);
    signs = signs.map((each, k) => (k === enters ? sign : each));
  }
  return at;
}
