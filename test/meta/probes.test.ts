// What cards ask of a rule: the answers are those of `evaluateRule` with the setting in question, and a rule without a part is a
// rule that never had it.
import { describe, expect, it } from "vitest";
import { glyphs, noImages } from "../../src/data/index.js";
import { scope } from "../../src/index.js";
import {
  evaluateRule,
  layerSizes,
  type RuleValues,
  type RunContents,
  ruleOf,
  type TrainConfig,
  train,
  trialKind,
} from "../../src/meta/index.js";
import { askedOf, dataAt, diagnosisKind, inquiryOf, ruleWithout, shotsOf, withTask } from "../../src/meta/internal.js";
import { defaultConfig } from "../../src/plasticity/index.js";
import { dataHash, here, memoryStore, runCells } from "../../src/runs/index.js";
import { small, tiny } from "./fixtures.js";

const contentsOf = async (config: TrainConfig, dataset: typeof small): Promise<RunContents> => {
  const metrics: RunContents["metrics"][number][] = [];
  const { rule } = await train(dataset, config, { workers: 1, onEpisode: (report) => metrics.push(report) });
  return { config, images: await dataHash(dataset), rule, metrics, diagnoses: [], covered: true };
};

/** The numbers of every part, shaken, so that each of them matters. */
const shaken = (rule: RuleValues): RuleValues =>
  Object.fromEntries(
    Object.entries(rule).map(([part, leaves]) => [
      part,
      leaves.map(({ shape, data }) => ({ shape, data: data.map((x, i) => x + 0.01 * (((i * 7) % 5) - 2.2)) })),
    ]),
  ) as unknown as RuleValues;

const few: TrainConfig = { ...tiny, shots: 2, queries: 2, ways: 2, episodes: 2, protocol: "strict" };
const chemical: TrainConfig = {
  ...few,
  plasticity: { ...few.plasticity, synapse: "chemical", motifs: [0, 2, 9], chemicals: 2, tauMax: 8 },
};

/** The scores of a frozen rule on the first three tasks that no training reaches. */
const accuracies = (dataset: typeof small, config: TrainConfig, rule: RuleValues, shots = config.shots) =>
  scope(() => evaluateRule({ ...config, shots }, layerSizes(config, dataset), dataset, ruleOf(rule), [0, 1, 2]));

describe("the questions of a card", () => {
  const other = glyphs({ perClass: 6 });
  const others = [{ dataset: other, data: dataAt("glyphs", "6") }];

  it("are answered as evaluateRule answers them in each setting, and once where topics share a setting", async () => {
    const contents = await contentsOf(chemical, small);
    const { config, rule } = contents;
    const { probes } = askedOf(config, small, { others, shots: [1, 2] });
    const inquiry = await inquiryOf(contents, probes, { dataset: small, tasks: 3 });
    const executor = here([trialKind, diagnosisKind], { data: [small, other] });
    const outcome = await runCells(inquiry.cells, { store: inquiry.over(memoryStore()), executor });
    expect(outcome.failures).toEqual([]);
    expect(outcome.results.length).toBeLessThan(inquiry.cells.length);
    const { scores, measured } = inquiry.answers(outcome.results);
    expect(measured.map(({ episode }) => episode)).toEqual([1, 2, 3]);
    expect(scores).toHaveLength(probes.length);
    const tried = new Set<string>();
    for (const [i, { topic, shots, setting, without, images, condition }] of probes.entries()) {
      if (condition !== "trained") continue;
      tried.add(topic);
      const there = { ...config, ...setting };
      const learned = accuracies(
        images?.dataset ?? small,
        there,
        without ? ruleWithout(config, rule, without) : rule,
        shots,
      );
      expect(scores[i].learned, `${topic} ${i}`).toEqual(learned);
      expect(scores[i].initial).toHaveLength(without ? 0 : 3);
    }
    expect([...tried].sort()).toEqual([
      "chemicals",
      "data",
      "motifs",
      "networks",
      "retention",
      "shots",
      "tasks",
      "ways",
    ]);
  }, 60_000);

  it("leave out what cannot be drawn or does not fit the rule, and say why", () => {
    const layered = { ...few, hidden: [8, 6], plasticity: { ...few.plasticity, scope: "layer" as const } };
    const { probes, left } = askedOf({ ...layered, ways: 30 }, small, { others, shots: [1, 5000] });
    const why = (topic: string, name: string) => left.find((each) => each.topic === topic && each.name === name)?.why;
    expect(why("shots", "5000 images of each class")).toMatch(/images/);
    expect(why("retention", "retention")).toMatch(/classes/);
    expect(why("networks", "8")).toBe("the rule has coefficients for each of 3 layers");
    expect(why("networks", "8-6-6")).toBe("the rule has coefficients for each of 3 layers");
    expect(probes.filter(({ topic }) => topic === "networks").map(({ name }) => name)).toEqual(["8-6", "4-3", "16-12"]);
    const biased = { ...chemical, plasticity: { ...chemical.plasticity, bias: "neuron" as const } };
    const { left: gone } = askedOf(biased, small, { others, shots: [1] });
    expect(gone.find(({ topic }) => topic === "networks")?.why).toBe(
      "the rule has a bias for each neuron of the network of training",
    );
  });

  it("are about steps and networks alone for a regression", () => {
    const config = { ...withTask(few, "sinusoid"), shots: 8 };
    expect(shotsOf(config)).toEqual([2, 4, 8, 16]);
    const { probes, left } = askedOf(config, noImages, { others: [], shots: shotsOf(config) });
    expect(left).toEqual([]);
    expect(new Set(probes.map(({ topic }) => topic))).toEqual(
      new Set(["tasks", "shots", "networks", "motifs", "chemicals"]),
    );
  });
});

describe("a rule without a part", () => {
  it("is the rule that never had that motif", async () => {
    const { config } = { config: few };
    const motifs = [0, 2, 9];
    const whole = { ...config, plasticity: { ...config.plasticity, motifs } };
    const rule = shaken((await contentsOf(whole, small)).rule);
    for (const motif of motifs) {
      const column = motifs.indexOf(motif);
      const left = { ...whole, plasticity: { ...whole.plasticity, motifs: motifs.filter((each) => each !== motif) } };
      const P = rule.P.map(({ shape, data }) => ({
        shape: [shape[0], 2],
        data: data.filter((_, i) => i % 3 !== column),
      }));
      expect(accuracies(small, whole, ruleWithout(whole, rule, { motif }))).toEqual(
        accuracies(small, left, { ...rule, P }),
      );
    }
  });

  it("has a chemical at rest that stays at rest, however it is read out", async () => {
    const momentum = {
      ...chemical,
      plasticity: { ...chemical.plasticity, synapse: "momentum", bias: "layer" as const },
    };
    const rule = shaken((await contentsOf(momentum, small)).rule);
    for (const chemical of [0, 1]) {
      const silent = ruleWithout(momentum, rule, { chemical });
      const louder = {
        ...silent,
        v: silent.v.map(({ shape, data }) => ({ shape, data: data.map((x, i) => (i === chemical ? 9 : x)) })),
      };
      const answers = accuracies(small, momentum, silent);
      expect(accuracies(small, momentum, louder)).toEqual(answers);
      // It was not at rest before.
      const loud = { ...rule, v: louder.v };
      expect(accuracies(small, momentum, loud)).not.toEqual(answers);
    }
  });

  it("drives no other chemical", () => {
    const leaf = (shape: number[]) => ({
      shape,
      data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i + 1),
    });
    const none = { P: [], K: [], v: [], b: [], tau: [], s: [], feedbackP: [], feedbackK: [], feedbackV: [] };
    const rule: RuleValues = { ...none, P: [leaf([2, 3])], K: [leaf([2, 2])], v: [leaf([2])], b: [leaf([2, 4, 1])] };
    const { P, K, v, b } = ruleWithout(chemical, rule, { chemical: 1 });
    expect(P.map(({ data }) => [...data])).toEqual([[1, 2, 3, 0, 0, 0]]);
    expect(K.map(({ data }) => [...data])).toEqual([[1, 0, 0, 0]]);
    expect(b.map(({ data }) => [...data])).toEqual([[1, 2, 3, 4, 0, 0, 0, 0]]);
    expect(v).toEqual(rule.v);
    for (const odd of [{ motif: 4 }, { motif: "hebb" }, { chemical: 2 }]) {
      expect(() => ruleWithout(chemical, rule, odd)).toThrow("Name a part that it has.");
    }
    expect(() => ruleWithout({ plasticity: defaultConfig }, rule, { chemical: 0 })).toThrow("Name a part that it has.");
  });
});
