// Derivatives of an op's float64 reference by central differences: what its rules are compared with.
import type { Array64 } from "../autodiff/index.js";
import type { Case } from "./case.js";

const STEP = 1e-5;
const SECOND_STEP = 1e-4;

/** One array for each differentiable input, filled by `derivative(input, element)`. */
function perElement(c: Case, derivative: (input: number, element: number) => number): Array64[] {
  const all = c.inputs.map(({ shape, data }, i) => ({ shape, data: data.map((_, at) => derivative(i, at)) }));
  return c.differentiable(all);
}

/** J'u, the transposed Jacobian times the cotangents. */
export function pulled(c: Case): Array64[] {
  return perElement(c, (i, at) => {
    const shifted = (by: number) => c.projection((input, element) => (input === i && element === at ? by : 0));
    return (shifted(STEP) - shifted(-STEP)) / (2 * STEP);
  });
}

/** J v, the Jacobian times the direction, one array for each output. */
export function pushed(c: Case): Array64[] {
  const [up, down] = [STEP, -STEP].map((by) => c.shifted((input, element) => by * c.direction[input].data[element]));
  return up.map(({ shape, data }, i) => ({ shape, data: data.map((x, at) => (x - down[i].data[at]) / (2 * STEP)) }));
}

/** The derivative of v . J'u in every input, by the mixed difference of four points. */
export function secondOrder(c: Case): Array64[] {
  const h = SECOND_STEP;
  return perElement(c, (i, at) => {
    const corner = (along: number, aside: number) =>
      c.projection(
        (input, element) => along * c.direction[input].data[element] + (input === i && element === at ? aside : 0),
      );
    const mixed = (corner(h, h) - corner(-h, h) - corner(h, -h) + corner(-h, -h)) / (4 * h * h);
    // 1e-16 / 1e-8 is noise: what the mixed difference gives for a constant.
    return Math.abs(mixed) < 1e-6 ? 0 : mixed;
  });
}
