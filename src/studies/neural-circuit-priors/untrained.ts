// What the circuit does before it has learned anything: on several bodies, with other periods and strengths, and beside
// random torques. And what must hold by its construction.
import {
  type CircuitParams,
  type Connection,
  circuit,
  differentiableSwimmer,
  type SwimmerBody,
  simulate,
  swimmerBody,
  swimmerStart,
} from "../../control/index.js";
import { Key, scope, type Tensor } from "../../core/index.js";
import "../../float64/index.js";
import type { Params } from "../../nn/index.js";
import { full, tensor } from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { BODY, type Policy, type PolicyName, policies, policyNames, returnFrom } from "./policies.js";

/** How long episodes are. */
export interface UntrainedConfig {
  /** Steps of control in an episode. */
  readonly steps: number;
}

/** Links of the bodies, periods of the oscillator, and strengths that are changed, by the names that tables have. */
export const LINKS = [4, 6, 8, 10, 12] as const;
export const PERIODS = [30, 40, 50, 60, 80, 100, 120] as const;
export const ABLATIONS: Readonly<Record<string, Partial<Record<Connection, number>>>> = {
  "prop = 0": { prop: 0 },
  "osc = 0": { osc: 0 },
  "contra = 0": { contra: 0 },
  "all halved": { prop: 0.5, osc: 0.5, ipsi: 0.5, contra: -0.5 },
  "prop = ipsi = 1.2": { prop: 1.2, ipsi: 1.2 },
  "prop = 2": { prop: 2 },
};

/** Returns of one start. */
export interface UntrainedRow {
  readonly links: readonly number[];
  readonly periods: readonly number[];
  readonly ablations: readonly number[];
  /** Of policies with their first parameters, of random torques, and of none. */
  readonly first: Readonly<Record<PolicyName, number>>;
  readonly random: number;
  readonly still: number;
  /** Connections that have lost their sign, and torques that are beyond 1, of many random parameters. */
  readonly lost: number;
  readonly beyond: number;
  /** How far the differentiable swimmer is off the plain one after a few steps. */
  readonly off: number;
}

/** The circuit's constant strengths, some of them changed. */
function strengths(joints: number, changed: Partial<Record<Connection, number>>, period?: number) {
  const made = circuit({ joints, ...(period !== undefined && { period }) });
  const own = Object.entries(changed).map(([name, value]) => [name, full([1, 1], value)]);
  return made.controller({ ...made.constant(), ...Object.fromEntries(own) });
}

/** Measures all of this from the start of one seed. */
export async function untrained(
  { config: { steps }, seed }: Cell<UntrainedConfig>,
  context: Context,
): Promise<UntrainedRow> {
  const key = Key.of(seed);
  const [startKey, drawKey, torqueKey, lawKey] = key.split(4);
  const from = (controller: Parameters<typeof returnFrom>[0], body: SwimmerBody = BODY): number =>
    returnFrom(controller, startKey, steps, body);
  const links = LINKS.map((count) => from(strengths(count - 1, {}), swimmerBody({ links: count })));
  context.progress(0.4);
  const periods = PERIODS.map((period) => from(strengths(BODY.joints, {}, period)));
  context.progress(0.6);
  const ablations = Object.values(ABLATIONS).map((changed) => from(strengths(BODY.joints, changed)));
  context.progress(0.8);
  const first = policyNames.map((name) => {
    const { init, controller } = policies[name] as Policy<Params>;
    return [name, from(controller(init(drawKey)))] as const;
  });
  const random = from((_, step) =>
    Array.from({ length: BODY.joints }, (_, i) => 2 * torqueKey.fold(step).uniform(i) - 1),
  );
  return {
    ...{ links, periods, ablations, random },
    first: Object.fromEntries(first) as UntrainedRow["first"],
    still: from(() => new Float64Array(BODY.joints)),
    ...lawsOf(lawKey),
    off: offOf(lawKey),
  };
}

/** How many random parameters the laws are tried with. */
const DRAWS = 200;

function lawsOf(key: Key): Pick<UntrainedRow, "lost" | "beyond"> {
  let [lost, beyond] = [0, 0];
  const made = circuit({ shared: false });
  const bent = simulate(BODY, swimmerStart(BODY, key));
  scope(() => {
    for (let draw = 0; draw < DRAWS; draw++) {
      const own = key.fold(draw);
      const raw = Object.fromEntries(
        Object.entries(made.constant()).map(([name, { shape, size }]: [string, Tensor], i) => [
          name,
          tensor(
            Float64Array.from({ length: size }, (_, at) => 6 * own.fold(i).uniform(at) - 3),
            { shape },
          ),
        ]),
      ) as unknown as CircuitParams;
      for (const [name, used] of Object.entries(made.effective(raw))) {
        const sign = name === "contra" ? -1 : 1;
        lost += Array.from(used.data()).filter((strength) => strength * sign < 0).length;
      }
      const torques = Array.from(made.controller(raw)(bent, draw));
      beyond += torques.filter((torque) => !(Math.abs(torque) <= 1)).length;
    }
  });
  return { lost, beyond };
}

function offOf(key: Key): number {
  const start = swimmerStart(BODY, key);
  const [plain, other] = [simulate(BODY, start), differentiableSwimmer(BODY)];
  return scope(() => {
    let state = other.state(start);
    for (let step = 0; step < 5; step++) {
      const torques = Array.from({ length: BODY.joints }, (_, i) => 2 * key.fold(step).uniform(i) - 1);
      plain.step(torques);
      state = other.step(state, tensor(torques, { dtype: "float64" }));
    }
    const found = state.position.data();
    return Math.max(...plain.position().map((each, i) => Math.abs(each - found[i])));
  });
}
