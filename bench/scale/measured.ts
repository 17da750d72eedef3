// What the simulation of docs/scale.md is driven by, measured on this machine: episodes, the bytes that they would send,
// and the time of Redis for a job of BullMQ.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { glyphs } from "../../src/data/index.js";
import { defaultTrainConfig, type TrainRow, trainCell, trainKind } from "../../src/meta/index.js";
import { dataRef, here } from "../../src/runs/index.js";
import { bestAndMedian, figure } from "../harness.js";
import { episodesInPage } from "./browser.js";
import { episodes } from "./episodes.js";

/** The figures; see docs/scale.md for what each is used for. */
export interface Measured {
  /** Milliseconds of single episodes of the default network with its meta-gradient, in the order in which they ran. */
  readonly episodeMs: readonly number[];
  /** The same in a page of Chromium. Their gradients had the same bits, or there would be no figures. */
  readonly pageMs: readonly number[];
  /** Bytes of the rule, which an episode gets, and of its gradient, which it gives back. */
  readonly ruleBytes: number;
  readonly gradientBytes: number;
  /** Microseconds of SHA-256 over the gradient. */
  readonly hashMicros: number;
  /** Bytes of a run as a cell, and of its row; the run's episodes. */
  readonly cellBytes: number;
  readonly rowBytes: number;
  readonly runEpisodes: number;
  /** Microseconds of Redis's processor for a job of BullMQ that carries an episode, and for one that carries nothing. */
  readonly jobMicros: number;
  readonly emptyJobMicros: number;
  /** Jobs of BullMQ a second through Redis, with the adding and the working process on the same machine. */
  readonly jobsPerSecond: number;
}

const WARM_UP = 10;
const EPISODES = 40;
const JOBS = 4000;

/** Episodes here and in a page, and the bytes that they and whole runs would send. */
async function work(): Promise<Omit<Measured, "jobMicros" | "emptyJobMicros" | "jobsPerSecond">> {
  const { milliseconds, gradient } = episodes(WARM_UP, EPISODES);
  const page = await episodesInPage(WARM_UP, EPISODES);
  if (!page) throw new Error("[bench] scale needs Chromium: apt-get install chromium.");
  if (JSON.stringify(page.gradient) !== JSON.stringify(gradient)) throw new Error("[bench] the page has other bits.");
  const images = glyphs();
  const config = defaultTrainConfig("rcn");
  const parts = gradient.map((part) => Float32Array.from(part));
  const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const hashes = Array.from({ length: 50 }, () => {
    const begin = performance.now();
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    hash.digest();
    return 1000 * (performance.now() - begin);
  });
  const data = await dataRef(images, "glyphs", String(images.byClass[0].length));
  const short = trainCell({ ...config, episodes: 2 }, data);
  const executor = here([trainKind], { data: [images] });
  const signal = new AbortController().signal;
  const row = (await executor.submit(short, { folder: undefined, signal, progress() {} })) as TrainRow;
  // A row grows by an accuracy and a loss for each episode.
  const each = JSON.stringify([row.accuracy, row.loss]).length / 2;
  return {
    episodeMs: milliseconds.map(figure),
    pageMs: page.milliseconds.map(figure),
    ...{ ruleBytes: bytes, gradientBytes: bytes, hashMicros: figure(bestAndMedian(hashes).median) },
    cellBytes: JSON.stringify(trainCell(config, data)).length,
    rowBytes: Math.round(JSON.stringify(row).length + (config.episodes - 2) * each),
    runEpisodes: config.episodes,
  };
}

/** Runs jobs with this much data each way through BullMQ on a Redis of its own. */
async function jobs(down: number, up: number): Promise<{ micros: number; perSecond: number }> {
  const { Queue, Worker } = await import("bullmq");
  const { Redis } = await import("ioredis");
  const folder = mkdtempSync(join(tmpdir(), "synaptape-bench-"));
  const path = join(folder, "redis.sock");
  const flags = ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder];
  const server = spawn("redis-server", flags, { stdio: "ignore" });
  try {
    const ask = (...words: string[]): string =>
      execFileSync("redis-cli", ["-s", path, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    for (let tries = 0; ; tries++) {
      try {
        if (ask("ping").startsWith("PONG")) break;
      } catch {
        // It does not answer yet.
      }
      if (tries === 100) throw new Error("[bench] redis-server does not start.");
      await wait(50);
    }
    const busy = (): number => {
      const said = ask("info", "cpu");
      return ["used_cpu_sys", "used_cpu_user"].reduce(
        (sum, name) => sum + Number(new RegExp(`${name}:([\\d.]+)`).exec(said)?.[1]),
        0,
      );
    };
    const connect = () => new Redis(path, { maxRetriesPerRequest: null });
    const connections = [connect(), connect()];
    const queue = new Queue("bench", { connection: connections[0] });
    const data = { rule: "r".repeat(down) };
    const result = "g".repeat(up);
    await queue.waitUntilReady();
    const [before, begin] = [busy(), performance.now()];
    for (let at = 0; at < JOBS; at += 100) {
      await queue.addBulk(
        Array.from({ length: 100 }, () => ({ name: "episode", data, opts: { removeOnComplete: true } })),
      );
    }
    let done = 0;
    const worker = new Worker("bench", async () => result, {
      connection: connections[1],
      concurrency: 50,
      autorun: false,
    });
    const finished = new Promise<void>((resolve) => {
      worker.on("completed", () => {
        done++;
        if (done === JOBS) resolve();
      });
    });
    void worker.run();
    await finished;
    const [after, end] = [busy(), performance.now()];
    await worker.close();
    await queue.close();
    for (const connection of connections) connection.disconnect();
    return { micros: figure((1e6 * (after - before)) / JOBS), perSecond: figure((1000 * JOBS) / (end - begin)) };
  } finally {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures all of it; takes about half a minute. Needs redis-server. */
export async function measure(): Promise<Measured> {
  const found = await work();
  // Binary data in JSON is longer by a third.
  const whole = await jobs(Math.ceil((4 * found.ruleBytes) / 3), Math.ceil((4 * found.gradientBytes) / 3));
  const empty = await jobs(0, 0);
  return { ...found, jobMicros: whole.micros, emptyJobMicros: empty.micros, jobsPerSecond: whole.perSecond };
}
