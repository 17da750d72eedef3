// `synaptape sweep`: runs something with many settings and seeds, and compares them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../core/index.js";
import { sweepReport } from "../report/sweep-report.js";
import { type Executor, openStore, type Store } from "../runs/index.js";
import { explained, packageVersion, writeAside } from "../runs/node.js";
import {
  ranking,
  resultsCsv,
  type Settings,
  type Subject,
  type SweepOutcome,
  settingsText,
  sweep,
  sweepFigures,
  type Trial,
  trialsCsv,
  trialTable,
} from "../sweeps/index.js";
import { answerAll } from "./ask.js";
import { checkExecutor, openExecutor } from "./executor.js";
import { failureLines, UsageError } from "./failure.js";
import { unlessHandedOver } from "./handed-over.js";
import { linesOf, say, sayJson } from "./output.js";
import { writeReport } from "./report.js";
import { type SweepFlags, settingsIn, trialsOf } from "./sweep-flags.js";
import { type Opened, type Sweepable, sharedSettings } from "./sweep-subjects.js";
import { sayStopped, stepsOf, underBar } from "./under-bar.js";

/** Trials that are printed; all are in the files. */
const SHOWN = 20;

/** Where results are kept by default, in a folder for each thing that is swept. */
const OUT = "sweeps";

/** Runs the sweep that these flags ask for. */
export async function runSweep(what: Sweepable, flags: SweepFlags): Promise<void> {
  checkWays(flags);
  checkExecutor(flags);
  // Read before anything is opened, so that a mistake costs nothing.
  const settings = flags.ask ? undefined : await settingsOf(what, flags);
  const out = flags.out ?? join(OUT, what.name);
  const opened = await what.open(flags);
  const store = await openStore(out);
  const executor = await openExecutor(flags, { data: opened.datasets, out });
  const { seeds = 1 } = flags;
  if (settings) return runTrials(what, flags, settings, { opened, store, executor, out });
  const { subject } = opened;
  const read = (line: unknown): Settings => settingsIn(line, what.flags, "the question");
  await answerAll(process.stdin, read, (signal) => ({ subject, seeds, store, executor, signal })).finally(() =>
    executor.close(),
  );
}

/** Refuses flags that ask for trials in two ways. */
function checkWays({ vary, from, ask, random, dryRun, leave }: SweepFlags): void {
  if (ask && (dryRun || leave)) {
    throw new UsageError(`--ask answers each question, so it waits. Leave ${dryRun ? "--dry-run" : "--leave"} out.`);
  }
  const ways = Object.entries({ vary, from, ask }).filter(([, given]) => given !== undefined && given !== false);
  if (ways.length > 1) {
    const names = ways.map(([name]) => `--${name}`).join(" and ");
    throw new UsageError(`${names} each say which trials to run. Leave all but one of them out.`);
  }
  if (random !== undefined && vary === undefined) {
    throw new UsageError(
      "--random draws values of the flags that --vary names. Add --vary, such as --vary lr=1e-4..1e-1:log.",
    );
  }
}

async function settingsOf(what: Sweepable, flags: SweepFlags): Promise<Settings[]> {
  const { from } = flags;
  if (from === undefined) return trialsOf(flags, what.flags);
  const content = await readFile(from, "utf8").catch((error: unknown) => {
    throw explained(error, `${from} cannot be read`, "Give a file with one JSON object per line.");
  });
  const lines = content.replace(/^\uFEFF/, "").split(/\r?\n/);
  const trials = lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const where = `line ${i + 1} of ${from}`;
    return [settingsIn(parsed(line, where), what.flags, where)];
  });
  if (trials.length === 0) throw new InputError(`${from} has no trials. Write one JSON object per line.`);
  return trials;
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new InputError(`${where} is no JSON: ${(error as Error).message}. Write one object such as {"lr": 0.001}.`);
  }
}

interface Places {
  readonly opened: Opened;
  readonly store: Store;
  readonly executor: Executor;
  readonly out: string;
}

async function runTrials(
  what: Sweepable,
  flags: SweepFlags,
  settings: readonly Settings[],
  { opened: { subject }, store, executor, out }: Places,
): Promise<void> {
  const { json = false, seeds = 1 } = flags;
  const work = underBar(
    json,
    (bar, signal) => sweep(subject, { settings, seeds, store, executor, signal, onProgress: stepsOf(bar) }),
    () => executor.close(),
  );
  const ended = await unlessHandedOver(json, work);
  if (!ended) return;
  const { found: outcome, code } = ended;
  if (code !== undefined) return sayStopped(code);
  const { trials, failures } = outcome;
  const lead = leadOf(outcome, seeds);
  const figures = sweepFigures(subject, outcome);
  const findings = {
    subject: what.name,
    lead,
    shared: sharedSettings(what, flags),
    figures,
    version: packageVersion(),
  };
  const report = join(out, "report.html");
  await writeFiles(out, subject, outcome);
  await writeReport(report, sweepReport(findings));
  if (json) {
    for (const trial of trials) sayJson(lineOf(trial));
    const best = outcome.best ?? null;
    sayJson({ done: failures.length === 0, trials: trials.length, failed: failures.length, best, out, report });
  } else {
    say(lead);
    say();
    const shown = ranking(subject, trials).slice(0, SHOWN);
    for (const line of linesOf(trialTable(shown))) say(line);
    if (trials.length > SHOWN) say(`... and ${trials.length - SHOWN} more in ${join(out, "trials.csv")}`);
    say(`\nResults  ${join(out, "trials.csv")}, results.csv, trials.json`);
    say(`Report   ${report}`);
  }
  for (const line of failureLines(failures)) process.stderr.write(`synaptape: ${line}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

function leadOf({ trials, best }: SweepOutcome, seeds: number): string {
  const count = `${trials.length} ${trials.length === 1 ? "trial" : "trials"}, ${seeds} ${seeds === 1 ? "seed" : "seeds"} each.`;
  const winner = trials.find(({ number }) => number === best);
  if (!winner) return count;
  const [[name, { value }]] = Object.entries(winner.measures);
  return `${count} Best: trial ${winner.number} (${settingsText(winner.settings)}), ${name} ${value.toFixed(3)}.`;
}

/** A trial as a line of JSON. */
export const lineOf = ({ number, settings, measures, whole }: Trial) => ({ trial: number, settings, whole, measures });

async function writeFiles(out: string, subject: Subject, outcome: SweepOutcome): Promise<void> {
  const trials = outcome.trials.map((trial) => ({
    ...lineOf(trial),
    results: trial.results.map((result) => ({ seed: result.cell.seed, ...subject.values(result) })),
  }));
  const files = {
    "trials.csv": trialsCsv(outcome),
    "results.csv": resultsCsv(subject, outcome),
    "trials.json": `${JSON.stringify(trials, null, 1)}\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    await writeAside(out, name, content).catch((error: unknown) => {
      const cure = "Put that right and run the same command again: it keeps the runs that are finished.";
      throw explained(error, `${join(out, name)} cannot be written`, cure);
    });
  }
}
