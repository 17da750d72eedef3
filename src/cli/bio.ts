// `synaptape bio`: trains a network with and without each mechanism, and tells what each one does.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../core/index.js";
import { type Dataset, glyphs, openFolder } from "../data/index.js";
import { imagesOf, subset } from "../nn/index.js";
import { explained, writeAside } from "../runs/internal.js";
import { type Arm, armsOf, type Outcome, type Setting, type Split, trainArm } from "./ablation.js";
import { plotAblation } from "./ablation-plot.js";
import { cellsOf, HEAD, rowOf } from "./ablation-table.js";
import { BIO, type BioFlags } from "./bio-flags.js";
import { duration, percent, say, sayJson, table } from "./output.js";
import { startWorkBar } from "./progress.js";
import { watchSignals } from "./signals.js";

/** What `results.json` holds. */
interface Results {
  readonly setting: Setting & { readonly data: string };
  readonly runs: readonly Outcome[];
}

const RESULTS = "results.json";
const PLOT = "ablation.svg";

/** Runs what these flags ask for and is not there yet. */
export async function runBio(flags: BioFlags): Promise<void> {
  const setting: Setting = {
    network: flags.network ?? BIO.network,
    optimizer: flags.optimizer ?? BIO.optimizer,
    epochs: flags.epochs ?? BIO.epochs,
    batchSize: flags.batch ?? BIO.batch,
    reference: flags.reference ?? false,
  };
  const { split, name } = await openSplit(flags.data ?? "glyphs");
  const arms = armsOf(flags.mechanisms ?? BIO.mechanisms, flags.together ?? false);
  const seeds = Array.from({ length: flags.seeds ?? BIO.seeds }, (_, seed) => seed);
  const results = new ResultsFile(flags.out, { ...setting, data: name });
  await results.open();
  const jobs = seeds.flatMap((seed) => arms.map((arm) => ({ arm, seed }))).filter((job) => !results.has(job));
  const began = performance.now();
  const bar = startWorkBar({ quiet: flags.json ?? false });
  const watch = watchSignals(
    () => bar.note("stopping"),
    () => bar.end(),
  );
  try {
    for (const [i, { arm, seed }] of jobs.entries()) {
      const outcome = await trainArm(arm, seed, setting, split, (part, accuracy) => {
        bar.step((i + part) / jobs.length, `${arm.name}, seed ${seed}: accuracy ${percent(accuracy)}`);
        return !watch.signal.aborted;
      });
      if (outcome === undefined) break;
      await results.add(outcome);
      if (flags.json) sayJson(outcome);
    }
  } finally {
    bar.end();
    watch.end();
  }
  const code = watch.code();
  if (code !== undefined) {
    const how = flags.out === undefined ? "With --out, the same command would go on." : "The same command goes on.";
    process.stderr.write(`Stopped. ${how}\n`);
    process.exitCode = code;
    return;
  }
  const rows = arms.map((arm) => rowOf(arm, results.of(arm, seeds), results.of(arms[0], seeds)));
  if (flags.out !== undefined) await results.write(PLOT, plotAblation(rows, `${name}, ${setting.network}`));
  if (flags.json) {
    sayJson({ done: true, ...setting, data: name, arms: rows });
    return;
  }
  const how = `${setting.network}, ${setting.optimizer}, ${setting.epochs} epochs, ${seeds.length} seeds`;
  say(`What each mechanism does: ${name}, ${how}${setting.reference ? ", published formulas" : ""}.`);
  say();
  for (const line of table([HEAD, ...rows.map(cellsOf)])) say(line);
  say();
  if (flags.out !== undefined) say(`Results  ${join(flags.out, RESULTS)}, ${join(flags.out, PLOT)}`);
  say(`Time     ${duration((performance.now() - began) / 1000)}`);
}

/** The images to train on and those to test with: files, or the built-in characters with every fifth kept for the test. */
async function openSplit(data: string): Promise<{ split: Split; name: string }> {
  if (data !== "glyphs") {
    const training = await openFolder(data, "train");
    const testing = await openFolder(data, "t10k").catch(async (error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      return openFolder(data, "test");
    });
    if (training.rows !== testing.rows || training.columns !== testing.columns) {
      throw new InputError(`${data} has training and test images of different sizes. Use files of one set.`);
    }
    const classes = Math.max(training.classes, testing.classes);
    return { split: { train: imagesOf(training), test: imagesOf(testing), classes }, name: training.name };
  }
  const characters: Dataset = glyphs({ perClass: 100 });
  const examples = imagesOf(characters);
  const kept = (test: boolean): number[] =>
    Array.from({ length: examples.count }, (_, i) => i).filter((i) => (i % 5 === 0) === test);
  const split = {
    train: subset(examples, kept(false)),
    test: subset(examples, kept(true)),
    classes: characters.classes,
  };
  return { split, name: characters.name };
}

/** The results of a folder, so that runs which are there are not done again; without a folder, those of this process. */
class ResultsFile {
  private runs: Outcome[] = [];

  constructor(
    private readonly folder: string | undefined,
    private readonly setting: Results["setting"],
  ) {}

  /** Reads what is there. Throws if it is of another setting, or cannot be read. */
  async open(): Promise<void> {
    if (this.folder === undefined) return;
    await mkdir(this.folder, { recursive: true }).catch((error: unknown) => {
      throw explained(error, `${this.folder} cannot be made`, "Choose another --out.");
    });
    const file = join(this.folder, RESULTS);
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw explained(error, `${file} cannot be read`, "Choose another --out.");
    });
    if (text === undefined) return;
    const { setting, runs } = parsed(text, file);
    const different = (Object.keys(this.setting) as (keyof Results["setting"])[]).find(
      (field) => setting[field] !== this.setting[field],
    );
    if (different !== undefined) {
      throw new InputError(
        `${file} holds results of ${different} ${setting[different]}, not ${this.setting[different]}. Choose another --out.`,
      );
    }
    this.runs = [...runs];
  }

  has({ arm, seed }: { arm: Arm; seed: number }): boolean {
    return this.runs.some((run) => run.arm === arm.name && run.seed === seed);
  }

  async add(outcome: Outcome): Promise<void> {
    this.runs.push(outcome);
    await this.write(RESULTS, `${JSON.stringify({ setting: this.setting, runs: this.runs }, null, 1)}\n`);
  }

  async write(name: string, text: string): Promise<void> {
    if (this.folder === undefined) return;
    await writeAside(this.folder, name, text).catch((error: unknown) => {
      throw explained(error, `${join(this.folder!, name)} cannot be written`, "Make room, or choose another --out.");
    });
  }

  /** The runs of an arm, seed by seed. */
  of(arm: Arm, seeds: readonly number[]): Outcome[] {
    return seeds.map((seed) => this.runs.find((run) => run.arm === arm.name && run.seed === seed)!);
  }
}

/** The results in the text of a file. */
function parsed(text: string, file: string): Results {
  try {
    const { setting, runs } = JSON.parse(text) as Results;
    if (typeof setting === "object" && Array.isArray(runs)) return { setting, runs };
  } catch {
    // told below
  }
  throw new InputError(`${file} is damaged or no file of this command. Remove it, or choose another --out.`);
}
