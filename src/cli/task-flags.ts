// What the flags of `train` say about the task.
import { type AnyFields, flagsOf, givenIn, UsageError } from "../fields/index.js";
import type { TaskConfig } from "../meta/index.js";
import { dataFields, isRegression, taskName, taskTables, trainFields } from "../meta/internal.js";
import { type TrainFlags, taskFlags } from "./flags.js";

/** What regression tasks do not have, and the settings that belong to it. */
const { protocol, ways } = trainFields;
const WITHOUT: readonly (readonly [string, AnyFields])[] = [
  ["images", { ...dataFields, protocol }],
  ["classes", { ways }],
];

/** Refuses flags of other tasks than this one. */
export function checkTaskFlags(flags: TrainFlags, task: TaskConfig): void {
  const refuse = (name: string, why: string): never => {
    throw new UsageError(`${name} contradicts --task ${taskName(task)}, which has no ${why}. Leave one of them out.`);
  };
  if (isRegression(task)) {
    for (const [what, fields] of WITHOUT) {
      for (const { key, name } of flagsOf(fields)) if (flags[key] !== undefined) refuse(name, what);
    }
  }
  for (const { key, name, option } of taskFlags) {
    if (flags[key] !== undefined && !Object.hasOwn(task, option)) refuse(name, `${option} of its own`);
  }
}

/** The task that the flags describe. */
export function taskOf(flags: TrainFlags, task: TaskConfig): TaskConfig {
  const fields: AnyFields = taskTables[task.kind];
  return { ...task, ...givenIn(fields, flags) } as TaskConfig;
}
