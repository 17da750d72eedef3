// Held to MuJoCo itself: the same body, the same start, the same controls.
import { describe, expect, it } from "vitest";
import {
  type BodyOptions,
  type Controller,
  circuit,
  type Swimmer,
  type SwimmerBody,
  simulate,
  swim,
  swimmerBody,
  swimmerStart,
} from "../../src/control/index.js";
import { Key, tensor } from "../../src/index.js";
import { returnsOfEngine } from "../../src/studies/neural-circuit-priors/reference.js";
import { ABLATIONS } from "../../src/studies/neural-circuit-priors/untrained.js";
import { mujoco } from "./mujoco.js";

const engine = await mujoco();

const largest = (a: Float64Array, b: Float64Array): number => Math.max(...a.map((each, i) => Math.abs(each - b[i])));

/** Positions after each of so many steps of control. */
function positions(swimmer: Swimmer, controller: Controller, steps: number): Float64Array[] {
  const all: Float64Array[] = [];
  swim(swimmer, controller, { steps, watch: () => all.push(swimmer.position()) });
  return all;
}

const swimming = (joints: number): Controller => {
  const made = circuit({ joints });
  return made.controller(made.constant());
};

describe.each([3, 4, 6, 10])("a swimmer of %i links under its circuit", (links) => {
  const body = swimmerBody({ links });
  it.each([0, 1])(
    "has MuJoCo's positions for 100 steps of control, and its return over an episode (start %i)",
    (seed) => {
      const start = swimmerStart(body, Key.of(seed));
      const [ours, theirs] = [simulate(body, start), engine(body, start)].map((swimmer) =>
        positions(swimmer, swimming(links - 1), 100),
      );
      for (let step = 0; step < 100; step++)
        expect(largest(ours[step], theirs[step]), `step ${step}`).toBeLessThan(1e-5);
      const returns = [simulate(body, start), engine(body, start)].map(
        (swimmer) => swim(swimmer, swimming(links - 1)).total,
      );
      expect(Math.abs(returns[0] - returns[1])).toBeLessThan(0.5);
      if (links >= 6) expect(returns[0]).toBeGreaterThan(600);
    },
  );
});

describe("gives the returns that the study states", () => {
  const returned = (seed: number, body: SwimmerBody, controller: Controller): number =>
    swim(engine(body, swimmerStart(body, Key.of(seed).fold(0))), controller).total;
  const changed = (strengths: object, period?: number): Controller => {
    const made = circuit(period === undefined ? {} : { period });
    const own = Object.entries(strengths).map(([name, value]) => [name, tensor([[value]])]);
    return made.controller({ ...made.constant(), ...Object.fromEntries(own) });
  };
  it.each([4, 8])("for %i links", (links) => {
    const body = swimmerBody({ links });
    for (const seed of [0, 3]) {
      const found = returned(seed, body, swimming(links - 1));
      expect(Math.abs(found - returnsOfEngine.links[links][seed])).toBeLessThan(0.06);
    }
  });
  it.each(Object.entries(returnsOfEngine.periods))("for a period of %s", (period, stated) => {
    const found = returned(1, swimmerBody(), changed({}, Number(period)));
    expect(Math.abs(found - stated[1])).toBeLessThan(0.06);
  });
  it.each(Object.entries(ABLATIONS))("for %s", (name, strengths) => {
    const found = returned(2, swimmerBody(), changed(strengths));
    expect(Math.abs(found - returnsOfEngine.ablations[name][2])).toBeLessThan(0.06);
  });
});

const bodies: Readonly<Record<string, BodyOptions>> = {
  "without stops": { limit: Number.POSITIVE_INFINITY },
  "with narrow stops": { limit: 0.3 },
  "without drag": { density: 0 },
  "of thick links": { width: 0.03, length: 0.07, mass: 0.04 },
  "with heavy motors": { armature: 1e-5, gear: 2e-3 },
  "of two links": { links: 2 },
  "with a long step": { timestep: 0.03, substeps: 1, density: 300 },
};

describe("another body or other torques give MuJoCo's positions too:", () => {
  it.each(Object.entries(bodies))("a body %s under random torques, from a start that moves", (_, options) => {
    const body = swimmerBody({ links: 5, ...options });
    const key = Key.of(7);
    const velocity = Array.from({ length: body.links + 2 }, (_, i) => 2 * key.uniform(i) - 1);
    const start = { position: swimmerStart(body, key.fold(0)).position, velocity };
    // Beyond 1 a motor gives no more.
    const torques: Controller = (_, step) =>
      Array.from({ length: body.joints }, (_, joint) => 3 * key.fold(1 + step).uniform(joint) - 1.5);
    const [ours, theirs] = [simulate(body, start), engine(body, start)].map((swimmer) =>
      positions(swimmer, torques, 20),
    );
    for (let step = 0; step < 20; step++) expect(largest(ours[step], theirs[step]), `step ${step}`).toBeLessThan(1e-5);
  });
});
