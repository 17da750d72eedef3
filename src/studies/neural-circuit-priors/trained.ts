// Policies that learn to swim by an evolution strategy, as the authors' code has it.
import { swimmerBody } from "../../control/index.js";
import { advance, Key } from "../../core/index.js";
import type { Params } from "../../nn/index.js";
import { adamW, clipByValue, evolution } from "../../optim/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import { mean } from "../statistics.js";
import { countOf, meanReturn, type Policy, type PolicyName, policies, returnFrom } from "./policies.js";
import { LINKS } from "./untrained.js";

/** What learns, and for how long. */
export interface TrainedConfig {
  readonly policy: PolicyName;
  /** Steps of control in an episode. */
  readonly steps: number;
  /** Updates, and pairs of rollouts for each. */
  readonly generations: number;
  readonly pairs: number;
}

/** What came of it. */
export interface TrainedRow {
  /** How many numbers were learned. */
  readonly parameters: number;
  /** Mean returns of five starts before and after. */
  readonly before: number;
  readonly after: number;
  /** The mean return of the members of each generation. */
  readonly curve: readonly number[];
  /** The return after learning on bodies of other lengths, which a circuit with shared strengths can have. */
  readonly transfer?: readonly number[];
}

/** The authors' settings: noise, step size, decay, and the bound of each gradient. */
const [SIGMA, RATE, DECAY, BOUND] = [0.02, 0.01, 0.005, 1];

/** Trains one policy. */
export const train = (cell: Cell<TrainedConfig>, context: Context): Promise<TrainedRow> =>
  // Each policy only meets its own parameters, whatever their form.
  trainPolicy(policies[cell.config.policy] as Policy<Params>, cell, context);

async function trainPolicy(
  policy: Policy<Params>,
  { config: { steps, generations, pairs }, seed }: Cell<TrainedConfig>,
  context: Context,
): Promise<TrainedRow> {
  const [initKey, testKey, learnKey] = Key.of(seed).split(3);
  const strategy = evolution({ sigma: SIGMA, pairs });
  const optimizer = adamW({ lr: RATE, weightDecay: DECAY });
  const first = policy.init(initKey);
  let now = { params: first, state: optimizer.init(first) };
  const score = (): number => meanReturn(policy.controller(now.params), testKey, steps);
  const before = score();
  const curve: number[] = [];
  for (let generation = 0; generation < generations; generation++) {
    const key = learnKey.fold(generation);
    now = advance(now, ({ params, state }) => {
      // Both members of a pair swim from the same start.
      const returns = Array.from({ length: strategy.members }, (_, i) =>
        returnFrom(policy.controller(strategy.member(params, key, i)), key.fold(1000 + (i >> 1)), steps),
      );
      curve.push(mean(returns));
      const grads = strategy.gradient(
        params,
        key,
        returns.map((each) => -each),
      );
      return optimizer.step(params, clipByValue(grads, BOUND), state);
    });
    context.progress((generation + 1) / generations);
    await yieldToEvents();
    if (context.signal.aborted) throw new Stopped();
  }
  const { on } = policy;
  return {
    ...{ parameters: countOf(first), before, after: score(), curve },
    ...(on && {
      transfer: LINKS.map((links) => {
        const body = swimmerBody({ links });
        return meanReturn(on(now.params, body), testKey, steps, body);
      }),
    }),
  };
}
