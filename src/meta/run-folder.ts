// The folder of a run: config.json, metrics.jsonl and checkpoint.safetensors. For Node, loaded when a folder is asked for
// (see `run.ts`).
//
// A kill at any instant loses the meta-step under way and nothing else:
// - a new run writes its metrics (none) and its first checkpoint before config.json, which makes the folder a run; what
//   a kill leaves before that is overwritten by the next attempt;
// - a meta-step appends its lines to metrics.jsonl, syncs, and then replaces the checkpoint. Lines that the checkpoint
//   does not include are cut off when the run is resumed.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, open, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { dataHash, type Lock } from "../runs/index.js";
import {
  appendSynced,
  explained,
  isAside,
  isLockFile,
  lockFolder,
  makeFolder,
  removeAsides,
  syncFolder,
  systemCode,
  writeAside,
} from "../runs/internal.js";
import { decodeCheckpoint, encodeCheckpoint, type Position } from "./checkpoint.js";
import { hashedPart, parseTrainConfig, type TrainConfig } from "./config.js";
import type { Diagnosis } from "./diagnose.js";
import { cutDiagnostics, DIAGNOSTICS, lineOf, type Measurement, measurements } from "./diagnostics-file.js";
import { checkedDigests, type Digests, digestsOf, newDigests } from "./digests.js";
import type { Learner } from "./learner.js";
import { checkedLines, type EpisodeReport, metricsLines, readMetrics } from "./metrics.js";
import type { Run, RunContents } from "./run.js";

const CONFIG = "config.json";
const METRICS = "metrics.jsonl";
const CHECKPOINT = "checkpoint.safetensors";
const OWN = [METRICS, CHECKPOINT, CONFIG];

/** SHA-256 of what the bits of a run depend on. How many episodes follow, and what tapes store, may be changed. */
export function configHash(config: TrainConfig): string {
  return createHash("sha256")
    .update(JSON.stringify(hashedPart(parseTrainConfig(config))))
    .digest("hex");
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

interface Loaded extends Omit<RunContents, "diagnoses" | "images"> {
  readonly learner: Learner;
  readonly position: Position;
  /** Bytes of metrics.jsonl that the checkpoint includes. */
  readonly metricsEnd: number;
  readonly measured: readonly Measurement[];
  readonly digests: Digests;
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
  const measured = await measurements(folder, position.episodes);
  const digests = checkedDigests(position, [
    { part: "metrics", file: join(folder, METRICS), text: checkedLines(reports) },
    { part: "diagnostics", file: join(folder, DIAGNOSTICS), text: measured.map(({ line }) => `${line}\n`).join("") },
  ]);
  return { config, rule: learner.rule, metrics: reports, learner, position, metricsEnd: end, measured, digests };
}

/** The run in `folder` as its checkpoint has it; changes nothing. */
export async function readRun(folder: string): Promise<RunContents> {
  const { config, rule, metrics, measured, position } = await loadRun(folder);
  return { config, images: position.dataset, rule, metrics, diagnoses: measured.map(({ diagnosis }) => diagnosis) };
}

/** As `readRun`; undefined where no run has begun. */
export async function contentsOf(folder: string): Promise<RunContents | undefined> {
  return existsSync(join(folder, CONFIG)) ? readRun(folder) : undefined;
}

/** Writes past a limit on file sizes fail with EFBIG where the signal has a listener; without one they kill. */
const surviveSignal = (): void => {};

/** A run's folder, open for writing. */
export class RunFolder implements Run {
  private constructor(
    readonly folder: string,
    private readonly metrics: FileHandle,
    private readonly lock: Lock,
    private size: number,
    private position: Position,
    private digests: Digests,
  ) {
    process.on("SIGXFSZ", surviveSignal);
  }

  /**
   * Makes `folder` a run that is about to begin. If that fails, what it made is removed.
   *
   * @param held the folder's lock, where the caller has it already.
   * @throws InputError for a folder that holds anything, or cannot be written.
   */
  static async create(
    folder: string,
    config: TrainConfig,
    dataset: Dataset,
    learner: Learner,
    held?: Lock,
  ): Promise<RunFolder> {
    const digests = newDigests();
    const images = await dataHash(dataset);
    const position: Position = {
      ...{ episodes: 0, seed: config.seed, config: configHash(config), dataset: images },
      ...digestsOf(digests),
    };
    process.on("SIGXFSZ", surviveSignal);
    const made: string[] = [];
    let vacant = false;
    let lock: Lock | undefined;
    try {
      await makeFolder(resolve(folder), made);
      await checkVacant(folder);
      lock = held ?? (await lockFolder(folder));
      await checkVacant(folder); // another run may have begun meanwhile
      vacant = true;
      await writeAside(folder, METRICS, "");
      await writeAside(folder, CHECKPOINT, encodeCheckpoint(learner, position));
      await syncFolder(folder);
      await writeAside(folder, CONFIG, `${JSON.stringify(config, undefined, 2)}\n`);
      await syncFolder(folder);
      return new RunFolder(folder, await open(join(folder, METRICS), "a"), lock, 0, position, digests);
    } catch (error) {
      const remove = (name: string): Promise<void> => rm(join(folder, name), { force: true }).catch(() => {});
      if (vacant) {
        for (const name of [CONFIG, CHECKPOINT, METRICS]) await remove(name);
        await removeAsides(folder, OWN).catch(() => {});
      }
      await lock?.release();
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
    held?: Lock,
  ): Promise<{ run: RunFolder; config: TrainConfig; learner: Learner; metrics: EpisodeReport[] }> {
    await readRunConfig(folder); // a folder that is no run is left as it is
    const locked = held ?? lockFolder(folder);
    const lock = await Promise.resolve(locked).catch((error: unknown) => {
      throw explained(error, `${folder} cannot be continued`, "Put that right and try again.");
    });
    try {
      return await RunFolder.reopenLocked(folder, dataset, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  private static async reopenLocked(
    folder: string,
    dataset: Dataset,
    lock: Lock,
  ): Promise<{ run: RunFolder; config: TrainConfig; learner: Learner; metrics: EpisodeReport[] }> {
    const { config, learner, metrics, position, metricsEnd, digests } = await loadRun(folder);
    if (position.dataset !== (await dataHash(dataset))) {
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
      await removeAsides(folder, [...OWN, DIAGNOSTICS]);
      await cutDiagnostics(folder, position.episodes);
      const handle = await open(join(folder, METRICS), "a");
      const run = new RunFolder(folder, handle, lock, metricsEnd, position, digests);
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
    const lines = Buffer.from(metricsLines(reports));
    const measurements = measured.map(lineOf).join("");
    const digests = {
      metrics: this.digests.metrics.copy().update(checkedLines(reports)),
      diagnostics: this.digests.diagnostics.copy().update(measurements),
    };
    const episodes = this.position.episodes + reports.length;
    const position = { ...this.position, episodes, ...digestsOf(digests) };
    await this.lock.check();
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
      if (measured.length > 0) await appendSynced(join(this.folder, DIAGNOSTICS), measurements);
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
    this.digests = digests;
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
    await this.lock.release();
  }
}

/** Throws an InputError if a run cannot begin in `folder`. What a killed set-up left there is no hindrance. */
async function checkVacant(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !isLockFile(name) && !OWN.some((own) => isAside(name, own)));
  if (names.includes(CONFIG)) {
    throw new InputError(`[run] ${folder} holds a run. Continue it with --resume ${folder}, or choose another --out.`);
  }
  if (names.length === 0) return;
  const leftover = names.includes(METRICS) && names.every((name) => OWN.includes(name));
  if (leftover && (await stat(join(folder, METRICS))).size === 0) return;
  throw new InputError(`[run] ${folder} is not empty and holds no run. Choose another --out.`);
}
