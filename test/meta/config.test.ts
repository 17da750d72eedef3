import { describe, expect, it } from "vitest";
import { quote } from "../../src/core/index.js";
import { InputError } from "../../src/index.js";
import { withTask } from "../../src/meta/config.js";
import { defaultTrainConfig, layerSizes, parseTrainConfig } from "../../src/meta/index.js";
import { taskKinds } from "../../src/meta/task-kinds.js";
import { configHash } from "../../src/meta/training-folder.js";
import { type PresetName, presets } from "../../src/plasticity/index.js";
import { small } from "./fixtures.js";

const names = Object.keys(presets) as PresetName[];

describe("defaultTrainConfig", () => {
  it.each(names)("is the published experiment with the rule, learning rate and penalty of %s", (name) => {
    const config = defaultTrainConfig(name);
    expect(config).toMatchObject({
      preset: name,
      ways: 5,
      shots: 10,
      queries: 10,
      episodes: 600,
      metaBatch: 1,
      seed: 0,
    });
    expect(config.plasticity).toEqual(presets[name].config);
    expect([config.learningRate, config.l1]).toEqual([presets[name].learningRate, presets[name].l1]);
    expect(layerSizes(config, small)).toEqual([784, 170, 130, 100, 70, 47]);
  });

  it("names the presets if asked for an unknown one", () => {
    expect(() => defaultTrainConfig("rnc" as PresetName)).toThrow(InputError);
    expect(() => defaultTrainConfig("toString" as PresetName)).toThrow("Choose a `preset` of fa, bp, bio, pool, rcn");
  });
});

describe("parseTrainConfig", () => {
  const good = defaultTrainConfig("pool");

  it.each(names)("returns the configuration of %s, as a copy", (name) => {
    const config = defaultTrainConfig(name);
    const back = parseTrainConfig(JSON.parse(JSON.stringify(config)));
    expect(back).toEqual(config);
    expect(back.plasticity).not.toBe(config.plasticity);
  });

  it.each(["auto", "off", { every: 7 }, { bytes: 1e6 }])("accepts the checkpoint %j", (checkpoint) => {
    expect(parseTrainConfig({ ...good, checkpoint }).checkpoint).toEqual(checkpoint);
  });

  it("reads files from before a field existed, with the same meaning and the same hash", () => {
    // What the first version, which had no head, no input gate and no guard, wrote of its presets; hashes are that
    // version's own.
    const first = [
      ["rcn", "2606591cbee4e9c6e714a02d135985cb5460ca740f2301b1bdb96a47ffd333b6"],
      ["bio", "8b2376ac9cb7035678f3d7edbede2112f59e0fa76faf29f8c219bbefd0749ef0"],
      ["rcn-momentum", "1a43ec41054c3b9a89b81305c0615619218aa6b82691477dcf90745d0333c72c"],
    ] as const;
    const known = "synapse,motifs,chemicals,scope,bias,feedback,momentumOutput,beta,tauMin,tauMax,initialP0".split(",");
    for (const [name, hash] of first) {
      const { clip: _, task: _task, ...run } = defaultTrainConfig(name);
      const config = { ...run, clip: "off", task: { kind: "classify" } } as const;
      const fields = Object.entries(config.plasticity).filter(([field]) => known.includes(field));
      const old = parseTrainConfig({ ...run, plasticity: Object.fromEntries(fields) });
      expect(old).toEqual(config);
      expect(configHash(old)).toBe(hash);
      expect(configHash({ ...old, plasticity: { ...old.plasticity, inputGate: "one" } })).not.toBe(hash);
      expect(configHash({ ...old, clip: 10 })).not.toBe(hash);
      expect(configHash({ ...old, task: { kind: "continual" } })).not.toBe(hash);
    }
  });

  it("puts the fields in a fixed order, so that equal configurations have equal hashes", () => {
    const turned = Object.fromEntries(Object.entries(good).reverse());
    expect(JSON.stringify(parseTrainConfig(turned))).toBe(JSON.stringify(good));
  });

  /** Fields that earlier versions had not, and what their absence means. */
  const later: Record<string, unknown> = {
    ...{ clip: "off", dtype: "float32", task: { kind: "classify" } },
    module: { file: "", hash: "" },
    begin: { rule: "", hash: "" },
    estimator: { kind: "backprop" },
    form: "direct",
  };

  it("reads a file of a version without a guard as a run without one", () => {
    const before = Object.fromEntries(Object.entries(good).filter(([name]) => !Object.hasOwn(later, name)));
    expect(parseTrainConfig(before)).toEqual({ ...good, ...later });
  });

  it.each(Object.keys(good))("names the field %s if it is missing or of the wrong kind", (field) => {
    const without = Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));
    if (Object.hasOwn(later, field)) return expect(parseTrainConfig(without)).toHaveProperty(field, later[field]);
    expect(() => parseTrainConfig(without, "runs/a/config.json")).toThrow(InputError);
    expect(() => parseTrainConfig(without, "runs/a/config.json")).toThrow(
      `[config] runs/a/config.json: the field "${field}" is missing. Add it`,
    );
    wrong(field);
  });

  it.each(Object.keys(later))("names the field %s if it is of the wrong kind", wrong);

  function wrong(field: string): void {
    for (const bad of [null, -1, Number.NaN, "", [0]]) {
      expect(() => parseTrainConfig({ ...good, [field]: bad })).toThrow(`"${field}" is ${quote(bad)}. Make it`);
    }
  }

  it.each(Object.keys(good.plasticity))("names the field plasticity.%s", (field) => {
    const plasticity = { ...good.plasticity, [field]: {} };
    expect(() => parseTrainConfig({ ...good, plasticity })).toThrow(InputError);
    expect(() => parseTrainConfig({ ...good, plasticity })).toThrow(`"plasticity.${field}" is {}. Make it`);
  });

  it.each(taskKinds)("returns the configuration of the task %s", (kind) => {
    const config = withTask(defaultTrainConfig("rcn"), kind);
    expect(parseTrainConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    expect(() => parseTrainConfig({ ...config, task: { ...config.task, size: 3 } })).toThrow(
      'there is no field "task.size". Remove it; there are kind',
    );
  });

  const teacher = withTask(defaultTrainConfig("rcn"), "teacher");
  const twoTimes = withTask(defaultTrainConfig("rcn"), "two-timescale");
  it.each<[string, unknown, string]>([
    ["an unknown task", { ...good, task: { kind: "sort" } }, '"task.kind" is "sort". Make it one of "classify"'],
    ["a task without kind", { ...good, task: {} }, '"task.kind" is undefined. Make it one of'],
    ["a teacher without inputs", { ...teacher, task: { kind: "teacher" } }, 'the field "task.inputs" is missing'],
    [
      "a teacher of no width",
      { ...teacher, task: { ...teacher.task, width: 0 } },
      '"task.width" is 0. Make it a whole',
    ],
    ["one segment", { ...twoTimes, task: { ...twoTimes.task, segment: [3] } }, '"task.segment" is [3]. Make it two'],
    ["segments turned", { ...twoTimes, task: { ...twoTimes.task, segment: [9, 3] } }, "segments have 9 to 3 steps"],
    ["too large a share", { ...twoTimes, task: { ...twoTimes.task, fast: 2 } }, "fast is 2. Give a share from 0 to 1"],
    ["regression with classes", { ...teacher, ways: 5 }, 'has no classes, but "ways" is 5. Make it 1.'],
    ["regression with softmax", { ...teacher, plasticity: { ...teacher.plasticity, head: "softmax" } }, "Use the head"],
    ["classes with numbers", { ...good, plasticity: teacher.plasticity }, 'does not go with the head "linear"'],
    [
      "a closed gate",
      { ...teacher, plasticity: { ...teacher.plasticity, inputGate: "softplus" } },
      'Use the gate "one"',
    ],
    ["no object", [], "config.json does not hold an object"],
    ["nothing", null, "config.json does not hold an object"],
    ["an unknown field", { ...good, batch: 3 }, 'there is no field "batch". Remove it; there are preset,'],
    ["a field of data", { ...good, data: { source: "glyphs" } }, 'the field "data.prefix" is missing'],
    ["too many episodes", { ...good, episodes: 2 ** 31 + 1 }, '"episodes" is 2147483649. Make it a whole number'],
    ["two checkpoints", { ...good, checkpoint: { every: 3, bytes: 4 } }, '"checkpoint" is {"every":3,"bytes":4}'],
    ["a motif", { ...good, plasticity: { ...good.plasticity, motifs: [10] } }, '"plasticity.motifs" is [10]'],
    [
      "what does not go together",
      { ...good, plasticity: { ...good.plasticity, chemicals: 2 } },
      "config.json: the linear rule has no chemicals; 2 were asked for.",
    ],
  ])("refuses %s", (_, json, message) => {
    expect(() => parseTrainConfig(json)).toThrow(InputError);
    expect(() => parseTrainConfig(json)).toThrow(message);
  });
});
