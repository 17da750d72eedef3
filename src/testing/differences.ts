// Derivatives of an op's float64 reference by differences: what its rules are compared with. For float32 central ones of a
// small step do. For float64 they are extrapolated to a step of 0 (Ridders 1982, "Accurate computation of F'(x) and
// F'(x) F''(x)"), which leaves little more than the rounding of the reference itself.
import type { Array64 } from "../autodiff/index.js";
import type { FloatName } from "../core/index.js";
import type { Case } from "./case.js";

/** The limit of `f(h)`, whose error is a series in h^2, for h to 0. */
type Limit = (f: (h: number) => Float64Array) => Float64Array;

/** The first step of an extrapolation, and how often it is halved. */
const [WIDEST, LEVELS] = [2 ** -4, 10];

/** The limit of differences of this order, whose rounding is about 2^-52 / h^order. */
const extrapolated =
  (difference: 1 | 2 | 3): Limit =>
  (f) => {
    let before: Float64Array[] = [];
    let [limit, uncertain] = [new Float64Array(), new Float64Array()];
    for (let level = 0; level < LEVELS; level++) {
      const h = WIDEST * 2 ** -level;
      const row = [f(h)];
      if (level === 0) [limit, uncertain] = [row[0].map(() => Number.NaN), row[0].map(() => Number.POSITIVE_INFINITY)];
      for (let order = 1; order <= level; order++) {
        const [finer, coarser, weight] = [row[order - 1], before[order - 1], 4 ** order];
        const next = finer.map((x, i) => (weight * x - coarser[i]) / (weight - 1));
        next.forEach((x, i) => {
          // What two ways of coming here differ by, and rounding, without which small steps that happen to agree would win.
          // NaN where a step leaves the domain, which is then not taken.
          const doubt = Math.max(Math.abs(x - finer[i]), Math.abs(x - coarser[i])) + 2 ** -52 / h ** difference;
          if (doubt < uncertain[i]) [limit[i], uncertain[i]] = [x, doubt];
        });
        row.push(next);
      }
      before = row;
    }
    return limit;
  };

/** How limits are found for each type: for first derivatives, and for second ones. */
const limits: Readonly<Record<FloatName, readonly [first: Limit, second: Limit]>> = {
  float32: [(f) => f(1e-5), (f) => f(1e-4)],
  float64: [extrapolated(1), extrapolated(2)],
};

const third = extrapolated(3);

/** One array for each differentiable input, filled by `derivative(input, element)`. */
function perElement(c: Case, derivative: (input: number, element: number) => number): Array64[] {
  const all = c.inputs.map(({ shape, data }, i) => ({ shape, data: data.map((_, at) => derivative(i, at)) }));
  return c.differentiable(all);
}

/** J'u, the transposed Jacobian times the cotangents. */
export function pulled(c: Case): Array64[] {
  const [limit] = limits[c.dtype];
  return perElement(c, (i, at) => {
    const shifted = (by: number) => c.projection((input, element) => (input === i && element === at ? by : 0));
    return limit((h) => Float64Array.of((shifted(h) - shifted(-h)) / (2 * h)))[0];
  });
}

/** J v, the Jacobian times the direction, one array for each output. */
export function pushed(c: Case): Array64[] {
  const [limit] = limits[c.dtype];
  return c.outputs.map(({ shape }, i) => ({
    shape,
    data: limit((h) => {
      const [up, down] = [h, -h].map(
        (by) => c.shifted((input, element) => by * c.direction[input].data[element])[i].data,
      );
      return up.map((x, at) => (x - down[at]) / (2 * h));
    }),
  }));
}

/** The derivative of v . J'u in every input, by the mixed difference of four points. */
export function secondOrder(c: Case): Array64[] {
  const [, limit] = limits[c.dtype];
  return perElement(c, (i, at) => {
    const corner = (along: number, aside: number) =>
      c.projection(
        (input, element) => along * c.direction[input].data[element] + (input === i && element === at ? aside : 0),
      );
    const [mixed] = limit((h) =>
      Float64Array.of((corner(h, h) - corner(-h, h) - corner(h, -h) + corner(-h, -h)) / (4 * h * h)),
    );
    // 1e-16 / 1e-8 is noise: what the mixed difference gives for a constant.
    return c.dtype === "float32" && Math.abs(mixed) < 1e-6 ? 0 : mixed;
  });
}

/** The derivative of v . (the Hessian of u . y) v in every input, by the mixed difference of six points. */
export function thirdOrder(c: Case): Array64[] {
  return perElement(c, (i, at) => {
    const corner = (along: number, aside: number) =>
      c.projection(
        (input, element) => along * c.direction[input].data[element] + (input === i && element === at ? aside : 0),
      );
    const bend = (h: number, aside: number) => corner(h, aside) - 2 * corner(0, aside) + corner(-h, aside);
    return third((h) => Float64Array.of((bend(h, h) - bend(h, -h)) / (2 * h * h * h)))[0];
  });
}
