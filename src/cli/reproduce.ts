// `synaptape reproduce`: the runs behind the published figures, those that are not there yet, several at once, and the
// report on them.
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Dataset } from "../data/index.js";
import { defaultTrainConfig, readRun } from "../meta/index.js";
import { type Evidence, recordOf, statistics } from "../report/evidence.js";
import { type FigureName, type Label, labelsOf, measuredEvery, type Setting } from "../report/experiments.js";
import { type Job, makespan, nameOf, planJobs, prepare } from "../report/plan.js";
import { comparable, published } from "../report/published.js";
import { reproductionReport } from "../report/report.js";
import { explained } from "../runs/internal.js";
import { bootstrap } from "../studies/index.js";
import { type ChildRun, startChild } from "./child-run.js";
import { checkPrefix, openData, sourceOf } from "./data.js";
import { duration, say, sayJson, table } from "./output.js";
import { startWorkBar, type WorkBar } from "./progress.js";
import { extrasOf, writeReport } from "./report.js";
import { REPRODUCE, type ReproduceFlags } from "./reproduce-flags.js";
import { watchSignals } from "./signals.js";

/** A run is timed until it has had so many episodes and seconds of them; the first ones are slow. */
const PILOT = { episodes: 3, seconds: 1 };

/** Reproduces these figures. */
export async function reproduce(names: readonly FigureName[], flags: ReproduceFlags): Promise<void> {
  const { json = false, seeds = REPRODUCE.seeds } = flags;
  const out = flags.out ?? REPRODUCE.out;
  const workers = flags.workers ?? availableParallelism();
  const setting = settingOf(flags);
  const dataset = await openData({ ...defaultTrainConfig("bio"), ...setting });
  const labels = labelsOf(names);
  const jobs = await planJobs(out, labels, seeds, setting, dataset);
  await makeFolder(join(out, "runs"));
  const work = new Work(jobs, dataset, workers, json);
  const watch = watchSignals(
    () => work.stop(),
    () => work.end(),
  );
  try {
    await work.run();
  } finally {
    work.end();
    watch.end();
  }
  const code = watch.code();
  if (code !== undefined) {
    process.stderr.write("Stopped. The same command goes on from here.\n");
    process.exitCode = code;
    return;
  }
  const evidence = await gather(jobs, work.failed);
  const report = join(out, "report.html");
  if (evidence.length > 0) {
    await writeReport(report, reproductionReport(names, evidence, await extrasOf(evidence, dataset)));
  }
  if (json) for (const each of evidence) sayJson(lineOf(each));
  else for (const line of table([HEAD, ...evidence.map(rowOf)])) say(line);
  if (json) sayJson({ done: work.failed.size === 0, runs: jobs.length, failed: [...work.failed.keys()], report });
  else if (evidence.length > 0) say(`\nReport: ${report}`);
  if (work.failed.size > 0) {
    const each = [...work.failed].map(([name, problem]) => `  ${name}: ${problem}\n`);
    process.stderr.write(`synaptape: ${work.failed.size} of ${jobs.length} runs failed:\n${each.join("")}`);
    process.exitCode = 1;
  }
}

/** The accuracy of an experiment, with its interval and what was published. */
function lineOf(evidence: Evidence) {
  const { mean, low, high, count } = bootstrap(statistics(evidence));
  const { label, config } = evidence;
  const theirs = comparable(config) ? published[label]?.accuracy : undefined;
  return { experiment: label, seeds: count, accuracy: mean, low, high, published: theirs };
}

const HEAD = ["experiment", "seeds", "accuracy", "98 % interval", "published"];

function rowOf(evidence: Evidence): string[] {
  const { experiment, seeds, accuracy, low, high, published } = lineOf(evidence);
  const interval = seeds > 1 ? `${low.toFixed(3)} to ${high.toFixed(3)}` : "-";
  return [experiment, String(seeds), accuracy.toFixed(3), interval, published?.toFixed(3) ?? "-"];
}

/** Makes the folder that all runs lie in. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw explained(error, `${folder} cannot be made`, "Choose another --out.");
  });
}

/** What all runs share, from the flags. */
function settingOf(flags: ReproduceFlags): Setting {
  const { hidden } = defaultTrainConfig("bio");
  checkPrefix(flags.prefix, flags.data);
  return {
    data: { source: sourceOf(flags.data ?? "glyphs"), prefix: flags.prefix ?? "train" },
    hidden: flags.hidden ?? hidden,
    ways: flags.ways ?? REPRODUCE.ways,
    shots: flags.shots ?? REPRODUCE.shots,
    queries: flags.queries ?? REPRODUCE.queries,
    episodes: flags.episodes ?? REPRODUCE.episodes,
  };
}

/** The runs under way: what is left, how long an episode takes, and what went wrong. */
class Work {
  /** Sentences of runs that failed, by name. */
  readonly failed = new Map<string, string>();
  private readonly left = new Map<Job, number>();
  private readonly pace = new Map<Label, number[]>();
  /** Seconds that runs took besides their episodes. */
  private readonly overheads: number[] = [];
  private readonly running = new Set<ChildRun>();
  private bar: WorkBar;
  private stopped = false;

  constructor(
    private readonly jobs: readonly Job[],
    private readonly dataset: Dataset,
    private readonly workers: number,
    private readonly json: boolean,
  ) {
    for (const job of jobs) this.left.set(job, Math.max(0, job.config.episodes - job.done));
    this.bar = startWorkBar({ quiet: json });
  }

  async run(): Promise<void> {
    const open = (): Job[] => this.jobs.filter((job) => this.left.get(job) && !this.failed.has(nameOf(job)));
    const todo = open();
    const cached = this.jobs.length - todo.length;
    if (todo.length > 0) {
      // One run of each configuration is timed first. Nothing is lost by that: the runs go on from there.
      const pilots = todo.filter(({ label }, i) => todo.findIndex((job) => job.label === label) === i);
      await this.inLanes(pilots, true);
    }
    if (this.stopped) return;
    const seconds = this.timeLeft();
    if (this.json) sayJson({ runs: this.jobs.length, cached, workers: this.workers, estimateSeconds: seconds });
    else {
      const rest =
        todo.length === 0 ? "nothing is left to do" : `about ${duration(seconds)} with ${this.workers} at once`;
      this.bar.end();
      say(`${this.jobs.length} runs, ${cached} of them there already: ${rest}.`);
      this.bar = startWorkBar({ quiet: false });
    }
    const cost = (job: Job): number => (this.left.get(job) ?? 0) * this.secondsOf(job.label);
    // Seed by seed, so that an interrupted reproduction has all figures of some seeds; in a seed the longest run first.
    await this.inLanes(open().sort((a, b) => a.seed - b.seed || cost(b) - cost(a)));
  }

  /** Asks all to stop. */
  stop(): void {
    this.stopped = true;
    this.bar.note("stopping");
    for (const child of this.running) child.stop();
  }

  end(): void {
    this.bar.end();
  }

  private async inLanes(jobs: readonly Job[], pilot = false): Promise<void> {
    const queue = [...jobs];
    const lane = async (): Promise<void> => {
      for (let job = queue.shift(); job && !this.stopped; job = queue.shift()) await this.carryOut(job, pilot);
    };
    const ends = await Promise.allSettled(
      Array.from({ length: this.workers }, () =>
        lane().catch((error: unknown) => {
          this.stop();
          throw error;
        }),
      ),
    );
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  private async carryOut(job: Job, pilot: boolean): Promise<void> {
    const began = performance.now();
    await prepare(job, this.dataset);
    const times: number[] = [];
    const child = startChild(job.folder, measuredEvery(job.label), ({ episode, loss, accuracy, seconds }) => {
      times.push(seconds);
      this.pace.set(job.label, [...(this.pace.get(job.label) ?? []), seconds].slice(-20));
      this.left.set(job, job.config.episodes - episode);
      if (this.json) sayJson({ run: nameOf(job), episode, loss, accuracy, seconds });
      if (pilot && times.length >= PILOT.episodes && sum(times) >= PILOT.seconds) child.stop();
      if (pilot) this.bar.note(`timing ${job.label}`);
      else this.show();
    });
    this.running.add(child);
    if (this.stopped) child.stop();
    const problem = await child.ended;
    this.running.delete(child);
    this.overheads.push((performance.now() - began) / 1000 - sum(times));
    if (problem === undefined) return;
    this.failed.set(nameOf(job), problem);
    if (this.json) sayJson({ run: nameOf(job), failed: problem });
  }

  /** Seconds of an episode: the least of a few, then the median of the last ones. */
  private secondsOf(label: Label): number {
    const times = [...(this.pace.get(label) ?? [])].sort((a, b) => a - b);
    return times.length < 10 ? (times[0] ?? 0) : times[Math.floor(times.length / 2)];
  }

  private timeLeft(): number {
    const start = this.overheads.length === 0 ? 0 : sum(this.overheads) / this.overheads.length;
    const costs = [...this.left].map(([job, episodes]) =>
      episodes === 0 || this.failed.has(nameOf(job)) ? 0 : start + episodes * this.secondsOf(job.label),
    );
    return makespan(costs, this.workers);
  }

  private show(): void {
    const all = sum(this.jobs.map((job) => job.config.episodes * this.secondsOf(job.label)));
    const left = sum([...this.left].map(([job, episodes]) => episodes * this.secondsOf(job.label)));
    const whole = [...this.left.values()].filter((episodes) => episodes === 0).length;
    this.bar.step(1 - left / all, `${whole}/${this.jobs.length} runs  ${duration(this.timeLeft())} left`);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What the runs have to tell, those left out that failed. */
async function gather(jobs: readonly Job[], failed: ReadonlyMap<string, string>): Promise<Evidence[]> {
  const all = new Map<Label, Evidence>();
  for (const job of jobs) {
    if (failed.has(nameOf(job))) continue;
    const before = all.get(job.label);
    const record = recordOf(await readRun(job.folder), job.config.episodes);
    all.set(job.label, { label: job.label, config: job.config, runs: [...(before?.runs ?? []), record] });
  }
  return [...all.values()];
}
