// docs/scale.md: its tables and figures follow from the measured numbers beside it, and the simulation keeps to what must
// hold for volunteers of any kind.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MEASURED, PAGE, scaleFiles } from "../../bench/scale/document.js";
import { EventQueue } from "../../bench/scale/events.js";
import { type Policy, simulate, typicalSeconds, type World } from "../../bench/scale/simulate.js";
import { Key } from "../../src/index.js";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const world: World = {
  volunteers: 40,
  machines: [
    [0.5, 1],
    [0.5, 3],
  ],
  episodeSeconds: [0.1, 0.2, 0.4],
  ...{ travelSeconds: 0.1, leaves: 0.05, liars: 0.2, lies: 0.5 },
};
const policy: Policy = { check: 0.2, probation: 0, twice: false, patience: 3 };
const SIZE = { steps: 10, batch: 16 };

describe("the page", () => {
  it("has the tables and figures that follow from the measured numbers", () => {
    const files = scaleFiles(JSON.parse(read(MEASURED)), read(PAGE));
    for (const [path, text] of Object.entries(files)) expect(read(path), path).toBe(text);
  });

  it("states what a name on probation can get counted as the formula gives it", () => {
    const [p, m] = [0.1, 200];
    expect(Math.round((100 * (1 - p)) / (p * m + 1 - p))).toBe(4);
    expect((1 - p) / p).toBeCloseTo(9, 12);
    expect(read(PAGE)).toContain("with *p* = 0.1 and *m* = 200 is 4 %");
  });
});

describe("the simulation", () => {
  it("counts every episode of every step once, whatever the policy, and accuses nobody honest", () => {
    const policies = fc.record({
      ...{ check: fc.constantFrom(0, 0.1, 1), probation: fc.nat(5), twice: fc.boolean() },
      patience: fc.constantFrom(1.1, 3, 20),
    });
    fc.assert(
      fc.property(fc.nat(1000), policies, fc.constantFrom(0, 0.1, 0.3), (seed, given, liars) => {
        const outcome = simulate(Key.of(seed), { ...world, liars }, given, SIZE);
        expect(outcome.counted).toBe(SIZE.steps * SIZE.batch);
        expect(outcome.given).toBeGreaterThanOrEqual(outcome.counted);
        expect(outcome.accused).toBe(0);
        expect(outcome.found).toBeLessThanOrEqual(outcome.liars);
        expect(outcome.stepSeconds.every((seconds) => seconds > 0)).toBe(true);
        if (liars === 0 || given.check === 1) expect(outcome.wrong).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("is the same for the same key, and another for another", () => {
    const run = (seed: number) => simulate(Key.of(seed), world, policy, SIZE);
    expect(run(1)).toEqual(run(1));
    expect(run(1).stepSeconds).not.toEqual(run(2).stepSeconds);
  });

  it("takes as long as the slowest volunteer of a step where all take part, none leaves and nobody is copied", () => {
    const calm: World = { ...world, volunteers: 16, machines: [[1, 2]], episodeSeconds: [0.5], leaves: 0, liars: 0 };
    const { stepSeconds, given } = simulate(Key.of(4), calm, { ...policy, patience: 0, check: 0 }, SIZE);
    for (const seconds of stepSeconds) expect(seconds).toBeCloseTo(2 * 0.5 + 0.1, 9);
    expect(given).toBe(SIZE.steps * SIZE.batch);
    expect(typicalSeconds(calm)).toBeCloseTo(1.1, 12);
  });

  it("finds liars after (1 - p) / p wrong results on average, however seldom they lie", () => {
    const many: World = { ...world, volunteers: 300, liars: 0.5, leaves: 0 };
    for (const [check, lies] of [
      [0.25, 1],
      [0.5, 1],
      [0.5, 0.3],
    ]) {
      const outcome = simulate(
        Key.of(5),
        { ...many, lies },
        { ...policy, check, patience: 0 },
        { steps: 150, batch: 100 },
      );
      const { wrongBefore } = outcome;
      expect(wrongBefore.length).toBeGreaterThan(0.9 * outcome.liars);
      const mean = wrongBefore.reduce((sum, each) => sum + each, 0) / wrongBefore.length;
      // The number before the first check is geometric: its standard deviation is sqrt(1 - p) / p.
      const error = Math.sqrt(1 - check) / check / Math.sqrt(wrongBefore.length);
      expect(Math.abs(mean - (1 - check) / check)).toBeLessThan(4 * error);
    }
  });

  it("lets only pairs of liars through where two results have to be equal", () => {
    const share = 0.3;
    const crowd: World = { ...world, volunteers: 400, liars: share, lies: 1, leaves: 0 };
    const one = simulate(
      Key.of(6),
      crowd,
      { check: 0, probation: 0, twice: true, patience: 0 },
      { steps: 1, batch: 190 },
    );
    // In the first step nobody has been found yet.
    const error = Math.sqrt((share ** 2 * (1 - share ** 2)) / 190);
    expect(Math.abs(one.wrong / one.counted - share ** 2)).toBeLessThan(4 * error);
  });
});

describe("events", () => {
  it("come in the order of their times, and of their addition where times are equal", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (times) => {
        const queue = new EventQueue<number>();
        times.forEach((at, i) => void queue.add(at, i));
        const wanted = times.map((at, i) => [at, i]).sort(([a, i], [b, j]) => a - b || i - j);
        const got = times.map(() => queue.next()).map((next) => [next?.at, next?.event]);
        expect(got).toEqual(wanted);
        expect(queue.next()).toBeUndefined();
      }),
    );
  });
});
