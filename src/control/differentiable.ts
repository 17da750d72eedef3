// A swimmer as steps that can be differentiated: the same equations as in simulation.ts, in ops, so that a gradient passes
// from how far it swims to its torques and to what chose them.
import { type DType, quote, scope, showShape, type Tensor } from "../core/index.js";
import { solve } from "../linalg/index.js";
import {
  abs,
  add,
  clip,
  concat,
  cos,
  div,
  greater,
  matmul,
  matvec,
  mul,
  neg,
  reshape,
  sin,
  slice,
  square,
  stack,
  sub,
  sum,
  tensor,
  transpose,
  tri,
  where,
} from "../ops/index.js";
import { checkBody, type SwimmerBody } from "./body.js";
import { chainOf } from "./chain.js";
import { factor } from "./factor.js";
import { IMPEDANCE, inverseWeights, springOf, stopsOf } from "./limits.js";
import { checkNumbers, type SwimmerStart } from "./simulation.js";

/** Where a swimmer is, as tensors: both (links + 2), in the order of `Swimmer.position()`. */
export interface SwimmerState {
  /** x, y, heading and joints. */
  readonly position: Tensor;
  /** Their rates. */
  readonly velocity: Tensor;
}

/** A swimmer that can be differentiated. */
export interface DifferentiableSwimmer {
  /** Its body. */
  readonly body: SwimmerBody;
  /** The state of a start; float64 by default, which needs `import "synaptape/float64"`. In float32 the swim is less exact. */
  state(start: SwimmerStart, dtype?: DType): SwimmerState;
  /** The state after a step of control with these torques (joints). */
  step(state: SwimmerState, torques: Tensor): SwimmerState;
  /** The angle of each joint (joints). */
  joints(state: SwimmerState): Tensor;
  /** How fast the head moves forward, in m/s: shape []. */
  speed(state: SwimmerState): Tensor;
}

/** What moves inside a step of control: angles and rates of the links, the first pivot and its velocity. */
interface Motion {
  readonly angles: Tensor;
  readonly rates: Tensor;
  readonly pivot: Tensor;
  readonly speed: Tensor;
}

/**
 * The swimmer of this body as functions of tensors, without a state of its own. Which stops push is read from the numbers, so
 * a step cannot run under `vmap` or `compile`; the derivative is that of the stops that do.
 *
 * ```ts
 * const swimmer = differentiableSwimmer(body);
 * const slower = grad((torques: Tensor) => swimmer.speed(swimmer.step(state, torques)).neg());
 * ```
 *
 * Its functions throw a RangeError for starts, states and torques of another body.
 */
export function differentiableSwimmer(body: SwimmerBody): DifferentiableSwimmer {
  checkBody("differentiableSwimmer", body);
  const { links: n, joints, mass, gear, timestep: dt, substeps, drag, limit } = body;
  const chain = chainOf(body);
  const stops = stopsOf(body, chain);
  const weights = inverseWeights(body, chain);
  const spring = springOf(dt);

  const check = (name: string, x: Tensor | undefined, size: number): void => {
    if (x?.shape?.length === 1 && x.shape[0] === size) return;
    const found = Array.isArray(x?.shape) ? showShape(x.shape) : quote(x);
    throw new RangeError(
      `[differentiableSwimmer] \`${name}\` is ${found}; this body needs a tensor of shape [${size}].`,
    );
  };
  const checkState = ({ position, velocity }: SwimmerState): void => {
    check("position", position, n + 2);
    check("velocity", velocity, n + 2);
  };
  const end = (x: Tensor): Tensor => slice(x, [2], [n + 2]);
  const headAngle = (position: Tensor): Tensor => reshape(slice(position, [2], [3]), []);
  const dragOf = (factorOf: number, x: Tensor): Tensor => mul(mul(abs(x), x), -factorOf);

  /** The constants as tensors of a type. */
  const constants = (dtype: DType) => {
    const matrix = (values: Float64Array): Tensor => tensor(values, { shape: [n, n], dtype });
    const before = tri(n, n, 0, { dtype });
    return {
      ...{
        before,
        reach: transpose(matrix(chain.reach)),
        lever: matrix(chain.lever),
        mean: tensor(chain.mean, { dtype }),
      },
      ...{ coupling: matrix(chain.coupling), inertia: matrix(chain.inertia) },
    };
  };

  /** The accelerations with what the stops add: the equations of limits.ts for those that push. */
  function stopped(system: Tensor, { angles, rates }: Motion, accelerations: Tensor): Tensor {
    const plain = Float64Array.from(angles.data());
    if (!plain.some((angle, i) => i > 0 && Math.abs(angle - plain[i - 1]) > limit)) return accelerations;
    const [l, inverses, moved] = [Float64Array.from(system.data()), new Float64Array(n), accelerations.data()];
    factor(l, n, inverses);
    stops.push(plain, Float64Array.from(rates.data()), l, inverses, Float64Array.from(moved));
    const pushed = stops.pushed();
    if (pushed.length === 0) return accelerations;
    const { dtype } = angles;
    const constant = (values: readonly number[]): Tensor => tensor(Float64Array.from(values), { dtype });
    const rows = pushed.flatMap(({ joint, side }) =>
      Array.from({ length: n }, (_, i) => (i === joint ? -side : i === joint + 1 ? side : 0)),
    );
    const directions = tensor(Float64Array.from(rows), { shape: [pushed.length, n], dtype });
    const answers = solve(system, transpose(directions));
    // Away from the limit a joint's angle times its side is -limit at the limit itself.
    const distance = add(matvec(directions, angles), limit);
    const { least, most, width } = IMPEDANCE;
    const x = clip(mul(distance, -1 / width), 0, 1);
    const late = add(mul(square(sub(x, 1)), -2), 1);
    const d = add(mul(where(greater(x, 0.5), late, mul(square(x), 2)), most - least), least);
    const softness = mul(div(add(neg(d), 1), d), constant(pushed.map(({ joint }) => weights[joint])));
    const wanted = sub(
      mul(matvec(directions, rates), -spring.damping),
      add(mul(mul(d, distance), spring.stiffness), matvec(directions, accelerations)),
    );
    const diagonal = mul(tensor(identity(pushed.length), { shape: [pushed.length, pushed.length], dtype }), softness);
    const torques = solve(add(matmul(directions, answers), diagonal), wanted);
    return add(accelerations, matvec(answers, torques));
  }

  function substep(motion: Motion, motors: Tensor, constant: ReturnType<typeof constants>): Motion {
    const { angles, rates, pivot, speed } = motion;
    const [s, c] = [sin(angles), cos(angles)];
    // Directions of the links and their derivatives in the angles: u and u'. A link's own axes are -u' and u.
    const [u, turned] = [stack([neg(s), c]), neg(stack([c, s]))];
    const centres = add(reshape(speed, [2, 1]), matmul(mul(turned, rates), constant.reach));
    const across = dragOf(drag.across, neg(sum(mul(turned, centres), 0)));
    const along = dragOf(drag.along, sum(mul(u, centres), 0));
    const forces = sub(mul(u, along), mul(turned, across));
    const squares = square(rates);
    const sides = transpose(turned);
    const system = add(mul(constant.coupling, matmul(sides, turned)), constant.inertia);
    const torques = add(
      add(motors, dragOf(drag.turning, rates)),
      add(
        matvec(mul(constant.coupling, matmul(sides, u)), squares),
        sum(mul(turned, matmul(forces, constant.lever)), 0),
      ),
    );
    const accelerations = stopped(system, motion, solve(system, torques));
    const centre = mul(sum(forces, 1), 1 / (n * mass));
    const inside = sub(matvec(u, mul(constant.mean, squares)), matvec(turned, mul(constant.mean, accelerations)));
    const nextSpeed = add(speed, mul(add(centre, inside), dt));
    const nextRates = add(rates, mul(accelerations, dt));
    return {
      angles: add(angles, mul(nextRates, dt)),
      rates: nextRates,
      pivot: add(pivot, mul(nextSpeed, dt)),
      speed: nextSpeed,
    };
  }

  /** Each number less the one before it. */
  const differences = (x: Tensor): Tensor =>
    concat([slice(x, [0], [1]), sub(slice(x, [1], [n]), slice(x, [0], [n - 1]))]);

  return {
    body,
    state(start, dtype = "float64") {
      checkNumbers("differentiableSwimmer", "position", start.position, n + 2);
      if (start.velocity) checkNumbers("differentiableSwimmer", "velocity", start.velocity, n + 2);
      const numbers = (values: ArrayLike<number> = new Float64Array(n + 2)): Tensor =>
        tensor(Float64Array.from(values), { dtype });
      return { position: numbers(start.position), velocity: numbers(start.velocity) };
    },
    joints: (state) => {
      checkState(state);
      return slice(state.position, [3], [n + 2]);
    },
    speed: (state) =>
      scope(() => {
        checkState(state);
        const angle = headAngle(state.position);
        return sub(mul(sin(angle), at(state.velocity, 0)), mul(cos(angle), at(state.velocity, 1)));
      }),
    step: (state, torques) =>
      scope(() => {
        checkState(state);
        check("torques", torques, joints);
        const { position, velocity } = state;
        const constant = constants(position.dtype);
        const all = mul(clip(torques, -1, 1), gear);
        // A motor turns the link behind it one way and the link before it the other.
        const none = mul(slice(all, [0], [1]), 0);
        const motors = sub(concat([none, all]), concat([all, none]));
        let motion: Motion = {
          angles: matvec(constant.before, end(position)),
          rates: matvec(constant.before, end(velocity)),
          pivot: slice(position, [0], [2]),
          speed: slice(velocity, [0], [2]),
        };
        for (let i = 0; i < substeps; i++) motion = substep(motion, motors, constant);
        return {
          position: concat([motion.pivot, differences(motion.angles)]),
          velocity: concat([motion.speed, differences(motion.rates)]),
        };
      }),
  };
}

/** Element `i` of a vector. */
const at = (x: Tensor, i: number): Tensor => reshape(slice(x, [i], [i + 1]), []);

const identity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, place) => (place % (n + 1) === 0 ? 1 : 0));
