// Submits job arrays. Cells that need others are in an array of their own, which Slurm starts when that of the others
// has ended.
import { InputError } from "../../core/index.js";
import { type Cell, cellName } from "../../runs/index.js";
import { explained, writeAside, writeOnce } from "../../runs/node.js";
import { type Run, saidBy } from "./commands.js";
import { type Limits, tasksFor } from "./limits.js";
import { newSubmission, partsOf } from "./manifest.js";
import { scriptOf, type Task } from "./script.js";
import type { SlurmSettings } from "./settings.js";

/** What a job array is submitted with. */
export interface Plan {
  readonly settings: SlurmSettings;
  readonly limits: Limits;
  readonly task: Omit<Task, "manifest">;
}

/** A job array that Slurm accepted. */
export interface Submitted {
  readonly folder: string;
  readonly job: string;
  readonly tasks: number;
}

/** What `sbatch` says where an array has more tasks than the user, or the cluster, may have. */
const TOO_MANY =
  /job array|SubmitJob|Submit limit|submit limit|too many|AssocGrp|QOSMax|QOSGrp|temporarily unable to accept/i;

/** The cells in groups: each group needs only cells of earlier groups, or none of these. */
export async function levelsOf(cells: readonly Cell[]): Promise<Cell[][]> {
  const levels: Cell[][] = [];
  const levelOf = new Map<string, number>();
  for (const cell of cells) {
    const needs = await Promise.all((cell.needs ?? []).map((need) => cellName(need)));
    const level = Math.max(0, ...needs.map((name) => 1 + (levelOf.get(name) ?? -1)));
    levelOf.set(await cellName(cell), level);
    levels[level] = [...(levels[level] ?? []), cell];
  }
  return levels;
}

/** The script for these cells, as `--dry-run` shows it. */
export function scriptFor(cells: readonly Cell[], { settings, limits, task }: Plan, manifest: string): string {
  return scriptOf(settings, tasksFor(cells.length, settings.tasks, { cpus: settings.cpus, limits }), {
    ...task,
    manifest,
  });
}

/**
 * Submits the cells of one group.
 *
 * @param after the job that has to end first.
 * @throws InputError with the words of `sbatch` if it refuses even a single task.
 */
export async function submit(
  run: Run,
  out: string,
  cells: readonly Cell[],
  plan: Plan,
  after?: string,
): Promise<Submitted> {
  const { settings, limits, task } = plan;
  const folder = await newSubmission(out, { cpus: settings.cpus, cells });
  const { manifest } = partsOf(folder);
  const afterwards = after === undefined ? [] : [`--dependency=afterany:${after}`];
  for (
    let tasks = tasksFor(cells.length, settings.tasks, { cpus: settings.cpus, limits });
    ;
    tasks = Math.floor(tasks / 2)
  ) {
    await writeAside(folder, "script.sh", scriptOf(settings, tasks, { ...task, manifest })).catch((error: unknown) => {
      throw explained(error, `${folder} cannot be written`, "Choose another folder for the results.");
    });
    const said = await run("sbatch", ["--parsable", ...afterwards, "script.sh"], folder);
    if (said.code === 0) {
      const job = /^(\d+)/m.exec(said.stdout)?.[1];
      if (job === undefined) throw new InputError(`[slurm] sbatch gave no number of a job: ${saidBy(said)}.`);
      await writeOnce(folder, "job", `${job}\n`);
      return { folder, job, tasks };
    }
    // Limits that were not told: fewer tasks do the same work.
    if (tasks > 1 && TOO_MANY.test(said.stderr)) continue;
    throw new InputError(`[slurm] sbatch refused the job: ${saidBy(said)}. The script is ${folder}/script.sh.`);
  }
}
