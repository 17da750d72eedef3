// Asks Slurm about jobs.
import { InputError } from "../../core/index.js";
import type { Elsewhere } from "../../runs/node.js";
import { type Run, saidBy } from "./commands.js";

/** The tasks of jobs that have not ended. */
export interface Queued {
  readonly running: number;
  readonly waiting: number;
  /** Why they wait, in the words of Slurm. */
  readonly reasons: readonly string[];
  /** The jobs that have such tasks. */
  readonly jobs: ReadonlySet<string>;
}

/** `squeue` says so for a job that ended some time ago. */
const FORGOTTEN = /Invalid job id specified/;

/**
 * What is left of these jobs.
 *
 * @throws InputError if Slurm does not answer.
 */
export async function queued(run: Run, jobs: readonly string[]): Promise<Queued> {
  const none: Queued = { running: 0, waiting: 0, reasons: [], jobs: new Set() };
  if (jobs.length === 0) return none;
  const said = await run("squeue", ["--noheader", "--array", `--jobs=${jobs.join(",")}`, "--format=%F|%T|%r"]);
  if (said.code !== 0) {
    if (FORGOTTEN.test(said.stderr)) return none;
    throw new InputError(`[slurm] squeue failed: ${saidBy(said)}. See whether the cluster works: sinfo.`);
  }
  const lines = said.stdout.split("\n").filter((line) => line.trim() !== "");
  const rows = lines.map((line) => line.trim().split("|"));
  const pending = rows.filter(([, state]) => state === "PENDING");
  return {
    running: rows.length - pending.length,
    waiting: pending.length,
    reasons: [...new Set(pending.map(([, , reason]) => reason))].filter((reason) => reason !== "None"),
    jobs: new Set(rows.map(([job]) => job)),
  };
}

/** What Slurm sets for a task of an array. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The task in this environment, as Slurm writes it; undefined outside of Slurm. */
export function taskIn({ SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID }: Environment): string | undefined {
  if (!/^\d+$/.test(SLURM_ARRAY_JOB_ID ?? "") || !/^\d+$/.test(SLURM_ARRAY_TASK_ID ?? "")) return undefined;
  return `${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}`;
}

/** States in which no process of a task is left. One that is to be run again is pending. */
const OVER =
  /^(?:PENDING|COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|BOOT_FAIL|DEADLINE|REVOKED)\b/;

/**
 * What is known of tasks on other machines: Slurm is asked, and never runs a task twice at once. A task that was put
 * back into the queue counts its starts, so its earlier process is told from the present one.
 */
export function elsewhere(run: Run, environment: Environment): Elsewhere | undefined {
  const task = taskIn(environment);
  if (task === undefined) return undefined;
  const starts = Number(environment.SLURM_RESTART_COUNT ?? 0);
  return {
    mark: `slurm ${environment.SLURM_CLUSTER_NAME ?? ""} ${task} ${starts}`,
    async ended(mark) {
      const [, cluster, other, before] = /^slurm (\S*) (\d+_\d+) (\d+)$/.exec(mark) ?? [];
      if (other === undefined || cluster !== (environment.SLURM_CLUSTER_NAME ?? "")) return false;
      if (other === task) return Number(before) < starts;
      const asked = await run("squeue", ["--noheader", "--states=all", `--jobs=${other}`, "--Format=State,RestartCnt"]);
      if (asked.code !== 0) return FORGOTTEN.test(asked.stderr);
      const [state = "", restarts] = asked.stdout.trim().split(/\s+/);
      return state === "" || OVER.test(state) || Number(restarts) > Number(before);
    },
  };
}
