// What the original cannot do: a circuit learns by the gradient through the physics, beside the evolution strategy with as many
// simulated steps of control.
import { grad } from "../../autodiff/index.js";
import {
  type CircuitParams,
  circuit,
  differentiableSwimmer,
  simulate,
  swim,
  swimmerStart,
} from "../../control/index.js";
import { advance, Key, type Tensor } from "../../core/index.js";
import { float64 } from "../../float64/index.js";
import { add, div, neg, tensor } from "../../ops/index.js";
import { adam, evolution } from "../../optim/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import { mean } from "../statistics.js";
import { BODY, meanReturn } from "./policies.js";

/** For how long both learn. */
export interface GradientConfig {
  /** Steps of control in an episode that a policy is tested with. */
  readonly steps: number;
  /** Updates by the gradient: one for each window of steps. */
  readonly windows: number;
}

/** What came of it. */
export interface GradientRow {
  /** Mean returns of five starts: with the first strengths, and after each way to learn. */
  readonly before: number;
  readonly gradient: number;
  readonly evolution: number;
  /** Steps of control that each has simulated, and updates that these gave the evolution strategy. */
  readonly simulated: number;
  readonly generations: number;
}

/** Steps of control in a window, pairs of the strategy, its noise, and the step size of both. */
const [WINDOW, PAIRS, SIGMA, RATE] = [50, 8, 0.02, 0.01];

/** Learns both ways from the same first strengths. Both make the mean forward speed of windows from random starts large. */
export async function compareLearning(
  { config: { steps, windows }, seed }: Cell<GradientConfig>,
  context: Context,
): Promise<GradientRow> {
  const [initKey, testKey, learnKey] = Key.of(seed).split(3);
  const made = circuit({ joints: BODY.joints });
  const swimmer = differentiableSwimmer(BODY);
  const optimizer = adam({ lr: RATE });
  const first = made.random(initKey, "float64");
  const begin = () => ({ params: first, state: optimizer.init(first) });
  const score = (params: CircuitParams): number => meanReturn(made.controller(params), testKey, steps);
  const pause = async (done: number): Promise<void> => {
    context.progress(done);
    await yieldToEvents();
    if (context.signal.aborted) throw new Stopped();
  };

  const slower = (params: CircuitParams, key: Key): Tensor => {
    let state = swimmer.state(swimmerStart(BODY, key));
    let distance = tensor(0, float64);
    for (let step = 0; step < WINDOW; step++) {
      state = swimmer.step(state, made.torques(params, swimmer.joints(state), step));
      distance = add(distance, swimmer.speed(state));
    }
    return neg(div(distance, WINDOW));
  };
  let byGradient = begin();
  for (let window = 0; window < windows; window++) {
    const key = learnKey.fold(window);
    byGradient = advance(byGradient, ({ params, state }) => {
      const slope = grad((p: CircuitParams) => slower(p, key))(params);
      return optimizer.step(params, slope, state);
    });
    await pause((0.9 * (window + 1)) / windows);
  }

  const strategy = evolution({ sigma: SIGMA, pairs: PAIRS });
  const generations = Math.max(1, Math.floor(windows / strategy.members));
  let byEvolution = begin();
  for (let generation = 0; generation < generations; generation++) {
    const key = learnKey.fold(1_000_000 + generation);
    byEvolution = advance(byEvolution, ({ params, state }) => {
      const losses = Array.from({ length: strategy.members }, (_, i) => {
        const controller = made.controller(strategy.member(params, key, i));
        return -mean(
          swim(simulate(BODY, swimmerStart(BODY, key.fold(1000 + (i >> 1)))), controller, { steps: WINDOW }).speeds,
        );
      });
      return optimizer.step(params, strategy.gradient(params, key, losses), state);
    });
    await pause(0.9 + (0.1 * (generation + 1)) / generations);
  }
  return {
    before: score(first),
    gradient: score(byGradient.params),
    evolution: score(byEvolution.params),
    ...{ simulated: WINDOW * windows, generations },
  };
}
