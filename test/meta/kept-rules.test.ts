// The rules that come with the package reach what their cards say, and runs begin with them to the bit.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { glyphsForTasks } from "../../src/data/internal.js";
import { canonical } from "../../src/fields/index.js";
import { scope } from "../../src/index.js";
import {
  decodeRule,
  defaultTrainConfig,
  evaluate,
  evaluateRule,
  keptRule,
  keptRules,
  layerSizes,
  parseTrainConfig,
  readRun,
  readRunConfig,
  resume,
  ruleHash,
  ruleOf,
  type TrainConfig,
  train,
} from "../../src/meta/index.js";
import { beginWith, trainFields } from "../../src/meta/internal.js";
import { newLearner } from "../../src/meta/learner.js";
import { type Card, cardReport } from "../../src/report/index.js";
import { mean } from "../../src/studies/index.js";
import { inTemporary } from "./fixtures.js";

const folder = resolve(import.meta.dirname, "../../rules");
const cardOf = (name: string): Card => JSON.parse(readFileSync(join(folder, name, "card.json"), "utf8"));
const names = keptRules.map(({ name }) => name);

/** A short run that begins with a kept rule. */
const begun = (name: string, changed: Partial<TrainConfig> = {}): TrainConfig => ({
  ...keptRule(name).config,
  ...{ begin: beginWith(name), ways: 2, shots: 1, queries: 2, episodes: 2, data: defaultTrainConfig("bio").data },
  ...changed,
});
const images = glyphs({ perClass: 4 });

describe("the kept rules", () => {
  it("are those of the folder", () => {
    expect(names).toEqual(readdirSync(folder).sort());
    expect(names.length).toBeGreaterThan(0);
  });

  it.each(names)("%s: is the rule of its file and of its card", async (name) => {
    const { config, rule } = keptRule(name);
    const card = cardOf(name);
    const hash = await ruleHash(rule);
    expect([keptRules.find((each) => each.name === name)?.hash, card.runs[0].ruleHash]).toEqual([hash, hash]);
    expect(await ruleHash(decodeRule(readFileSync(join(folder, name, "rule.safetensors"))).rule)).toBe(hash);
    expect(parseTrainConfig(card.config)).toEqual(config);
    expect(card.name).toBe(name);
    expect(card.runs.length).toBeGreaterThanOrEqual(3);
    expect(cardReport(card)).toContain(hash);
    // The folders of the machine that it was learned on are in none of them.
    expect(JSON.stringify([card, config])).not.toMatch(/"\/\w/);
  });

  it.each(names)(
    "%s: reaches on the built-in characters what its card says",
    (name) => {
      const { config, rule } = keptRule(name);
      const { scores, tasks } = cardOf(name);
      const stated = scores.find(({ topic, data }) => topic === "data" && data === "glyphs");
      const dataset = glyphsForTasks(config.shots + config.queries);
      const indices = Array.from({ length: tasks }, (_, i) => i);
      const found = scope(() => evaluateRule(config, layerSizes(config, dataset), dataset, ruleOf(rule), indices));
      expect(mean(found.map(({ accuracy }) => accuracy))).toBeCloseTo(stated?.bySeed[0] ?? Number.NaN, 5);
      // Far above guessing, which is right once in as many times as there are classes.
      expect(stated?.bySeed[0]).toBeGreaterThan(2 / config.ways);
    },
    120_000,
  );

  it("are refused by another name, with the nearest one", () => {
    const odd = `${names[0]}x`;
    expect(() => keptRule(odd)).toThrow(
      `no kept rule is called "${odd}". Did you mean "${names[0]}"? There are ${names[0]}`,
    );
    expect(() => keptRule(3 as never)).toThrow("[keptRule] the name is 3. Give text.");
  });
});

describe("a run that begins with a kept rule", () => {
  const [name] = names;

  it("begins with its numbers, goes on to the same bits after a stop, and is tested against it", async () => {
    const config = begun(name, { episodes: 4 });
    const first = newLearner(config, layerSizes(config, images)).rule;
    expect(await ruleHash(first)).toBe(config.begin.hash);
    const whole = await train(images, config, { workers: 1 });
    expect(whole.ruleHash).not.toBe(config.begin.hash);
    await inTemporary(async (out) => {
      const stop = new AbortController();
      const options = { out: join(out, "run"), workers: 1, signal: stop.signal };
      await train(images, config, { ...options, onEpisode: ({ episode }) => episode === 2 && stop.abort() });
      expect((await readRunConfig(options.out)).begin).toEqual(config.begin);
      const { ruleHash: same } = await resume(images, { out: options.out, workers: 1 });
      expect(same).toBe(whole.ruleHash);
      const { rule } = await readRun(options.out);
      const [line] = await evaluate(images, config, rule, { tasks: 1 });
      const [alone] = await evaluate(images, { ...config, begin: { rule: "", hash: "" } }, keptRule(name).rule, {
        tasks: 1,
      });
      expect(line.initial).toEqual(alone.learned);
    });
  }, 60_000);

  it("is another run than one without, whatever the rule is called", () => {
    const hashed = (config: TrainConfig): string => JSON.stringify(canonical(trainFields, config));
    const config = begun(name);
    expect(hashed({ ...config, begin: { ...config.begin, rule: "" } })).toBe(hashed(config));
    expect(hashed({ ...config, begin: { rule: "", hash: "" } })).not.toBe(hashed(config));
  });

  it("has the numbers of the run's type", async () => {
    const { P } = newLearner(begun(name, { dtype: "float64" }), layerSizes(begun(name), images)).rule;
    expect(P[0].data).toBeInstanceOf(Float64Array);
    expect([...P[0].data]).toEqual([...keptRule(name).rule.P[0].data]);
  });

  it("is refused with a rule of another version, another structure, or a name that is not known", async () => {
    const config = begun(name);
    const refused = (odd: TrainConfig): Promise<unknown> => train(images, odd, { workers: 1 });
    await expect(refused({ ...config, begin: { rule: name, hash: "0".repeat(64) } })).rejects.toThrow(
      `begins with the rule ${name} of the hash "00000000", but this version has it with ${config.begin.hash.slice(0, 8)}. Use the version of synaptape`,
    );
    await expect(refused({ ...config, begin: { rule: "", hash: "0".repeat(64) } })).rejects.toThrow(
      "this version has none with that hash",
    );
    await expect(refused({ ...config, begin: { rule: `${name}x`, hash: "0" } })).rejects.toThrow("Did you mean");
    const { plasticity } = config;
    for (const [changed, said] of [
      [{ motifs: plasticity.motifs.slice(1) }, "as its `motifs`"],
      [{ feedback: "symmetric" as const }, "as its `feedback`"],
      [{ tauMax: 7 }, "as its `tauMax`, not 7"],
    ] as const) {
      await expect(refused({ ...config, plasticity: { ...plasticity, ...changed } })).rejects.toThrow(said);
    }
    // What only first numbers depend on does not matter.
    expect(
      newLearner({ ...config, plasticity: { ...plasticity, initialP0: 9 } }, layerSizes(config, images)).rule,
    ).toEqual(keptRule(name).rule);
  });
});
