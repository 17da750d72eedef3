// A swimmer in plain numbers, for rollouts: nothing is recorded, and no memory is taken after the start.
import { checkMade, quote } from "../core/index.js";
import { sinesAndCosines } from "./angles.js";
import { checkBody, type SwimmerBody } from "./body.js";
import { chainOf } from "./chain.js";
import { factor, solveFactored } from "./factor.js";
import { stopsOf } from "./limits.js";

/** A swimmer at a time. Lengths are in metres, angles in radians, times in seconds. */
export interface Swimmer {
  /** Its body. */
  readonly body: SwimmerBody;
  /** x, y and the heading of the head, then the angle of each joint: MuJoCo's `qpos`. */
  position(): Float64Array;
  /** The rates of these: MuJoCo's `qvel`. */
  velocity(): Float64Array;
  /** The angle of each joint; the array is the swimmer's own and changes with it. */
  joints(): Float64Array;
  /** For each link its velocity across, along and in rotation, in its own axes: 3 numbers a link. */
  linkVelocities(): Float64Array;
  /** Where its nose, its joints from the head on, and the end of its tail are: x and y of each. */
  outline(): Float64Array;
  /** How fast the head moves forward, in the direction of its nose. */
  speed(): number;
  /**
   * A step of control: `substeps` steps of the physics with these torques, one a joint; 1 is the most that a motor gives
   * in one direction and -1 in the other, and what is beyond is cut off.
   *
   * @throws RangeError for a wrong number of torques, and for torques that are no numbers.
   */
  step(torques: ArrayLike<number>): void;
}

/** The position and velocity at which a simulation starts. */
export interface SwimmerStart {
  /** x, y, heading and joints: links + 2 numbers. */
  readonly position: ArrayLike<number>;
  /** Their rates; 0 by default. */
  readonly velocity?: ArrayLike<number>;
}

/** Throws unless there are `count` finite numbers. */
export function checkNumbers(op: string, name: string, values: ArrayLike<number>, count: number): void {
  if (values?.length !== count) {
    throw new RangeError(`[${op}] \`${name}\` has ${quote(values?.length)} numbers; this body needs ${count}.`);
  }
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`[${op}] \`${name}\`[${i}] is ${quote(values[i])}: give finite numbers.`);
    }
  }
}

/**
 * A swimmer that starts at these numbers; see `swimmerStart` for random ones.
 *
 * ```ts
 * const swimmer = simulate(body, swimmerStart(body, Key.of(0)));
 * swimmer.step([1, 0, 0, 0, -1]);
 * console.log(swimmer.speed());
 * ```
 *
 * @throws RangeError for starts of another body, and for numbers that are not finite.
 */
export function simulate(body: SwimmerBody, start: SwimmerStart): Swimmer {
  checkBody("simulate", body);
  checkMade("simulate", "the start", start, ["position"], "Give { position }, or what swimmerStart() returns.");
  const { links: n, joints, length, mass, gear, timestep: dt, substeps, drag } = body;
  checkNumbers("simulate", "position", start.position, n + 2);
  if (start.velocity) checkNumbers("simulate", "velocity", start.velocity, n + 2);
  const chain = chainOf(body);
  const { mean, coupling, inertia } = chain;
  const stops = stopsOf(body, chain);
  const half = length / 2;
  const allMass = n * mass;
  const numbers = (): Float64Array => new Float64Array(n);
  const [angles, rates, accelerations, sines, cosines] = [numbers(), numbers(), numbers(), numbers(), numbers()];
  const [across, along, forcesX, forcesY] = [numbers(), numbers(), numbers(), numbers()];
  const [inverses, motors] = [numbers(), new Float64Array(joints)];
  const system = new Float64Array(n * n);
  // The head's position is that of its centre; the first pivot is half a link behind, at a heading of 0.
  let [x, y, vx, vy] = [start.position[0], start.position[1], start.velocity?.[0] ?? 0, start.velocity?.[1] ?? 0];
  for (let i = 0, [angle, rate] = [0, 0]; i < n; i++) {
    angles[i] = angle += start.position[2 + i];
    rates[i] = rate += start.velocity?.[2 + i] ?? 0;
  }

  /** How fast the centre of each link moves, across it and along it. */
  const moveAt = (): void => {
    let [pivotX, pivotY] = [vx, vy];
    for (let i = 0; i < n; i++) {
      const [s, c, rate] = [sines[i], cosines[i], rates[i]];
      const [toX, toY] = [-half * rate * c, -half * rate * s];
      const [atX, atY] = [pivotX + toX, pivotY + toY];
      pivotX = atX + toX;
      pivotY = atY + toY;
      across[i] = c * atX + s * atY;
      along[i] = c * atY - s * atX;
    }
  };

  /** Writes the forces of drag on all links, and its torques where accelerations will be. */
  const dragAt = (): void => {
    for (let i = 0; i < n; i++) {
      const [s, c, rate] = [sines[i], cosines[i], rates[i]];
      const [f, g] = [-drag.across * Math.abs(across[i]) * across[i], -drag.along * Math.abs(along[i]) * along[i]];
      forcesX[i] = c * f - s * g;
      forcesY[i] = s * f + c * g;
      accelerations[i] = -drag.turning * Math.abs(rate) * rate;
    }
  };

  const substep = (): void => {
    sinesAndCosines(angles, sines, cosines);
    moveAt();
    dragAt();
    for (let i = 0; i < joints; i++) {
      accelerations[i] -= motors[i];
      accelerations[i + 1] += motors[i];
    }
    let [sumX, sumY] = [0, 0];
    for (let i = 0; i < n; i++) {
      sumX += forcesX[i];
      sumY += forcesY[i];
    }
    // u_j' . sum_i lever_ij F_i, with the forces on the links behind link j added up from the last.
    let [behindX, behindY] = [0, 0];
    for (let j = n - 1; j >= 0; j--) {
      const [forceX, forceY] = [forcesX[j], forcesY[j]];
      const leverX = half * (forceX + 2 * behindX) - mean[j] * sumX;
      const leverY = half * (forceY + 2 * behindY) - mean[j] * sumY;
      accelerations[j] -= cosines[j] * leverX + sines[j] * leverY;
      behindX += forceX;
      behindY += forceY;
    }
    for (let j = 0; j < n; j++) {
      const [s, c, square] = [sines[j], cosines[j], rates[j] * rates[j]];
      system[j * n + j] = coupling[j * n + j] + inertia[j * n + j];
      for (let k = 0; k < j; k++) {
        const at = j * n + k;
        const pull = coupling[at] * (sines[k] * c - cosines[k] * s);
        system[at] = coupling[at] * (c * cosines[k] + s * sines[k]) + inertia[at];
        accelerations[j] += pull * rates[k] * rates[k];
        accelerations[k] -= pull * square;
      }
    }
    factor(system, n, inverses);
    solveFactored(system, n, inverses, accelerations);
    stops.push(angles, rates, system, inverses, accelerations);
    // The first pivot accelerates as the centre of mass does, less what the angles do to the way between them.
    let [ax, ay] = [sumX / allMass, sumY / allMass];
    for (let j = 0; j < n; j++) {
      const square = rates[j] * rates[j];
      ax += mean[j] * (accelerations[j] * cosines[j] - square * sines[j]);
      ay += mean[j] * (accelerations[j] * sines[j] + square * cosines[j]);
    }
    vx += dt * ax;
    vy += dt * ay;
    x += dt * vx;
    y += dt * vy;
    for (let i = 0; i < n; i++) {
      rates[i] += dt * accelerations[i];
      angles[i] += dt * rates[i];
    }
  };

  const jointAngles = new Float64Array(joints);
  const jointsNow = (): Float64Array => {
    for (let i = 0; i < joints; i++) jointAngles[i] = angles[i + 1] - angles[i];
    return jointAngles;
  };
  const relative = (first: number, second: number, all: Float64Array): Float64Array =>
    Float64Array.from({ length: n + 2 }, (_, i) =>
      i === 0 ? first : i === 1 ? second : i === 2 ? all[0] : all[i - 2] - all[i - 3],
    );
  return {
    body,
    position: () => relative(x, y, angles),
    velocity: () => relative(vx, vy, rates),
    joints: jointsNow,
    linkVelocities() {
      sinesAndCosines(angles, sines, cosines);
      moveAt();
      return Float64Array.from({ length: 3 * n }, (_, at) => [across, along, rates][at % 3][Math.floor(at / 3)]);
    },
    outline() {
      sinesAndCosines(angles, sines, cosines);
      const points = new Float64Array(2 * n + 2);
      points.set([x, y - half]);
      for (let i = 0; i < n; i++) {
        points[2 * i + 2] = points[2 * i] - length * sines[i];
        points[2 * i + 3] = points[2 * i + 1] + length * cosines[i];
      }
      return points;
    },
    speed: () => {
      sinesAndCosines(angles, sines, cosines);
      return sines[0] * vx - cosines[0] * vy;
    },
    step(torques) {
      checkNumbers("swimmer.step", "torques", torques, joints);
      for (let i = 0; i < joints; i++) motors[i] = gear * Math.min(1, Math.max(-1, torques[i]));
      for (let i = 0; i < substeps; i++) substep();
    },
  };
}
