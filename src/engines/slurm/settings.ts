// How a cluster is asked: the few settings that every user of Slurm knows, under the names that sbatch gives them. What
// else sbatch can do is set by its own variables, such as SBATCH_QOS.
import { InputError, plain, quote } from "../../core/index.js";
import { type ConfigOf, complete, field, type Leaf, leaf, orOf, Place, whole } from "../../fields/index.js";

/** Text that goes into the script as it is, so it must be one plain word. */
const word = (what: string, form: RegExp): Leaf<string> =>
  leaf<string>({
    allowed: what,
    holds: (value) => typeof value === "string" && (value === "" || form.test(value)),
    text: { allowed: what, read: (given) => (form.test(given) ? given : undefined) },
  });

/** The settings of a job. Those with "" are left to the cluster. */
export const slurmFields = {
  partition: field({
    type: word("the name of a partition", /^[\w.+-]{1,200}$/),
    default: "",
    help: "the partition",
  }),
  account: field({
    type: word("the name of an account", /^[\w.+-]{1,200}$/),
    default: "",
    help: "the account that pays",
  }),
  time: field({
    type: word("a time such as 90 (minutes), 4:00:00 or 2-12:00:00", /^(?:\d{1,4}-)?\d{1,5}(?::\d{1,2}){0,2}$/),
    default: "",
    help: "the longest that a task runs before it is stopped, and continued as a new one",
  }),
  mem: field({
    type: word("an amount of memory such as 2G", /^\d{1,9}[KMGT]?$/),
    default: "",
    help: "the memory of a task",
  }),
  cpus: field({
    type: whole(1, { to: 1024 }),
    default: 1,
    help: "the processors of a task, each of which runs a cell",
  }),
  tasks: field({ type: whole(1, { to: 1_000_000 }), default: 256, help: "the most tasks of the job array" }),
  warn: field({
    type: whole(10, { to: 65_535 }),
    default: 120,
    help: "how many seconds before its end a task stops at a point from which it can be resumed",
  }),
};

/** The settings of a job; see the table. */
export type SlurmSettings = ConfigOf<typeof slurmFields>;

const names = Object.keys(slurmFields) as (keyof SlurmSettings)[];

/** Whether a text names Slurm as the engine: "slurm", or "slurm:" and settings. */
export const namesSlurm = (where: string): boolean => /^slurm(?::|$)/.test(where);

/**
 * The settings in a text such as "slurm:partition=long,time=4:00:00".
 *
 * @throws InputError that names the first setting that does not exist or has a value that is not allowed.
 */
export function settingsOf(where: string): SlurmSettings {
  const given: Record<string, unknown> = {};
  for (const part of where.slice("slurm:".length).split(",")) {
    if (part.trim() === "") continue;
    const [, name, value] = /^\s*(\w+)=(.*)$/s.exec(part) ?? [];
    const known = names.find((each) => each === name);
    if (known === undefined) {
      throw new InputError(
        `[slurm] there is no setting ${quote(part)}. Write slurm:partition=long,time=4:00:00, with ${orOf(names)}.`,
      );
    }
    if (Object.hasOwn(given, known)) throw new InputError(`[slurm] ${known} is given twice. Leave one of them out.`);
    const form = slurmFields[known].type.text;
    const read = form?.read(value.trim());
    if (read === undefined)
      throw new InputError(`[slurm] ${known} is ${quote(value)}. Pass ${plain(form?.allowed ?? "")}.`);
    given[known] = read;
  }
  return complete(slurmFields, given as Partial<SlurmSettings>, new Place("[slurm] ", "", "code"));
}
