// What the flags of `train` say of the task.
import { isRegression, type TaskConfig } from "../meta/config.js";
import { UsageError } from "./failure.js";
import type { TrainFlags } from "./flags.js";
import { flagOf } from "./values.js";

/** Refuses flags of other tasks than this one. */
export function checkTaskFlags(flags: TrainFlags, task: TaskConfig): void {
  const refuse = (field: keyof TrainFlags, why: string): void => {
    if (flags[field] === undefined) return;
    throw new UsageError(
      `${flagOf(field)} contradicts --task ${task.kind}, which has no ${why}. Leave one of them out.`,
    );
  };
  if (isRegression(task)) {
    for (const field of ["data", "prefix", "protocol"] as const) refuse(field, "images");
    refuse("ways", "classes");
  }
  if (!("inputs" in task)) for (const field of ["inputs", "outputs"] as const) refuse(field, "teacher of any size");
  if (task.kind !== "two-timescale") refuse("segment", "segments");
  if (flags.segment && !(flags.segment.length === 2 && flags.segment[0] <= flags.segment[1])) {
    throw new UsageError(`--segment is "${flags.segment}". Pass the shortest and the longest, such as --segment 5,15.`);
  }
}

/** The task that the flags describe. */
export function taskOf({ inputs, outputs, segment }: TrainFlags, task: TaskConfig): TaskConfig {
  if (!("inputs" in task)) return task;
  const sized = { ...task, inputs: inputs ?? task.inputs, outputs: outputs ?? task.outputs };
  if (sized.kind === "teacher" || segment === undefined) return sized;
  return { ...sized, segment: [segment[0], segment[1]] };
}
