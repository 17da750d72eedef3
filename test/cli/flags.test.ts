// The flags of `train`: each setting has one, what it says arrives under the setting's name, and help names every preset.
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import {
  addTrainFlags,
  DEFAULT_PRESET,
  presetHelp,
  presetNames,
  presetOfRule,
  taskFlags,
} from "../../src/cli/flags.js";
import { flagsOf } from "../../src/fields/index.js";
import { defaultTrainConfig } from "../../src/meta/index.js";
import { taskKind, taskKinds, taskTables, trainFields } from "../../src/meta/internal.js";
import { plasticityFields, presets } from "../../src/plasticity/index.js";
import { synapseKinds } from "../../src/plasticity/internal.js";

/** A command with the flags, which throws where it would end the process. */
function command(): Command {
  const made = new Command("train").exitOverride().configureOutput({ writeErr: () => undefined });
  addTrainFlags(made);
  return made;
}

const read = (...given: string[]): Record<string, unknown> => command().parse(given, { from: "user" }).opts();

describe("the flags of train", () => {
  it("are one each for the settings of the rule, the run and the tasks", () => {
    const names = command().options.map(({ long }) => long);
    expect(new Set(names).size).toBe(names.length);
    const settings = [plasticityFields, trainFields, ...Object.values(taskTables)].flatMap((fields) => flagsOf(fields));
    expect(settings.length).toBeGreaterThan(30);
    for (const { name } of settings) expect(names.map((long) => long?.slice(2))).toContain(name.replace(/^--/, ""));
    const own = [
      "preset",
      "rule",
      "task",
      "workers",
      "device",
      "diagnostics",
      "out",
      "resume",
      "json",
      "data",
      "prefix",
    ];
    for (const name of own) expect(names).toContain(`--${name}`);
  });

  it("hold nothing that was not given, and of what was given twice the last", () => {
    expect(read()).toEqual({});
    expect(read("--lr", "0.5", "--lr", "0.25", "--json")).toEqual({ lr: 0.25, json: true });
    expect(read("--preset", "bio", "--rule", "linear", "--task", "teacher", "--workers", "3")).toEqual({
      ...{ preset: "bio", rule: "linear", task: "teacher", workers: 3 },
    });
    expect(() => read("--preset", "none")).toThrow(/--preset is "none"/);
    expect(() => read("--rule", "none")).toThrow(/--rule is "none"/);
    expect(() => read("--workers", "257")).toThrow(/--workers is "257".*1 to 256/);
    expect(() => read("--diagnostics", "0")).toThrow(/--diagnostics is "0"/);
    expect(() => read("--device", "tpu")).toThrow(/--device is "tpu"/);
  });

  it("of the tasks are those of every kind of task, each once", () => {
    const names = taskFlags.map(({ name }) => name);
    const every = Object.values(taskTables).flatMap((fields) => flagsOf(fields).map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual([...new Set(every)].sort());
    expect(every.length).toBeGreaterThan(names.length); // some are shared, so that once means something
  });
});

describe("presets", () => {
  it("are begun from by the kinds of synapse that name one", () => {
    const named = synapseKinds().filter(({ preset }) => preset !== undefined);
    expect(named.length).toBeGreaterThan(3);
    for (const { name } of named) {
      expect(presets[presetOfRule(name)].config.synapse).toBe(name);
      expect(read("--rule", name)).toEqual({ rule: name });
    }
    for (const { name } of synapseKinds().filter(({ preset }) => preset === undefined)) {
      expect(() => read("--rule", name)).toThrow(/--rule/);
    }
    expect(presetNames).toContain(DEFAULT_PRESET);
    expect(presetNames.map((name) => defaultTrainConfig(name).preset)).toEqual(presetNames);
  });

  it("and tasks are told in help, a line each, in columns", () => {
    const lines = presetHelp().split("\n");
    const [first, second] = [lines.indexOf("Presets:"), lines.indexOf("Tasks:")];
    const part = (from: number, names: readonly string[], about: (name: string) => string): void => {
      const told = lines.slice(from + 1, from + 1 + names.length);
      const column = 2 + Math.max(...names.map((name) => name.length)) + 2;
      told.forEach((line, i) => {
        expect(line.slice(0, column).trim()).toBe(names[i]);
        expect(line.slice(column)).toBe(about(names[i]));
      });
    };
    part(first, presetNames, (name) => presets[name as keyof typeof presets].summary);
    part(second, taskKinds, (name) => taskKind(name as (typeof taskKinds)[number]).summary);
    expect(lines[second - 1]).toBe("");
    const regression = taskKinds.filter((kind) => !taskKind(kind).images);
    const last = lines.at(-1) ?? "";
    for (const kind of taskKinds) expect(new RegExp(`\\b${kind}\\b`).test(last)).toBe(regression.includes(kind));
  });
});
