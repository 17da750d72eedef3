import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { InputError } from "../../src/index.js";
import { defaultTrainConfig, type TrainRow, train, trainKind } from "../../src/meta/index.js";
import { dataRef, here, memoryStore } from "../../src/runs/index.js";
import { studyNamed } from "../../src/studies/index.js";
import { asker, grid, studySubject, sweep, trainSubject } from "../../src/sweeps/index.js";
import { toy } from "./fixtures.js";

const settings = grid({ x: [1, 2, 3, 4] });

describe("sweep", () => {
  it("gives each trial its settings and its measures, and names the best", async () => {
    const { kind, subject } = toy();
    const outcome = await sweep(subject, { settings, seeds: 3, store: memoryStore(), executor: here([kind]) });
    expect(outcome).toMatchObject({ failures: [], stopped: false, best: 3 });
    expect(
      outcome.trials.map(({ number, settings: { x }, whole, measures, results }) => [
        ...[number, x, whole, measures.height.value, measures.height.seeds],
        results.map(({ cell }) => cell.seed),
      ]),
    ).toEqual([
      [1, 1, true, -3, 3, [0, 1, 2]],
      [2, 2, true, 0, 3, [0, 1, 2]],
      [3, 3, true, 1, 3, [0, 1, 2]],
      [4, 4, true, 0, 3, [0, 1, 2]],
    ]);
  });

  it("computes the first seed of every trial before the second of any", async () => {
    const { kind, subject, computed } = toy();
    await sweep(subject, { settings, seeds: 2, store: memoryStore(), executor: here([kind]) });
    expect(computed).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
  });

  it("computes nothing twice: neither the same settings, nor what a smaller sweep or a stopped one found", async () => {
    const { kind, subject, computed } = toy();
    const options = { store: memoryStore(), executor: here([kind]) };
    const stop = new AbortController();
    const onResult = () => void (computed.length === 2 && stop.abort());
    const first = await sweep(subject, { ...options, settings, onResult, signal: stop.signal });
    expect(first).toMatchObject({ stopped: true, best: 2 });
    expect(first.trials.map(({ whole }) => whole)).toEqual([true, true, false, false]);
    const all = [...settings, settings[0]];
    const second = await sweep(subject, { ...options, settings: all });
    expect(computed).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ]);
    expect(second.trials[4].measures).toEqual(second.trials[0].measures);
    const larger = await sweep(subject, { ...options, settings: all, seeds: 2 });
    expect(computed.length).toBe(8);
    expect(larger.trials.every(({ whole }) => whole)).toBe(true);
  });

  it("goes on when a cell fails, and never calls a trial best that is not whole", async () => {
    const { kind, subject } = toy();
    const outcome = await sweep(subject, {
      ...{ settings: grid({ x: [13, 1] }), seeds: 2, store: memoryStore(), executor: here([kind]) },
    });
    expect(outcome.failures.map(({ cell, error }) => [cell.seed, (error as Error).message])).toEqual([
      [0, "13 brings bad luck"],
      [1, "13 brings bad luck"],
    ]);
    expect(outcome.trials.map(({ whole, measures }) => [whole, Object.keys(measures)])).toEqual([
      [false, []],
      [true, ["height"]],
    ]);
    expect(outcome.best).toBe(2);
  });

  it("refuses wrong settings before anything is computed, and names the trial", async () => {
    const { kind, subject, computed } = toy();
    const options = { store: memoryStore(), executor: here([kind]) };
    const wrong = sweep(subject, { ...options, settings: grid({ x: [1, 2, -1] }) });
    await expect(wrong).rejects.toThrow("[sweep] trial 3 of toy cannot run: x is -1. Make it larger.");
    await expect(wrong).rejects.toThrow(InputError);
    await expect(sweep(subject, { ...options, settings: [] })).rejects.toThrow(/`settings` is no list of 1/);
    for (const seeds of [0, 1.5, Number.NaN]) {
      await expect(sweep(subject, { ...options, settings, seeds })).rejects.toThrow(/`seeds` is/);
    }
    expect(computed).toEqual([]);
  });
});

describe("trainSubject", () => {
  const base = { ...defaultTrainConfig("rcn"), hidden: [8], ways: 3, shots: 1, queries: 2, episodes: 3 };

  it("trains as train does", async () => {
    const images = glyphs({ perClass: 8 });
    const subject = trainSubject(base, await dataRef(images, "glyphs", "8"));
    const trials = grid({ learningRate: [1e-3, 1e-2], "plasticity.chemicals": [1, 2] });
    const executor = here([trainKind as never], { data: [images] });
    const outcome = await sweep(subject, { settings: trials, store: memoryStore(), executor });
    for (const {
      settings: { learningRate, "plasticity.chemicals": chemicals },
      results,
      measures,
    } of outcome.trials) {
      const config = { ...base, learningRate, plasticity: { ...base.plasticity, chemicals } } as typeof base;
      const alone = await train(images, config, { workers: 1 });
      expect((results[0].row as TrainRow).ruleHash).toBe(alone.ruleHash);
      expect(measures.accuracy.value).toBeCloseTo(alone.meanAccuracyLast50, 12);
    }
    expect(new Set(outcome.trials.map(({ results }) => (results[0].row as TrainRow).ruleHash)).size).toBe(4);
  });

  it("refuses a setting that does not exist, with its name", async () => {
    const subject = trainSubject(base);
    const trial = (settings: object) =>
      sweep(subject, { settings: [settings as never], store: memoryStore(), executor: here([]) });
    await expect(trial({ learningrate: 1 })).rejects.toThrow(/trial 1 of train cannot run: .*learningrate/);
    await expect(trial({ "plasticity.chemicals": -1 })).rejects.toThrow(/"plasticity.chemicals" is -1/);
  });
});

describe("studySubject", () => {
  it("measures a trial by the study's claims", async () => {
    const study = studyNamed("sparse-representations");
    const subject = studySubject(study, { scale: "smoke" });
    const kind = { name: study.name, run: (cell: never, context: never) => study.run?.(cell, context) };
    const executor = here([kind as never]);
    const { trials, best } = await sweep(subject, { settings: [{}], store: memoryStore(), executor });
    const known = study.claims.map(({ label }) => label);
    expect(Object.keys(trials[0].measures).length).toBeGreaterThan(0);
    for (const name of Object.keys(trials[0].measures)) expect(known).toContain(name);
    expect(best).toBeUndefined();
  });
});

describe("asker", () => {
  it("answers each question, several at once, with the trial's measures", async () => {
    const { kind, subject } = toy();
    const ask = asker(subject, { seeds: 2, store: memoryStore(), executor: here([kind]) });
    const answers = await Promise.all([3, 1].map((x) => ask({ x })));
    expect(answers.map(({ number, measures }) => [number, measures.height.value])).toEqual([
      [1, 0.5],
      [2, -3.5],
    ]);
    await expect(ask({ x: 13 })).rejects.toThrow("13 brings bad luck");
    await expect(ask({ x: -1 })).rejects.toThrow("x is -1");
  });
});
