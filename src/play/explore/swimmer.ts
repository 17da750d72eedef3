// The swimmer of the study of neural circuit priors under the swimming circuit, with what its brain asks of it.
import { circuit, simulate, swimmerBody, swimmerStart, swimReward } from "../../control/index.js";
import { Key, treeLeaves } from "../../core/index.js";
import type { Settings } from "./controls.js";
import type { Run } from "./run.js";

/** What is seen of the swimmer. Lengths are in metres. */
export interface SwimmerFrame {
  /** Where its nose, its joints and the end of its tail are: x and y of each. */
  readonly outline: Float64Array;
  /** Where its nose was, before the first step and after each: x and y. */
  readonly path: Float64Array;
  /** How fast the head moves forward, in metres a second. */
  readonly speed: number;
  /** The sum of rewards. */
  readonly total: number;
  /** The time since the start, in seconds. */
  readonly time: number;
}

/** Begins it, where the study's film begins. */
export function beginSwimmer({ links, period, speed, turn }: Settings<"swimmer">): Run<SwimmerFrame> {
  const body = swimmerBody({ links });
  const made = circuit({ joints: body.joints, period });
  const params = made.constant();
  const controller = made.controller(params, { speed, turn });
  const swimmer = simulate(body, swimmerStart(body, Key.of(0).fold(0)));
  const path = [...swimmer.outline().subarray(0, 2)];
  let [steps, total] = [0, 0];
  return {
    step() {
      swimmer.step(controller(swimmer, steps++));
      total += swimReward(swimmer.speed());
      path.push(...swimmer.outline().subarray(0, 2));
    },
    frame: () => ({
      ...{ outline: swimmer.outline(), path: Float64Array.from(path), speed: swimmer.speed(), total },
      time: steps * body.timestep * body.substeps,
    }),
    state: () => [swimmer.position(), swimmer.velocity()],
    end() {
      for (const each of treeLeaves(params)) each.dispose();
    },
  };
}
