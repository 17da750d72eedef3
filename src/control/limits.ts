// The soft stops of joints, as MuJoCo has them: a joint beyond its limit gets the smallest torque that drives it back like a
// spring with a damper, made softer by a regulariser, and that never pulls ("Computation: constraint model" of its manual).
import type { SwimmerBody } from "./body.js";
import type { Chain } from "./chain.js";
import { factor, solveFactored } from "./factor.js";

/** MuJoCo's `solref` of the swimmer, a time constant in seconds and a damping ratio. */
const [TIME_CONSTANT, DAMPING] = [0.05, 1];
/** Its `solimp`: how the stiffness of a stop grows with the depth, from the least to the most over this width (radians). */
export const IMPEDANCE = { least: 1e-4, most: 0.8, width: 0.1 };

/** Sweeps over the stops until none of them changes by more than this share. */
const [SWEEPS, SETTLED] = [1000, 1e-15];

/** What pushes joints back that are beyond their limits. */
export interface Stops {
  /**
   * Adds to the accelerations of the links what the stops do.
   *
   * @param angles the absolute angles of the links, `rates` their rates, and `l` and `inverses` their factored system.
   * @returns how many joints are beyond their limit.
   */
  push(
    angles: Float64Array,
    rates: Float64Array,
    l: Float64Array,
    inverses: Float64Array,
    accelerations: Float64Array,
  ): number;
  /** The joints that a stop pushed in the last call, each with the direction away from its limit: 1 or -1. */
  pushed(): { readonly joint: number; readonly side: number }[];
}

/** How stiff the stop of a joint is that is `depth` beyond its limit: MuJoCo's impedance, with its smooth step. */
function impedance(depth: number): number {
  const x = Math.min(depth / IMPEDANCE.width, 1);
  const y = x <= 0.5 ? 2 * x * x : 1 - 2 * (1 - x) * (1 - x);
  return IMPEDANCE.least + y * (IMPEDANCE.most - IMPEDANCE.least);
}

/** The stiffness and the damping of the stops at a time step. */
export function springOf(timestep: number): { readonly stiffness: number; readonly damping: number } {
  const time = Math.max(TIME_CONSTANT, 2 * timestep);
  const scale = IMPEDANCE.most * time;
  return { stiffness: 1 / (scale * scale * DAMPING * DAMPING), damping: 2 / scale };
}

/** How fast each joint of the straight body answers a torque on it alone: MuJoCo's `dof_invweight0`. */
export function inverseWeights({ links: n, joints }: SwimmerBody, { coupling, inertia }: Chain): Float64Array {
  const [l, inverses] = [coupling.map((each, at) => each + inertia[at]), new Float64Array(n)];
  factor(l, n, inverses);
  return Float64Array.from({ length: joints }, (_, joint) => {
    const x = new Float64Array(n);
    x[joint] = -1;
    x[joint + 1] = 1;
    solveFactored(l, n, inverses, x);
    return x[joint + 1] - x[joint];
  });
}

/** The stops of a body. */
export function stopsOf(body: SwimmerBody, chain: Chain): Stops {
  const { links: n, joints, limit } = body;
  const { stiffness, damping } = springOf(body.timestep);
  const weights = inverseWeights(body, chain);
  // For each joint beyond its limit: which one, the direction to it, what a torque there does to all links.
  const beyond = new Int32Array(joints);
  const sides = new Float64Array(joints);
  const answers = Array.from({ length: joints }, () => new Float64Array(n));
  const wanted = new Float64Array(joints);
  const softness = new Float64Array(joints);
  const torques = new Float64Array(joints);
  /** The acceleration of the joint of stop `row` away from its limit, of accelerations of the links. */
  const along = (row: number, of: Float64Array): number => sides[row] * (of[beyond[row] + 1] - of[beyond[row]]);

  let stopped = 0;

  const push: Stops["push"] = (angles, rates, l, inverses, accelerations) => {
    let count = 0;
    for (let joint = 0; joint < joints; joint++) {
      const angle = angles[joint + 1] - angles[joint];
      const distance = limit - Math.abs(angle);
      if (!(distance < 0)) continue;
      const row = count++;
      const side = angle > 0 ? -1 : 1;
      beyond[row] = joint;
      sides[row] = side;
      const answer = answers[row];
      answer.fill(0);
      answer[joint] = -side;
      answer[joint + 1] = side;
      solveFactored(l, n, inverses, answer);
      const d = impedance(-distance);
      softness[row] = ((1 - d) / d) * weights[joint];
      wanted[row] = -damping * along(row, rates) - stiffness * d * distance - along(row, accelerations);
      torques[row] = 0;
    }
    stopped = count;
    if (count === 0) return 0;
    for (let sweep = 0, moved = true; moved && sweep < SWEEPS; sweep++) {
      moved = false;
      for (let row = 0; row < count; row++) {
        let rest = wanted[row];
        for (let other = 0; other < count; other++) {
          if (other !== row) rest -= along(row, answers[other]) * torques[other];
        }
        const torque = Math.max(0, rest / (along(row, answers[row]) + softness[row]));
        if (Math.abs(torque - torques[row]) > SETTLED * torque) moved = true;
        torques[row] = torque;
      }
    }
    for (let row = 0; row < count; row++) {
      const answer = answers[row];
      for (let i = 0; i < n; i++) accelerations[i] += answer[i] * torques[row];
    }
    return count;
  };
  const pushed: Stops["pushed"] = () =>
    Array.from({ length: stopped }, (_, row) => ({
      joint: beyond[row],
      side: sides[row],
      torque: torques[row],
    })).filter(({ torque }) => torque > 0);
  return { push, pushed };
}
