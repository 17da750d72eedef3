// Swimming as a task: random starts, the reward of a step, and whole episodes (Bhattasali, Zador and Engel 2022, after the
// Control Suite).
import { checkKey, checkKind, checkMade, checkOptions, type Key, quote } from "../core/index.js";
import { checkBody, type SwimmerBody } from "./body.js";
import type { Controller } from "./circuit.js";
import type { Swimmer, SwimmerStart } from "./simulation.js";

/** The forward speed of the head, in m/s, at which a step earns the full reward of 1. */
const FULL_SPEED = 0.1;

/** Steps of control in an episode: 30 seconds. */
const EPISODE = 1000;

/**
 * The reward of a step of control, from 0 to 1, by the forward speed of the head after it.
 *
 * @example [swimReward(0), swimReward(0.1)] // [0, 1]
 */
export const swimReward = (speed: number): number => Math.min(1, Math.max(0, speed / FULL_SPEED));

/**
 * A random start at rest: the heading evenly from all directions, then each joint evenly within its limit (within a whole
 * turn if it has none).
 *
 * @example
 * const body = swimmerBody();
 * Object.keys(swimmerStart(body, Key.of(0))); // ["position"]
 */
export function swimmerStart(body: SwimmerBody, key: Key): SwimmerStart {
  checkBody("swimmerStart", body);
  checkKey("swimmerStart", key, "the last argument");
  const { joints, limit } = body;
  const most = Math.min(limit, Math.PI);
  const draw = (index: number, bound: number): number => bound * (2 * key.uniform(index) - 1);
  return { position: [0, 0, draw(0, Math.PI), ...Array.from({ length: joints }, (_, i) => draw(1 + i, most))] };
}

/** How an episode is run. */
export interface SwimOptions {
  /** Steps of control; 1000 by default, which are 30 seconds. */
  readonly steps?: number;
  /** Called after each step of control. */
  readonly watch?: (swimmer: Swimmer, step: number) => void;
}

/** What came of an episode. */
export interface Swim {
  /** The sum of the rewards: the return. */
  readonly total: number;
  /** How fast the head moved forward after each step of control, in m/s. */
  readonly speeds: Float64Array;
}

/**
 * Lets a swimmer swim.
 *
 * @throws RangeError for a number of steps that is no whole number of at least 1.
 * @example
 * const [body, paddles] = [swimmerBody(), circuit()];
 * const swimmer = simulate(body, swimmerStart(body, Key.of(0)));
 * swim(swimmer, paddles.controller(paddles.constant()), { steps: 100 }).speeds.length; // 100
 */
export function swim(swimmer: Swimmer, controller: Controller, options: SwimOptions = {}): Swim {
  checkMade("swim", "the swimmer", swimmer, ["step", "speed"], "Make one with simulate().");
  checkKind("swim", "the controller", controller, "a function");
  checkOptions("swim", options, ["steps", "watch"]);
  const { steps = EPISODE, watch } = options;
  if (!Number.isSafeInteger(steps) || steps < 1 || steps > 1e8) {
    throw new RangeError(`[swim] \`steps\` is ${quote(steps)}: give a whole number from 1 to 100000000.`);
  }
  const speeds = new Float64Array(steps);
  let total = 0;
  for (let step = 0; step < steps; step++) {
    swimmer.step(controller(swimmer, step));
    speeds[step] = swimmer.speed();
    total += swimReward(speeds[step]);
    watch?.(swimmer, step);
  }
  return { total, speeds };
}
