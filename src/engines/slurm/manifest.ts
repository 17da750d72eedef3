// A submission: a folder `slurm/<number>` beside the results, with the cells that a job array is to compute, its script,
// the number that Slurm gave it, what its tasks printed, and which cells failed. Nothing in it is needed for results.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { InputError, plain } from "../../core/index.js";
import { isObject } from "../../fields/index.js";
import { type Cell, cellName } from "../../runs/index.js";
import { errorOf, type Failure } from "../../runs/internal.js";
import { explained, readPlain, systemCode, writeAside, writeOnce } from "../../runs/node.js";
import { identity, identityText, sameIdentity } from "../identity.js";

/** The form of manifests: raised when it changes. */
const FORM = 1;

/** The cells of a submission, and how its tasks compute them. */
export interface Manifest {
  /** How many cells a task computes at once. */
  readonly cpus: number;
  readonly cells: readonly Cell[];
}

/** Where the parts of a submission are. */
export const partsOf = (folder: string) => ({
  manifest: join(folder, "manifest.jsonl"),
  script: join(folder, "script.sh"),
  job: join(folder, "job"),
  log: join(folder, "log"),
  failures: join(folder, "failures"),
  stops: join(folder, "stops"),
});

/** The folder in which the submissions for these results are. */
const submissionsIn = (out: string): string => join(out, "slurm");

/** The folder of the submission of a manifest. */
export const submissionOf = (manifest: string): string => resolve(dirname(manifest));

/** The folder of the results to which a manifest belongs. */
export const outOf = (manifest: string): string => resolve(dirname(manifest), "..", "..");

const refused = (file: string, why: string, cure: string): InputError =>
  new InputError(`[slurm] ${plain(file)} ${why}. ${cure}`);

/** A manifest as the text of its file: a line that says what it is, and a line for each cell. */
function textOf({ cpus, cells }: Manifest): string {
  const head = { manifest: FORM, ...identity(), cpus, cells: cells.length };
  return [head, ...cells].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * Reads a manifest.
 *
 * @throws InputError if it cannot be read, is damaged, or was written by another version.
 */
export async function readManifest(file: string): Promise<Manifest> {
  const bytes = await readPlain(file).catch((error: unknown) => {
    throw explained(error, `${plain(file)} cannot be read`, "Submit the command again.");
  });
  const damaged = () => refused(file, "is damaged", "Submit the command again.");
  const lines = bytes.toString().split("\n");
  if (lines.pop() !== "") throw damaged();
  const [head, ...cells] = lines.map((line): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      throw damaged();
    }
  });
  if (!isObject(head) || !("manifest" in head))
    throw refused(file, "is no manifest", "Give one that --executor slurm wrote.");
  const { version, numerics, kernels, module = "", cpus } = head;
  const theirs = {
    ...{ version: String(version), numerics: Number(numerics) },
    ...{ kernels: String(kernels), module: String(module) },
  };
  if (head.manifest !== FORM || !sameIdentity(theirs, identity())) {
    const [their, own] = [plain(identityText(theirs), 160), identityText(identity())];
    throw refused(file, `was written by ${their}, and this is ${own}`, "Submit the command again.");
  }
  if (typeof cpus !== "number" || head.cells !== cells.length || !cells.every(isCell)) throw damaged();
  return { cpus, cells };
}

const isCell = (value: unknown): value is Cell =>
  isObject(value) && typeof value.kind === "string" && typeof value.seed === "number" && "config" in value;

/** Makes the folder of a new submission, with its manifest. */
export async function newSubmission(out: string, manifest: Manifest): Promise<string> {
  const above = submissionsIn(out);
  try {
    await mkdir(above, { recursive: true });
    for (let number = 1 + Math.max(0, ...(await numbersIn(above))); ; number++) {
      const folder = join(above, String(number));
      const made = await mkdir(folder).then(
        () => true,
        (error: unknown) => {
          if (systemCode(error) === "EEXIST") return false; // another command was faster
          throw error;
        },
      );
      if (!made) continue;
      const { log, failures, stops } = partsOf(folder);
      for (const path of [log, failures, stops]) await mkdir(path);
      await writeOnce(folder, "manifest.jsonl", textOf(manifest));
      return folder;
    }
  } catch (error) {
    throw explained(error, `${plain(above)} cannot be written`, "Choose another folder for the results.");
  }
}

async function numbersIn(above: string): Promise<number[]> {
  const names = await readdir(above).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  });
  return names.flatMap((name) => (/^[1-9]\d{0,8}$/.test(name) ? Number(name) : [])).sort((a, b) => a - b);
}

/** The submissions for these results that Slurm accepted, with the numbers that it gave them, in their order. */
export async function submissionsOf(out: string): Promise<{ readonly folder: string; readonly job: string }[]> {
  const above = submissionsIn(out);
  const found: { folder: string; job: string }[] = [];
  for (const number of await numbersIn(above)) {
    const folder = join(above, String(number));
    const job = (await readFile(partsOf(folder).job, "utf8").catch(() => "")).trim();
    if (/^\d+$/.test(job)) found.push({ folder, job });
  }
  return found;
}

/** Keeps, once, why a cell of a submission failed. */
export async function keepFailure(folder: string, name: string, failure: Failure): Promise<void> {
  await writeOnce(partsOf(folder).failures, `${name}.json`, `${JSON.stringify(failure)}\n`);
}

/** Why cells of a submission failed, by their names. */
export async function failuresIn(folder: string): Promise<Map<string, Error>> {
  const { failures } = partsOf(folder);
  const found = new Map<string, Error>();
  for (const file of await readdir(failures).catch(() => [])) {
    const name = /^([\da-f]{64})\.json$/.exec(file)?.[1];
    if (name === undefined) continue;
    const text = await readFile(join(failures, file), "utf8");
    found.set(name, errorOf({ fields: {}, ...JSON.parse(text) }));
  }
  return found;
}

/** How far a cell was when it was last taken up for the whole time of a task, which was not enough; undefined if never. */
export async function lastStop(folder: string, name: string): Promise<number | undefined> {
  const text = await readFile(join(partsOf(folder).stops, name), "utf8").catch(() => "");
  return text === "" ? undefined : Number(text);
}

/** Keeps that number. */
export const keepStop = (folder: string, name: string, part: number): Promise<void> =>
  writeAside(partsOf(folder).stops, name, String(part));

/** The names of these cells. */
export const namesOf = (cells: readonly Cell[]): Promise<string[]> => Promise.all(cells.map((cell) => cellName(cell)));
