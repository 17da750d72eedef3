// Slurm as what computes cells: a job array whose tasks claim cells on the disk that all machines share. There is no
// broker: the folder of the results is all that they have in common.
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { InputError, plain } from "../../core/index.js";
import { withDefaults } from "../../fields/index.js";
import { loadedParts } from "../../meta/internal.js";
import { type Cell, cellName, type Executor } from "../../runs/index.js";
import { commandHere } from "./command-here.js";
import { installed, type Run } from "./commands.js";
import { type Awaited, Gathering, PACE, type Pace } from "./gather.js";
import { HandedOver } from "./handed-over.js";
import { queued } from "./jobs.js";
import { limitsOf } from "./limits.js";
import { namesOf, partsOf, readManifest, submissionsOf } from "./manifest.js";
import { type SlurmSettings, slurmFields } from "./settings.js";
import { levelsOf, type Plan, scriptFor, submit } from "./submit.js";

/** Options of `slurm`. */
export interface SlurmOptions extends Partial<SlurmSettings> {
  /** The folder of the store that the queue uses, on a disk that all nodes of the cluster share. */
  readonly out: string;
  /** Only make the scripts: `begin` throws a `HandedOver` with them. Nothing is written or submitted. */
  readonly dryRun?: boolean | undefined;
  /** Do not wait: `begin` throws a `HandedOver` when the jobs are submitted. The same program gathers later. */
  readonly leave?: boolean | undefined;
  /** Is told, as a sentence, what was submitted. */
  readonly tell?: ((sentence: string) => void) | undefined;
  /** The words that start `synaptape` on the nodes; found beside this code if left out. */
  readonly command?: readonly string[] | undefined;
  /** How commands of Slurm are run. */
  readonly run?: Run;
  readonly pace?: Pace;
}

/**
 * Computes cells with Slurm. Cells for which a job is already in the queue are waited for, and not submitted again; so
 * a program that was stopped continues to wait when it is started again.
 *
 * ```ts
 * const executor = slurm({ out: "sweeps/step-size", partition: "long", time: "4:00:00" });
 * ```
 *
 * @throws InputError from `begin` if there is no Slurm here, or it refuses the job.
 */
export function slurm(options: SlurmOptions): Executor {
  const {
    out: folder,
    dryRun = false,
    leave = false,
    tell = () => {},
    command,
    run = installed,
    pace = PACE,
    ...given
  } = options;
  const settings: SlurmSettings = withDefaults(slurmFields, given);
  const out = resolve(folder);
  let gathering: Gathering | undefined;

  /** Job arrays in the queue that compute some of these cells, and the cells that are in none. */
  const inQueue = async (cells: readonly Cell[]) => {
    const accepted = await submissionsOf(out);
    const { jobs } = await queued(
      run,
      accepted.map(({ job }) => job),
    );
    const wanted = new Map((await namesOf(cells)).map((name, i) => [name, cells[i]]));
    const awaited: Awaited[] = [];
    for (const each of accepted) {
      if (!jobs.has(each.job)) continue;
      // Tasks refuse a manifest of another version, so nothing comes of that job.
      const manifest = await readManifest(partsOf(each.folder).manifest).catch((error: unknown) => {
        if (error instanceof InputError) return undefined;
        throw error;
      });
      const own = (await namesOf(manifest?.cells ?? [])).filter((name) => wanted.delete(name));
      if (own.length > 0) awaited.push(each);
    }
    return { awaited, left: [...wanted.values()] };
  };

  return {
    name: "slurm",
    lanes: settings.tasks * settings.cpus,
    keeps: true,
    async begin(cells) {
      const { awaited, left } = await inQueue(cells);
      if (awaited.length > 0)
        tell(`waiting for job ${awaited.map(({ job }) => job).join(", ")}, which is in the queue already`);
      const limits = await limitsOf(run, userInfo().username);
      const plan: Plan = {
        ...{ settings, limits },
        task: {
          ...{ command: command ?? commandHere(), directory: process.cwd() },
          modules: loadedParts().map(({ file }) => file),
        },
      };
      const levels = await levelsOf(left);
      if (dryRun) {
        const scripts = levels.map((level) => scriptFor(level, plan, `${plain(out)}/slurm/<number>/manifest.jsonl`));
        throw new HandedOver(scripts.join("\n"), { scripts, cells: left.length });
      }
      const submitted: Awaited[] = [];
      let after: string | undefined;
      for (const level of levels) {
        const { folder, job, tasks } = await submit(run, out, level, plan, after);
        tell(`job ${job}: ${level.length} cells for ${tasks} ${tasks === 1 ? "task" : "tasks"} (${folder})`);
        submitted.push({ folder, job });
        after = job;
      }
      const jobs = [...awaited, ...submitted];
      if (leave) {
        const told = `Job ${jobs.map(({ job }) => job).join(", ")} is in the queue. The same command without --leave gathers the results.`;
        throw new HandedOver(told, { jobs: jobs.map(({ job }) => job), cells: cells.length });
      }
      gathering = new Gathering(run, out, jobs, pace);
    },
    async submit(cell, { signal, progress }) {
      if (!gathering)
        throw new InputError(
          `[slurm] the cell ${await cellName(cell)} was submitted before \`begin\`. Use runCells().`,
        );
      await gathering.wait(cell, { signal, progress });
    },
    async close() {
      gathering?.close();
    },
  };
}
