// Explicit steps of differential equations. A step is a function of plain trees, made of ordinary ops, so `loop` and `scan`
// repeat it, and every transform differentiates it. Dense output, a value between two steps, is left out: with a fixed
// step, choose `dt` so that the moments of interest are ends of steps.
import {
  checkMade,
  kindOf,
  leavesOf,
  plain,
  quote,
  sameShape,
  showShape,
  type Tensor,
  type TreeOf,
  treeMap,
} from "../core/index.js";
import { add, mul } from "../ops/index.js";

/** The derivative of a state by time: a tree like the state. `time` is a plain number. */
export type Field<S> = (state: S, time: number) => S;

/** Positions and their velocities, two trees of the same structure. */
export interface Motion<Q> {
  /** The positions. */
  readonly position: Q;
  /** Their derivatives by time. */
  readonly velocity: Q;
}

/** The derivatives of the velocities by time: a tree like the velocities. */
export type Acceleration<Q> = (position: Q, velocity: Q, time: number) => Q;

/** Throws unless the function and the numbers of a step are usable. */
export function checkStep(op: string, field: unknown, dt: number, time: number): void {
  if (typeof field !== "function") {
    throw new TypeError(`[${op}] the first argument is ${kindOf(field)}. Give the function that returns derivatives.`);
  }
  if (!Number.isFinite(dt)) throw new RangeError(`[${op}] dt is ${quote(dt)}: give the length of a step.`);
  if (!Number.isFinite(time)) throw new RangeError(`[${op}] the time is ${quote(time)}: give a finite number.`);
}

/** The derivatives, after a check that they have the structure, the shapes and the types of the state. */
export function like<S extends TreeOf<S>>(op: string, state: S, derivatives: S): S {
  const [expected, given] = [leavesOf(op, state), leavesOf(op, derivatives)];
  if (given.length !== expected.length) {
    throw new RangeError(
      `[${op}] ${given.length} derivatives for a state of ${expected.length} tensors. Return a tree like the state.`,
    );
  }
  given.forEach(({ tensor, path }, i) => {
    const { tensor: wanted, path: name } = expected[i];
    if (path === name && sameShape(tensor.shape, wanted.shape) && tensor.dtype === wanted.dtype) return;
    throw new RangeError(
      `[${op}] the derivative "${plain(path)}" ${showShape(tensor.shape)} stands where the state has "${plain(name)}" ` +
        `${showShape(wanted.shape)}. Return a tree like the state, with its names, shapes and types.`,
    );
  });
  return derivatives;
}

/** The state plus `factor` times a tree like it. */
export const addScaled = <S extends TreeOf<S>>(state: S, factor: number, derivatives: S): S =>
  treeMap((x: Tensor, d: Tensor) => add(x, mul(d, factor)), state, derivatives as NoInfer<S>);

/**
 * A step of the classical Runge-Kutta method: the error of a whole course falls with the fourth power of `dt`.
 *
 * ```ts
 * const decay = (x: Tensor) => x.neg();
 * const end = loop(100, tensor([1]), (x, step) => rk4(decay, x, 0.01, step * 0.01)); // about exp(-1)
 * ```
 *
 * @param dt the length of the step, in the unit of time of `field`; a negative one goes back.
 * @param time the time at the beginning of the step; 0 by default.
 * @throws RangeError if the derivatives differ from the state in structure, shape or type.
 */
export function rk4<S extends TreeOf<S>>(field: Field<S>, state: S, dt: number, time = 0): S {
  checkStep("rk4", field, dt, time);
  const slope = (at: S, elapsed: number): S => like("rk4", state, field(at, time + elapsed));
  const first = slope(state, 0);
  const second = slope(addScaled(state, dt / 2, first), dt / 2);
  const third = slope(addScaled(state, dt / 2, second), dt / 2);
  const fourth = slope(addScaled(state, dt, third), dt);
  const sum = (x: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor): Tensor =>
    add(x, mul(add(add(a, d), mul(add(b, c), 2)), dt / 6));
  return treeMap(sum, state, ...([first, second, third, fourth] as NoInfer<S>[]));
}

/**
 * A step of the semi-implicit Euler method: first the velocities, then the positions with the new velocities. The error of a
 * whole course falls with `dt` alone, but where the accelerations depend on the positions only, the energy stays near its
 * first value for any length of time.
 *
 * ```ts
 * const spring = (x: Tensor) => x.neg();
 * const start = { position: tensor(1), velocity: tensor(0) };
 * const end = loop(1000, start, (motion, step) => semiImplicitEuler(spring, motion, 0.01, step * 0.01));
 * ```
 *
 * @param dt the length of the step.
 * @param time the time at the beginning of the step; 0 by default.
 * @throws RangeError if the accelerations differ from the velocities in structure, shape or type.
 */
export function semiImplicitEuler<Q extends TreeOf<Q>>(
  acceleration: Acceleration<Q>,
  motion: Motion<Q>,
  dt: number,
  time = 0,
): Motion<Q> {
  checkStep("semiImplicitEuler", acceleration, dt, time);
  checkMade("semiImplicitEuler", "the motion", motion, ["position", "velocity"], "Give { position, velocity }.");
  const { position, velocity } = motion;
  const faster = like("semiImplicitEuler", velocity, acceleration(position, velocity, time));
  const after = addScaled(velocity, dt, faster);
  return { position: addScaled(position, dt, after), velocity: after };
}
