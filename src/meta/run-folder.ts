// The folder of a run: config.json, metrics.jsonl and checkpoint.safetensors. For Node, loaded when a folder is asked for
// (see `run.ts`).
//
// A kill at any instant loses the meta-step under way and nothing else:
// - a new run writes its metrics (none) and its first checkpoint before config.json, which makes the folder a run; what
//   a kill leaves before that is overwritten by the next attempt;
// - a meta-step appends its lines to metrics.jsonl, syncs, and then replaces the checkpoint. Lines that the checkpoint
//   does not include are cut off when the run is resumed.
import { createHash } from "node:crypto";
import { appendFile, type FileHandle, mkdir, open, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { decodeCheckpoint, encodeCheckpoint, type Position } from "./checkpoint.js";
import { asFirstWritten, parseTrainConfig, type TrainConfig } from "./config.js";
import type { Diagnosis } from "./diagnose.js";
import { asideName, explained, syncFolder, systemCode, writeAside } from "./files.js";
import type { Learner } from "./learner.js";
import { type EpisodeReport, metricsLines, readMetrics } from "./metrics.js";
import type { Run, RunContents } from "./run.js";

const CONFIG = "config.json";
const METRICS = "metrics.jsonl";
const CHECKPOINT = "checkpoint.safetensors";
const DIAGNOSTICS = "diagnostics.jsonl";
const OWN = [METRICS, CHECKPOINT, CONFIG];

/** SHA-256 of what the bits of a run depend on. How many episodes follow, and what tapes store, may be changed. */
export function configHash(config: TrainConfig): string {
  const { preset: _, data: _data, episodes: _episodes, checkpoint: _checkpoint, ...rest } = parseTrainConfig(config);
  return createHash("sha256")
    .update(JSON.stringify(asFirstWritten(rest)))
    .digest("hex");
}

/** SHA-256 of the images and their classes. Where they lie and what they are called does not matter. */
export function datasetHash({ rows, columns, images, byClass }: Dataset): string {
  const hash = createHash("sha256").update(`${rows},${columns},${byClass.length}`).update(images);
  for (const { buffer, byteOffset, byteLength, length } of byClass) {
    hash.update(`,${length}`).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}

/** The bytes of a file of the run in `folder`. */
async function load(folder: string, name: string): Promise<Uint8Array> {
  return readFile(join(folder, name)).catch((error: unknown) => {
    if (name === CONFIG && ["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) {
      const fact = `${folder} is no run: it has no ${CONFIG}`;
      throw new InputError(`[run] ${fact}. Give the folder that a run wrote.`, { cause: error });
    }
    throw explained(
      error,
      `${join(folder, name)} cannot be read`,
      "Put it back, or begin a run anew with another --out.",
    );
  });
}

/** The configuration of the run in `folder`. Throws an InputError naming the file that is missing or broken. */
export async function readRunConfig(folder: string): Promise<TrainConfig> {
  const bytes = await load(folder, CONFIG);
  const name = join(folder, CONFIG);
  const parse = (): unknown => {
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (cause) {
      throw new InputError(`[run] ${name} is not JSON. Put back the file that the run wrote.`, { cause });
    }
  };
  return parseTrainConfig(parse(), name);
}

interface Loaded extends Omit<RunContents, "diagnoses"> {
  readonly learner: Learner;
  readonly position: Position;
  /** Bytes of metrics.jsonl that the checkpoint includes. */
  readonly metricsEnd: number;
}

async function loadRun(folder: string): Promise<Loaded> {
  const config = await readRunConfig(folder);
  const { learner, position } = decodeCheckpoint(await load(folder, CHECKPOINT), join(folder, CHECKPOINT));
  if (position.config !== configHash(config)) {
    throw new InputError(
      `[run] ${join(folder, CONFIG)} is not the one that the run began with. Put it back; ` +
        "only episodes, checkpoint and data may be changed.",
    );
  }
  const lines = await load(folder, METRICS);
  const { reports, end } = readMetrics(lines, position.episodes, join(folder, METRICS));
  return { config, rule: learner.rule, metrics: reports, learner, position, metricsEnd: end };
}

/** The run in `folder` as its checkpoint has it; changes nothing. */
export async function readRun(folder: string): Promise<RunContents> {
  const { config, rule, metrics, position } = await loadRun(folder);
  const measured = await measurements(folder, position.episodes);
  return { config, rule, metrics, diagnoses: measured.map(({ diagnosis }) => diagnosis) };
}

/** Writes past a limit on file sizes fail with EFBIG where the signal has a listener; without one they kill. */
const surviveSignal = (): void => {};

/** A run's folder, open for writing. */
export class RunFolder implements Run {
  private constructor(
    readonly folder: string,
    private readonly metrics: FileHandle,
    private size: number,
    private position: Position,
  ) {
    process.on("SIGXFSZ", surviveSignal);
  }

  /**
   * Makes `folder` a run that is about to begin. If that fails, what it made is removed.
   *
   * @throws InputError for a folder that holds anything, or cannot be written.
   */
  static async create(folder: string, config: TrainConfig, dataset: Dataset, learner: Learner): Promise<RunFolder> {
    const position = { episodes: 0, seed: config.seed, config: configHash(config), dataset: datasetHash(dataset) };
    process.on("SIGXFSZ", surviveSignal);
    const made: string[] = [];
    let vacant = false;
    try {
      await makeFolder(resolve(folder), made);
      await checkVacant(folder);
      vacant = true;
      await writeAside(folder, METRICS, "");
      await writeAside(folder, CHECKPOINT, encodeCheckpoint(learner, position));
      await syncFolder(folder);
      await writeAside(folder, CONFIG, `${JSON.stringify(config, undefined, 2)}\n`);
      await syncFolder(folder);
      return new RunFolder(folder, await open(join(folder, METRICS), "a"), 0, position);
    } catch (error) {
      const remove = (name: string): Promise<void> => rm(join(folder, name), { force: true }).catch(() => {});
      if (vacant)
        for (const name of [CONFIG, CHECKPOINT, METRICS]) await remove(name).then(() => remove(asideName(name)));
      for (const path of made.reverse()) await rmdir(path).catch(() => {});
      throw explained(error, `a run cannot be set up in ${folder}`, "Nothing was left there. Choose another --out.");
    } finally {
      process.off("SIGXFSZ", surviveSignal);
    }
  }

  /** Opens the run in `folder` where its checkpoint left it, and cuts off what the checkpoint does not include. */
  static async reopen(
    folder: string,
    dataset: Dataset,
  ): Promise<{ run: RunFolder; config: TrainConfig; learner: Learner; metrics: EpisodeReport[] }> {
    const { config, learner, metrics, position, metricsEnd } = await loadRun(folder);
    if (position.dataset !== datasetHash(dataset)) {
      throw new InputError(
        `[run] ${dataset.name} are not the images that ${folder} learned on. Give the same data as when it began.`,
      );
    }
    if (position.episodes < config.episodes && position.episodes % config.metaBatch !== 0) {
      throw new InputError(
        `[run] ${folder} ended after ${position.episodes} episodes with a smaller batch and cannot be made longer. ` +
          "Put back the episodes in its config.json, or begin a run anew with another --out.",
      );
    }
    try {
      for (const name of [...OWN, DIAGNOSTICS]) await rm(join(folder, asideName(name)), { force: true });
      await cutDiagnostics(folder, position.episodes);
      const handle = await open(join(folder, METRICS), "a");
      const run = new RunFolder(folder, handle, metricsEnd, position);
      try {
        await handle.truncate(metricsEnd);
        await handle.sync();
      } catch (error) {
        await run.close();
        throw error;
      }
      return { run, config, learner, metrics: [...metrics] };
    } catch (error) {
      throw explained(error, `${folder} cannot be continued`, `It is whole up to episode ${position.episodes}.`);
    }
  }

  /** Episodes that are safe on disk. */
  get episodes(): number {
    return this.position.episodes;
  }

  /** Puts a meta-step on disk: its episodes' lines, then the learner after it. */
  async record(
    reports: readonly EpisodeReport[],
    learner: Learner,
    measured: readonly Diagnosis[] = [],
  ): Promise<void> {
    const position = { ...this.position, episodes: this.position.episodes + reports.length };
    const lines = Buffer.from(metricsLines(reports));
    const { size } = await this.metrics.stat().catch((error: unknown) => {
      throw this.unwritable(error);
    });
    if (size !== this.size) {
      throw new InputError(
        `[run] ${join(this.folder, METRICS)} was changed from outside; another process may be running this run. ` +
          `End it, then continue with --resume ${this.folder}.`,
      );
    }
    try {
      if (measured.length > 0) await appendFile(join(this.folder, DIAGNOSTICS), measured.map(lineOf).join(""));
      await this.metrics.appendFile(lines);
      await this.metrics.sync();
      await writeAside(this.folder, CHECKPOINT, encodeCheckpoint(learner, position));
    } catch (error) {
      await this.metrics.truncate(this.size).catch(() => {});
      throw this.unwritable(error);
    }
    // The new checkpoint is in place: from here on the lines stay, whatever happens.
    this.size += lines.length;
    this.position = position;
    await syncFolder(this.folder).catch((error: unknown) => {
      throw this.unwritable(error);
    });
  }

  private unwritable(error: unknown): unknown {
    const cure = `put that right, then continue with --resume ${this.folder}.`;
    const whole = `It is whole up to episode ${this.position.episodes}: ${cure}`;
    return explained(error, `${this.folder} cannot be written`, whole);
  }

  async close(): Promise<void> {
    process.off("SIGXFSZ", surviveSignal);
    await this.metrics.close();
  }
}

const lineOf = (diagnosis: Diagnosis): string => `${JSON.stringify(diagnosis)}\n`;

/** A line of diagnostics.jsonl, without its end, and what it says. */
interface Measurement {
  readonly line: string;
  readonly diagnosis: Diagnosis;
}

/**
 * The diagnoses of episodes that a checkpoint includes, without a torn line. They are appended before the checkpoint is
 * replaced, so none that belongs there is missing.
 */
async function measurements(folder: string, episodes: number): Promise<Measurement[]> {
  const file = join(folder, DIAGNOSTICS);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return "";
    throw explained(error, `${file} cannot be read`, "Put it back, or take it away.");
  });
  const whole = text.split("\n").slice(0, -1);
  const all = whole.map((line, i) => {
    const diagnosis = diagnosisIn(line);
    if (diagnosis) return { line, diagnosis };
    throw new InputError(
      `[run] ${file} is damaged: line ${i + 1} is no measurement. Put back a copy, or take it away.`,
    );
  });
  return all.filter(({ diagnosis }) => diagnosis.episode <= episodes);
}

/** Takes away the other lines: those episodes are measured again, to the same numbers. */
async function cutDiagnostics(folder: string, episodes: number): Promise<void> {
  const kept = (await measurements(folder, episodes)).map(({ line }) => `${line}\n`).join("");
  const { size } = await stat(join(folder, DIAGNOSTICS)).catch(() => ({ size: 0 }));
  if (Buffer.byteLength(kept) !== size) await writeAside(folder, DIAGNOSTICS, kept);
}

/** What a line says; undefined if it is no measurement. */
function diagnosisIn(line: string): Diagnosis | undefined {
  try {
    const diagnosis: Diagnosis = JSON.parse(line);
    return Number.isSafeInteger(diagnosis.episode) ? diagnosis : undefined;
  } catch {
    return undefined;
  }
}

/** Throws an InputError if a run cannot begin in `folder`. What a killed set-up left there is no hindrance. */
async function checkVacant(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !OWN.map(asideName).includes(name));
  if (names.includes(CONFIG)) {
    throw new InputError(`[run] ${folder} holds a run. Continue it with --resume ${folder}, or choose another --out.`);
  }
  if (names.length === 0) return;
  const leftover = names.includes(METRICS) && names.every((name) => OWN.includes(name));
  if (leftover && (await stat(join(folder, METRICS))).size === 0) return;
  throw new InputError(`[run] ${folder} is not empty and holds no run. Choose another --out.`);
}

/** Makes a folder and those above it that are missing, and adds each to `made`; what another run makes meanwhile is fine. */
async function makeFolder(folder: string, made: string[]): Promise<void> {
  try {
    if (!(await makeOne(folder))) return;
  } catch (error) {
    if (systemCode(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder), made);
    if (!(await makeOne(folder))) return;
  }
  made.push(folder);
  await syncFolder(dirname(folder));
}

/** Makes a folder; false if it is there. */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST" && (await stat(folder)).isDirectory()) return false;
    throw error;
  }
}
