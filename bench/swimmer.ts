// The swimmer's table in one run: returns of the untrained circuit by links, by period and with other strengths, ours and
// MuJoCo's WebAssembly build from the same starts, beside those of the program that drew these starts and drove MuJoCo from
// Python (test/control/starts.py).
import { readFileSync } from "node:fs";
import { type CircuitParams, circuit, simulate, swim, swimmerBody } from "../src/control/index.js";
import { tensor } from "../src/index.js";
import { published } from "../src/studies/neural-circuit-priors/reference.js";
import { ABLATIONS, LINKS, PERIODS } from "../src/studies/neural-circuit-priors/untrained.js";
import { type Engine, mujoco } from "../test/control/mujoco.js";
import { type Bench, figure } from "./harness.js";

const starts: Readonly<Record<string, readonly (readonly number[])[]>> = JSON.parse(
  readFileSync("test/control/starts.json", "utf8"),
);

/** What is changed of the untrained circuit on six links. */
interface Changes {
  readonly links?: number;
  readonly period?: number;
  readonly strengths?: Partial<Record<keyof CircuitParams, number>>;
}

/** The mean returns from the first so many starts: MuJoCo's and ours. */
function returns(engine: Engine, count: number, { links = 6, period = 60, strengths = {} }: Changes): number[] {
  const body = swimmerBody({ links });
  const made = circuit({ joints: body.joints, period });
  const changed = Object.entries(strengths).map(([name, value]) => [name, tensor([[value]])]);
  const params: CircuitParams = { ...made.constant(), ...Object.fromEntries(changed) };
  return [engine, simulate].map((open) => {
    const totals = starts[links]
      .slice(0, count)
      .map((position) => swim(open(body, { position }), made.controller(params)).total);
    return totals.reduce((sum, each) => sum + each / count, 0);
  });
}

export const swimmerBench: Bench = async function* () {
  const engine = await mujoco();
  const row = (work: string, name: string, of: number, count: number, changes: Changes) => {
    const [theirs, ours] = returns(engine, count, changes);
    return { bench: "swimmer", work, changed: name, published: of, engine: figure(theirs), ours: figure(ours) };
  };
  for (const links of LINKS) yield row("links, five starts", String(links), published.links[links], 5, { links });
  for (const period of PERIODS)
    yield row("period, one start", String(period), published.periods[period], 1, { period });
  for (const [name, strengths] of Object.entries(ABLATIONS)) {
    const of = published.ablations[name as keyof typeof published.ablations];
    yield row("strengths, three starts", name, of, 3, { strengths });
  }
};
