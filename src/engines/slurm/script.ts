// The script of a job array: what `sbatch` is given, and `--dry-run` shows.
import { shellWord } from "../../runs/node.js";
import type { SlurmSettings } from "./settings.js";

/** What a script runs, and where. */
export interface Task {
  /** The words that start `synaptape`: Node and the built file. */
  readonly command: readonly string[];
  /** The folder from which the command was given, to which paths of images are relative. */
  readonly directory: string;
  /** The cells of the job. */
  readonly manifest: string;
  /** The modules of own parts that its tasks load; none by default. */
  readonly modules?: readonly string[];
}

/**
 * The script. It is submitted from the folder of its manifest, so no line for `sbatch` has a path, which would need
 * quoting of another sort. `exec` makes Node the process that gets the warning.
 */
export function scriptOf(
  settings: SlurmSettings,
  tasks: number,
  { command, directory, manifest, modules = [] }: Task,
): string {
  const { partition, account, time, mem, cpus, warn } = settings;
  const given = Object.entries({ partition, account, time, mem }).filter(([, value]) => value !== "");
  const options = [
    "--job-name=synaptape",
    `--array=0-${tasks - 1}`,
    "--ntasks=1",
    `--cpus-per-task=${cpus}`,
    ...given.map(([name, value]) => `--${name}=${value}`),
    `--signal=B:USR1@${warn}`,
    "--requeue",
    "--open-mode=append",
    "--output=log/%a.txt",
  ];
  return [
    "#!/bin/sh",
    "# A task computes the cells of the manifest that are free, one after the other. Slurm warns it before its time ends;",
    "# it then stops at a point from which it can be resumed, and puts itself back into the queue.",
    ...options.map((option) => `#SBATCH ${option}`),
    `cd ${shellWord(directory)} || exit 1`,
    `exec ${[...command, "slurm-task", manifest, ...modules.flatMap((file) => ["--module", file])].map(shellWord).join(" ")}`,
    "",
  ].join("\n");
}
