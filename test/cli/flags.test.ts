// The flags of `train`: each setting has one, what it says arrives under the setting's name, and help names every preset.
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import {
  addTrainFlags,
  DEFAULT_PRESET,
  presetHelp,
  presetNames,
  presetOfRule,
  runFields,
  taskFlags,
} from "../../src/cli/flags.js";
import { flagsOf } from "../../src/fields/index.js";
import { defaultTrainConfig } from "../../src/meta/index.js";
import { EPISODE_LIMIT, taskKinds, taskNamed, taskTables, trainFields, trainGroups } from "../../src/meta/internal.js";
import { plasticityFields, presets } from "../../src/plasticity/index.js";
import { synapseKinds } from "../../src/plasticity/internal.js";

/** A command with the flags, which throws where it would end the process. */
function command(): Command {
  const made = new Command("train").exitOverride().configureOutput({ writeErr: () => undefined });
  addTrainFlags(made);
  return made;
}

const read = (...given: string[]): Record<string, unknown> => command().parse(given, { from: "user" }).opts();
/** What help says of a flag. */
const about = (long: string): string =>
  command().options.find((option) => option.long === long)?.description ?? "there is no such flag";

describe("the flags of train", () => {
  it("are one for each setting of the rule, the run and the tasks", () => {
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

  it("hold only what was given, and the last value if a flag was given twice", () => {
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
  it("are the starting points of the kinds of synapse that name one", () => {
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

  it("and tasks are listed in the help, one line each, in columns", () => {
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
    part(second, taskKinds, (name) => taskNamed(name).summary);
    expect(lines[second - 1]).toBe("");
    const regression = taskKinds.filter((kind) => !taskNamed(kind).images);
    const last = lines.at(-1) ?? "";
    for (const kind of taskKinds) expect(new RegExp(`\\b${kind}\\b`).test(last)).toBe(regression.includes(kind));
  });
});

describe("the help of train", () => {
  it("names all values of a flag that takes words, and its default", () => {
    expect(about("--preset").split(" (")[0].split(", ")).toEqual(Object.keys(presets));
    expect(about("--preset")).toMatch(/\(default: rcn\)$/);
    expect(about("--task")).toBe(`${taskKinds.join(", ")} (default: ${trainFields.task.default.kind}; see below)`);
    const [kinds, begun] = about("--rule")
      .replace(/; or a learned rule.*/, "")
      .split(": without --preset, starts from ");
    expect(begun.split(", ").map((preset) => presets[preset as keyof typeof presets].config.synapse)).toEqual(
      kinds.split(", "),
    );
  });

  it("shows the defaults of a run's settings, but not of those that a preset decides", () => {
    expect(about("--workers")).toMatch(/\(default: one per episode, up to the number of CPUs\)$/);
    expect(about("--device")).toMatch(/\(default: wasm\)$/);
    expect(about("--out")).toMatch(/\(default: runs\/<preset>-<data>-seed<seed>\)$/);
    for (const long of ["--diagnostics", "--resume", "--json"]) expect(about(long)).not.toContain("(default");
    for (const { usage, help } of flagsOf(plasticityFields, { defaults: false })) {
      expect(about(usage.split(" ")[0])).toBe(help);
    }
    for (const fields of Object.values(trainGroups)) {
      for (const { usage, help } of flagsOf(fields)) expect(about(usage.split(" ")[0])).toBe(help);
    }
  });

  it("groups the flags under headings, in order", () => {
    const lines = command().helpInformation().split("\n");
    const place = (text: string): number => lines.findIndex((line) => line.trimStart().startsWith(text));
    const order = [
      ...["The rule (a preset, and what to change in it):", "--preset", "--rule", "--synapse", "--hidden"],
      ...["The tasks:", "--task", "--data", "--ways", "Learning the rule:", "--lr", "The run:", "--workers", "--json"],
    ].filter((text) => !text.startsWith("--") || command().options.some(({ long }) => long === text));
    const places = order.map(place);
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(order.length).toBeGreaterThan(10);
  });
});

describe("the flags of how a run is carried out", () => {
  it("accept exactly their ranges", () => {
    for (const [flag, most] of [
      ["workers", 256],
      ["diagnostics", EPISODE_LIMIT],
    ] as const) {
      for (const n of [1, most]) expect(read(`--${flag}`, String(n))).toEqual({ [flag]: n });
      for (const n of ["0", "1.5", String(most + 1), "many"]) {
        expect(() => read(`--${flag}`, n)).toThrow(`--${flag} is "${n}"`);
      }
    }
    for (const device of ["wasm", "gpu"]) expect(read("--device", device)).toEqual({ device });
    for (const flag of ["out", "resume"]) {
      expect(read(`--${flag}`, "a b/c")).toEqual({ [flag]: "a b/c" });
      expect(() => read(`--${flag}`, "")).toThrow(`--${flag} is ""`);
    }
    expect(read("--json")).toEqual({ json: true });
  });

  it("have defaults that are valid values themselves, if they have defaults", () => {
    expect(runFields.workers.default).toBe(1);
    expect(runFields.device.default).toBe("wasm");
    expect(runFields.diagnostics.default).toBe(1);
    const flags = new Map(flagsOf(runFields).map((flag) => [flag.option, flag]));
    for (const [option, { default: value }] of Object.entries(runFields)) {
      if (value !== "") expect(flags.get(option)?.read(String(value))).toBe(value);
    }
  });
});
