// The explorables are the package: step by step they come to what its functions give in one call, to the bit.
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { circuit, simulate, swim, swimmerBody, swimmerStart } from "../../src/control/index.js";
import { InputError, Key, leavesOf, scope } from "../../src/core/index.js";
import { equilibriumPropagation, unrolledGradient } from "../../src/credit/index.js";
import { tensor } from "../../src/ops/index.js";
import { beginPlace, exploreActs } from "../../src/play/explore/acts.js";
import { addressOfPlace, checkedPlace, placeIn } from "../../src/play/explore/address.js";
import {
  type Control,
  type ExplorableName,
  explorables,
  NUDGED,
  type Place,
  stepsOf,
  usualPlace,
} from "../../src/play/explore/controls.js";
import { beginEquilibrium, networkOf } from "../../src/play/explore/equilibrium.js";
import { beginGrid } from "../../src/play/explore/grid.js";
import type { Run } from "../../src/play/explore/run.js";
import { beginSwimmer } from "../../src/play/explore/swimmer.js";
import { cellGrid, runNeurons } from "../../src/spiking/index.js";

const names = Object.keys(explorables) as ExplorableName[];

let running: Run<unknown> | undefined;
afterEach(() => {
  running?.end();
  running = undefined;
});

/** Takes so many steps. */
function atStep<F>(run: Run<F>, steps: number): F {
  running = run;
  for (let step = 0; step < steps; step++) run.step();
  return run.frame();
}

/** Any choice that an explorable offers, at any of its first moments. */
const placeOf = (name: ExplorableName, most = 60): fc.Arbitrary<Place> => {
  const controls: Readonly<Record<string, Control>> = explorables[name].controls;
  const settings = Object.entries(controls).map(([key, control]) => [
    key,
    control.kind === "choice"
      ? fc.constantFrom(...Object.keys(control.options))
      : fc
          .nat(Math.round((control.most - control.least) / control.step))
          .map((steps) => Number((control.least + steps * control.step).toFixed(9))),
  ]);
  return fc.record({
    name: fc.constant(name),
    settings: fc.record(Object.fromEntries(settings)),
    at: fc.nat(most),
  }) as unknown as fc.Arbitrary<Place>;
};
const anywhere = fc.constantFrom(...names).chain((name) => placeOf(name));

describe("the grid", () => {
  it("spikes as `runNeurons` has it, and its wave has reached what has spiked", () => {
    const steps = 80;
    const { counts, reached } = atStep(beginGrid(usualPlace("grid").settings as never), steps);
    const grid = cellGrid(41, 41, { weight: 5, tauSynapse: 5 });
    const outside = new Float32Array(steps * grid.units);
    for (let t = 0; t < 10; t++) outside[t * grid.units + (grid.units - 1) / 2] = 30;
    const spikes = scope(() =>
      runNeurons(grid, grid.init(), tensor(outside, { shape: [1, steps, grid.units] })).spikes.data(),
    );
    const expected = Array.from({ length: steps }, (_, t) =>
      Array.from(spikes.subarray(t * grid.units, (t + 1) * grid.units)).reduce((sum, each) => sum + Number(each), 0),
    );
    expect([...counts]).toEqual(expected);
    const ever = Array.from({ length: grid.units }, (_, cell) =>
      expected.some((_count, t) => Number(spikes[t * grid.units + cell]) === 1),
    );
    expect(reached).toBe(ever.filter(Boolean).length);
    expect(reached).toBeGreaterThan(100);
  });
});

describe("the network that settles", () => {
  it.each([0.02, 0.5])(
    "ends with the credit of `equilibriumPropagation` at a nudge of %d, beside the gradient",
    (beta) => {
      const settings = { beta, epsilon: 0.1, free: 150, seed: 3 };
      const { found, energies } = atStep(beginEquilibrium(settings), 150 + NUDGED);
      scope(() => {
        const { model, params, x, target } = networkOf(settings);
        const phases = { free: 150, nudged: NUDGED };
        const flat = (tree: typeof params): number[] =>
          leavesOf("test", tree).flatMap(({ tensor }) => Array.from(tensor.data() as Float32Array));
        expect([...found!.credit]).toEqual(
          flat(equilibriumPropagation(model, params, x, target, { ...phases, beta }).credit),
        );
        expect([...found!.gradient]).toEqual(flat(unrolledGradient(model, params, x, target, phases).credit));
      });
      // Until the nudge, the energy only falls, but for the rounding of float32.
      const rises = Array.from(energies.subarray(1, 151), (energy, i) => energy - energies[i]);
      expect(Math.max(...rises)).toBeLessThan(1e-4);
    },
  );

  it("is nearer to the gradient with a weaker nudge", () => {
    const errorOf = (beta: number): number => {
      const run = beginEquilibrium({ beta, epsilon: 0.1, free: 200, seed: 1 });
      const { found } = atStep(run, 200 + NUDGED);
      run.end();
      running = undefined;
      return found!.relativeError;
    };
    const errors = [1, 0.3, 0.1, 0.03].map(errorOf);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
  });
});

describe("the swimmer", () => {
  it("swims as `swim` has it", () => {
    const settings = { links: 8, period: 50, speed: 0.8, turn: -0.25 };
    const { total, outline, path } = atStep(beginSwimmer(settings), 90);
    const body = swimmerBody({ links: 8 });
    const made = circuit({ joints: 7, period: 50 });
    const swimmer = simulate(body, swimmerStart(body, Key.of(0).fold(0)));
    const controller = scope(() => made.controller(made.constant(), { speed: 0.8, turn: -0.25 }));
    expect(total).toBe(swim(swimmer, controller, { steps: 90 }).total);
    expect([...outline]).toEqual([...swimmer.outline()]);
    expect([...path.slice(-2)]).toEqual([...outline.slice(0, 2)]);
    expect(path.length).toBe(2 * 91);
  });
});

describe("a moment", () => {
  it("has the same numbers however it was come to", async () => {
    const property = fc.asyncProperty(
      anywhere.chain((place) => fc.tuple(fc.constant(place), fc.array(placeOf(place.name, 30), { maxLength: 3 }))),
      async ([place, before]) => {
        exploreActs.go(place);
        const direct = await exploreActs.hash();
        for (const other of before) exploreActs.go(other);
        exploreActs.go({ ...place, at: Math.floor(place.at / 2) });
        exploreActs.go(place);
        expect(await exploreActs.hash()).toBe(direct);
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });

  it("comes back from its address", () => {
    fc.assert(
      fc.property(anywhere, (place) => {
        expect(placeIn(addressOfPlace(place))).toEqual(place);
      }),
    );
  });

  it("of any text is refused in a sentence, or can run", () => {
    const good = addressOfPlace({ ...usualPlace("swimmer"), at: 12 });
    const damaged = fc
      .tuple(fc.nat(good.length), fc.nat(9), fc.string({ unit: "binary", maxLength: 9 }))
      .map(([at, cut, put]) => good.slice(0, at) + put + good.slice(at + cut));
    const key = fc.constantFrom("weight", "at", "free", "beta", "links", "turn", "__proto__", "edges", "constructor");
    const pairs = fc
      .tuple(fc.constantFrom(...names, "toString"), fc.array(fc.tuple(key, fc.string()), { maxLength: 5 }))
      .map(([name, list]) => `explore=${name}&${new URLSearchParams(list)}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), damaged, pairs), (text) => {
        try {
          const place = placeIn(text);
          expect(checkedPlace(place).at).toBeLessThanOrEqual(stepsOf(place));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toMatch(/^\[explore\] .*\.$/s);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["", /nothing called "" to explore. There are grid, equilibrium, swimmer/],
    ["explore=__proto__", /nothing called "__proto__"/],
    ["explore=grid&explore=grid", /has "explore" where it should not/],
    ["explore=grid&weight=41", /weight is 41. Give a number from 0 to 40 in steps of 0.5/],
    ["explore=grid&weight=0.3", /weight is 0.3/],
    ["explore=grid&weight=1e1", /"1e1" as weight; it takes a number/],
    ["explore=grid&edges=<b>", /edges is "<b>". Use zero or torus/],
    ["explore=grid&edges=toString", /edges is "toString"/],
    ["explore=grid&links=6", /has "links" where it should not/],
    ["explore=equilibrium&at=381", /the moment is 381. Give a whole number of steps from 0 to 380/],
    ["explore=equilibrium&free=100&at=200", /from 0 to 180/],
    ["explore=swimmer&at=-1", /the moment is NaN/],
    [`explore=grid&weight=${"1".repeat(1000)}`, /1020 letters/],
  ])("is refused in a sentence: %s", (text, sentence) => {
    expect(() => placeIn(text)).toThrow(sentence);
    expect(() => placeIn(text)).toThrow(InputError);
  });

  it.each(names)("of %s at its last step is a frame of plain data", (name) => {
    const place = usualPlace(name);
    const frame = atStep(beginPlace(place), stepsOf(place));
    expect(structuredClone(frame)).toEqual(frame);
  });
});
