// What to try after a run: a complete command that repeats the settings of this run.
import { existsSync } from "node:fs";
import { type AnyFields, flagsOf } from "../fields/index.js";
import { defaultTrainConfig, type TrainConfig } from "../meta/index.js";
import { dataFields, taskName, taskTables, trainFields, withTask } from "../meta/internal.js";
import type { PresetName } from "../plasticity/index.js";
import { shellWord } from "../runs/node.js";

import { defaultFolder } from "./train-config.js";

/** A preset that is worth comparing with, and why. */
interface Rival {
  readonly preset: PresetName;
  readonly why: string;
}

const PLAIN: Rival = { preset: "fa", why: "plain feedback alignment on the same tasks, for comparison" };

/** The rivals of presets other than `PLAIN`. */
const rivals: ReadonlyMap<string, Rival> = new Map([
  [PLAIN.preset, { preset: "rcn", why: "a rule with chemicals, to compare with feedback alignment" }],
]);

/** Settings that belong to the rule, not to the network and the tasks. */
const { learningRate, l1, checkpoint, estimator, form, ...compared } = trainFields;

/** The flags that make the settings of `base` those of `wanted`. */
function differences(fields: AnyFields, wanted: object, base: object): string[] {
  const value = (config: object, option: string): string => String((config as Record<string, unknown>)[option]);
  return flagsOf(fields)
    .filter(({ option }) => value(wanted, option) !== value(base, option))
    .flatMap(({ name, option }) => [name, shellWord(value(wanted, option))]);
}

/** The `--out` flag that a run needs if its default folder exists already; empty if it does not. */
export function outFlag(config: TrainConfig): string[] {
  const folder = defaultFolder(config);
  if (!existsSync(folder)) return [];
  let count = 2;
  while (existsSync(`${folder}-${count}`)) count++;
  return ["--out", shellWord(`${folder}-${count}`)];
}

/** Another run to compare this one with: the same network and tasks, and a rule of another kind. */
export function suggestion(config: TrainConfig): string {
  const { preset, why } = rivals.get(config.preset) ?? PLAIN;
  const { kind } = config.task;
  const name = taskName(config.task);
  const base = withTask(defaultTrainConfig(preset), name);
  const words = [
    ...["npx", "synaptape", "train", "--preset", preset],
    ...(kind === defaultTrainConfig(preset).task.kind ? [] : ["--task", name]),
    ...(config.module.hash === "" ? [] : ["--module", shellWord(config.module.file)]),
    ...differences(taskTables[kind], config.task, base.task),
    ...differences(dataFields, config.data, base.data),
    ...differences(compared, config, base),
    ...outFlag({ ...config, preset }),
  ];
  return `${words.join(" ")}   (${why})`;
}
