// What the threads of the bench `control` compute: the return of a member of an evolution strategy.
import { circuit, simulate, swim, swimmerBody, swimmerStart } from "../../src/control/index.js";
import { Key } from "../../src/index.js";
import { evolution } from "../../src/optim/index.js";
import type { CellKind } from "../../src/runs/index.js";

/** The strategy of the bench: 16 members. */
export const strategy = evolution({ sigma: 0.02, pairs: 8 });

/** Which member of which generation. */
export interface RolloutConfig {
  readonly member: number;
}

const rollout: CellKind<RolloutConfig, number> = {
  name: "rollout",
  run({ config: { member }, seed }) {
    const [body, made, key] = [swimmerBody(), circuit(), Key.of(seed)];
    const params = strategy.member(made.constant(), key, member);
    return swim(simulate(body, swimmerStart(body, key)), made.controller(params)).total;
  },
};

export const kinds = [rollout];
