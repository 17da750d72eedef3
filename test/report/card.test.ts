// Cards, from made-up answers: whose means they hold, and that the page shows what the file holds.
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { scope } from "../../src/index.js";
import { defaultTrainConfig, type EpisodeScore, type RuleValues, valuesOf } from "../../src/meta/index.js";
import { askedOf } from "../../src/meta/internal.js";
import { initialRule } from "../../src/plasticity/index.js";
import { cardReport } from "../../src/report/index.js";
import { bootstrap, mean } from "../../src/studies/index.js";
import { type AskedRun, type Card, cardOf, withoutPaths } from "../../src/studies/internal.js";
import { madeUp } from "./fixtures.js";

const dataset = glyphs({ perClass: 20 });
const config = {
  ...defaultTrainConfig("rcn"),
  ...{ hidden: [12, 8, 6, 5], protocol: "strict" as const, ways: 3, shots: 2, queries: 2 },
  data: { ...defaultTrainConfig("rcn").data, source: "/home/somebody/<images>" },
};
const asked = askedOf(config, dataset, { others: [], shots: [1, 2, 4, 90] });
const tasks = 4;

/** A number from 0 to 1 that depends on all of these. */
const noise = (...numbers: number[]): number => {
  const x = numbers.reduce((sum, each, i) => sum + (each + 1) * (i + 1) * 0.7548776662, 0);
  return Math.round(1000 * (x - Math.floor(x))) / 1000;
};

function runOf(seed: number): AskedRun {
  const rule = scope(() => valuesOf(initialRule(config.plasticity, [4, 3, 2])));
  const P: RuleValues["P"] = rule.P.map(({ shape, data }) => ({ shape, data: data.map((x, i) => x + noise(seed, i)) }));
  const score = (probe: number, which: number): EpisodeScore[] =>
    Array.from({ length: tasks }, (_, task) => ({
      loss: 1,
      accuracy: noise(seed, probe, which, task),
      ...(asked.probes[probe].topic === "retention" && {
        retention: {
          first: Array.from({ length: 11 }, (_, i) => noise(seed, i, which)),
          second: Array.from({ length: 11 }, () => 0.5),
        },
      }),
    }));
  return {
    config: { ...config, seed },
    rule: { ...rule, P },
    ruleHash: `${seed}`.repeat(64),
    episodes: Array.from({ length: 120 }, (_, i) => ({
      accuracy: noise(seed, i),
      seconds: 0.5,
      ...(i === 7 && { clipped: 0.5 }),
    })),
    answers: {
      scores: asked.probes.map(({ without }, probe) => ({
        learned: score(probe, 0),
        initial: without ? [] : score(probe, 1),
      })),
      measured: madeUp("bio", 0.5, 1).runs[0].measured.slice(0, tasks) as AskedRun["answers"]["measured"],
    },
  };
}

const made = (seeds: number[], name = "a <rule>"): Promise<Card> =>
  cardOf({
    ...{ name, version: "1.2.3", data: "some images", images: "ab".repeat(32), tasks, asked },
    runs: seeds.map(runOf),
  });

const close = (value: number | null, wanted: number) => expect(value).toBeCloseTo(wanted, 5);

describe("a card", () => {
  it("has means and intervals over the seeds, of as many tasks each, and pairs what it compares", async () => {
    const card = await made([0, 1, 4]);
    expect([card.over, card.tasks, card.scores.length]).toEqual(["seeds", tasks, asked.probes.length - 1]);
    const runs = [0, 1, 4].map(runOf);
    const of = (at: number, which: "learned" | "initial") =>
      runs.map(({ answers }) => mean(answers.scores[at][which].map(({ accuracy }) => accuracy)));
    for (const [at, score] of card.scores.entries()) {
      const learned = of(at, "learned");
      expect(score.bySeed).toHaveLength(3);
      for (const [i, value] of score.bySeed.entries()) close(value, learned[i]);
      const { low, high } = bootstrap(learned);
      close(score.learned.mean, mean(learned));
      close(score.learned.low, low);
      close(score.learned.high, high);
      expect(score.learned.count).toBe(3);
      const whole = of(0, "learned");
      if (score.topic === "motifs" || score.topic === "chemicals") {
        expect([score.initial, score.gain]).toEqual([null, null]);
        close(score.lost?.mean ?? null, mean(whole) - mean(learned));
      } else {
        expect(score.lost).toBeNull();
        close(score.gain?.mean ?? null, mean(learned) - mean(of(at, "initial")));
      }
    }
    expect(card.left.map(({ name }) => name)).toContain("90 images of each class");
    expect(card.parts.map(({ part }) => part)).toEqual(["P", "K", "v"]);
    expect(card.parts[0].numbers.every(({ low, mean, high }) => low! <= mean! && mean! <= high!)).toBe(true);
    expect(card.runs.map(({ seed, seconds, guarded }) => [seed, seconds, guarded])).toEqual(
      [0, 1, 4].map((s) => [s, 60, 1]),
    );
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  });

  it("has intervals over the tasks if there is one seed, and no interval of its coefficients", async () => {
    const card = await made([3]);
    const learned = runOf(3).answers.scores[0].learned.map(({ accuracy }) => accuracy);
    expect(card.over).toBe("tasks");
    close(card.scores[0].learned.mean, mean(learned));
    close(card.scores[0].learned.low, bootstrap(learned).low);
    expect(card.scores[0].learned.count).toBe(tasks);
    for (const { low, count } of card.parts[0].numbers) expect([low, count]).toEqual([null, 1]);
    expect(card.retention.map(({ curves }) => curves.length)).toEqual([tasks, tasks, tasks, tasks]);
  });

  it("records the whole configuration without the folders of a machine, and hashes that do not depend on them", async () => {
    const [card, other] = [await made([0]), await made([1])];
    expect(card.config).toEqual({ ...withoutPaths(config), seed: 0 });
    expect(JSON.stringify(card)).not.toContain("somebody");
    expect(card.config.data.source).toBe("<images>");
    expect(other.hashes).toEqual(card.hashes);
  });
});

describe("the page of a card", () => {
  it("shows every number of its file, loads nothing, and has no text as markup", async () => {
    const card = await made([0, 1]);
    const html = cardReport(card);
    const { document } = parseHTML(html);
    const text = document.body.textContent ?? "";
    expect(document.querySelector("h1")?.textContent).toBe("a <rule>");
    for (const { learned } of card.scores) expect(text).toContain(learned.mean!.toFixed(3));
    for (const { ruleHash } of card.runs) expect(text).toContain(ruleHash);
    expect(text).toContain(card.hashes.images);
    for (const { name, why } of card.left) expect(text).toContain(`${name}: ${why}`);
    for (const setting of ["plasticity.motifs", "form", "estimator.kind", "dtype"]) expect(text).toContain(setting);
    expect(text).toContain('decodeRule(await readFile("rule.safetensors"))');
    expect(html).not.toMatch(/<script|src="(?!data:)|href="https?:/);
    expect(text).toContain("2 seeds, 4 tasks of each");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("is the same from the file that was written", async () => {
    const card = await made([5]);
    expect(cardReport(JSON.parse(JSON.stringify(card)))).toBe(cardReport(card));
  });

  it("is refused for what is no card", () => {
    for (const odd of [null, {}, [], "card", { name: "x" }]) {
      expect(() => cardReport(odd as never)).toThrow("Give what card.json holds.");
    }
  });
});
