// `--dry-run` and `--leave`: a command that hands its work to a cluster and ends.
import type { Command } from "commander";
import { HandedOver } from "../engines/internal.js";
import { UsageError } from "../fields/index.js";
import { say, sayJson } from "./output.js";

/** The flags of a command that can hand its work over. */
export interface HandOverFlags {
  readonly dryRun?: boolean;
  readonly leave?: boolean;
}

/** Adds them to a command. */
export const addHandOverFlags = (command: Command): Command =>
  command
    .option("--dry-run", "with --executor slurm, print the script of the job array, and submit nothing")
    .option(
      "--leave",
      "with --executor slurm, submit and do not wait; the same command without it gathers the results",
    );

/** Refuses them for an engine that hands nothing over. */
export function checkHandOver({ dryRun, leave }: HandOverFlags, handsOver: boolean): void {
  const flag = dryRun ? "--dry-run" : leave ? "--leave" : undefined;
  if (flag === undefined || handsOver) return;
  throw new UsageError(`${flag} is for engines that take the work over. Add --executor slurm, or leave it out.`);
}

/** What this work gives, or undefined if it was handed over, which is then told. */
export async function unlessHandedOver<T>(json: boolean, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HandedOver)) throw error;
    if (json) sayJson(error.facts);
    else say(error.message);
    return undefined;
  }
}
