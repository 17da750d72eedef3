// How many tasks a job array may have. The cells are shared out among the tasks that there are, so one array within all
// limits is enough for any number of cells.
import type { Run } from "./commands.js";

/** The limits that a cluster states; undefined where it does not. */
export interface Limits {
  /** The largest index of a task, plus one. */
  readonly arraySize: number | undefined;
  /** How many jobs the user may have in the queue, by any account. */
  readonly submit: number | undefined;
}

/** Share of what a user may submit that one array takes: others of his jobs need room too. */
const SHARE = 0.5;

const least = (numbers: readonly number[]): number | undefined =>
  numbers.length > 0 ? Math.min(...numbers) : undefined;

/** The whole numbers in lines of fields that are separated by a bar. */
const numbersIn = (text: string): number[] =>
  text.split(/[\n|]/).flatMap((field) => (/^\d+$/.test(field.trim()) ? Number(field) : []));

/** Asks the cluster. What it does not tell stays undefined: clusters without accounting have no limits for users. */
export async function limitsOf(run: Run, user: string): Promise<Limits> {
  const config = await run("scontrol", ["show", "config"]);
  const size = /^MaxArraySize\s*=\s*(\d+)/m.exec(config.stdout)?.[1];
  const none = { code: 1, stdout: "", stderr: "" };
  const ask = (args: readonly string[]) => run("sacctmgr", ["--noheader", "--parsable2", ...args]).catch(() => none);
  const users = await ask(["show", "association", "where", `user=${user}`, "format=MaxSubmitJobs,GrpSubmitJobs"]);
  const classes = users.code === 0 ? await ask(["show", "qos", "format=MaxSubmitJobsPerUser,GrpSubmitJobs"]) : none;
  const said = [users, classes].flatMap(({ code, stdout }) => (code === 0 ? numbersIn(stdout) : []));
  return { arraySize: size === undefined ? undefined : Number(size), submit: least(said) };
}

/** How many tasks an array for this many cells gets: at least one, whatever the limits say. */
export function tasksFor(cells: number, wanted: number, { cpus, limits }: { cpus: number; limits: Limits }): number {
  const { arraySize, submit } = limits;
  const most = [
    Math.ceil(cells / cpus),
    wanted,
    arraySize,
    submit === undefined ? undefined : Math.floor(submit * SHARE),
  ];
  return Math.max(1, Math.min(...most.filter((number) => number !== undefined)));
}
