// The mechanics of a chain in a plane, by the absolute angles of its links. The centre of mass moves by the sum of all forces
// alone, which leaves one equation for each angle:
//
//   sum_k (coupling_jk cos(a_j - a_k) + inertia_jk) a_k'' = torque_j + sum_k coupling_jk a_k'² sin(a_k - a_j)
//                                                           + u_j' . sum_i lever_ij F_i
//
// with u_j' = (-cos a_j, -sin a_j), the derivative of the direction u_j = (-sin a_j, cos a_j) of link j, and F_i the force on
// link i. These are the equations that MuJoCo solves in the coordinates x, y, heading and joints, after x and y are eliminated.
import type { SwimmerBody } from "./body.js";

/** The constants of these equations; matrices are (links, links), row by row. */
export interface Chain {
  /** How far the centre of link i moves in the direction of u_j, relative to the first pivot. */
  readonly reach: Float64Array;
  /** The mean of each column of `reach`: the same for the centre of mass. */
  readonly mean: Float64Array;
  /** `reach` less `mean`: the same relative to the centre of mass. */
  readonly lever: Float64Array;
  /** mass lever' lever. */
  readonly coupling: Float64Array;
  /** The inertia of the links, and that of the motors between them. */
  readonly inertia: Float64Array;
}

/** The constants of a body. */
export function chainOf({ links, length, mass, armature, inertia }: SwimmerBody): Chain {
  const n = links;
  const square = (entry: (i: number, j: number) => number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n));
  const reach = square((i, j) => (j < i ? length : j === i ? length / 2 : 0));
  const mean = Float64Array.from({ length: n }, (_, j) => (length * (n - 0.5 - j)) / n);
  const lever = square((i, j) => reach[i * n + j] - mean[j]);
  const coupling = square((j, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += lever[i * n + j] * lever[i * n + k];
    return mass * sum;
  });
  const motors = square((j, k) =>
    j === k ? armature * (j === 0 || j === n - 1 ? 1 : 2) : Math.abs(j - k) === 1 ? -armature : 0,
  );
  return { reach, mean, lever, coupling, inertia: motors.map((each, at) => each + (at % (n + 1) === 0 ? inertia : 0)) };
}
