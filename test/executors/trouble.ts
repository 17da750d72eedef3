// Workers to which things happen: they are killed and started again, or stopped and woken too late, at moments that a
// seed draws. Tests and `npm run soak` share this, so it knows no test runner.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { child } from "../children.js";
import { type Server, until } from "./servers.js";

/** Seconds after which others get the cells of a worker that is silent. */
const LEASE = 1;

/** A function that draws numbers from 0 to 1; they follow from the seed. */
export function drawing(seed: number): () => number {
  let drawn = 0;
  return () => createHash("sha256").update(`${seed},${drawn++}`).digest().readUInt32LE(0) / 2 ** 32;
}

/** Where commands run. */
export interface Ground {
  /** The built command line. */
  readonly main: string;
  /** The folder in which commands run. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A process, and what it has said. */
export interface Said {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts a command. */
export function launch({ main, folder, env = {} }: Ground, args: readonly string[]): Said {
  const started = child(spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, ...env } }));
  let [stdout, stderr] = ["", ""];
  started.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  started.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(started, "close").then(([code]) => code as number | null);
  return { process: started, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Starts a worker with one thread. */
const launchWorker = (ground: Ground, url: string): Said =>
  launch(ground, ["worker", "--engine", url, "--workers", "1", "--lease", String(LEASE)]);

/** Waits until a worker is ready. */
const ready = (worker: Said): Promise<void> => until(() => worker.stdout().includes("\n"), "a worker is ready");

/** The results in a folder. */
export function resultsIn(folder: string): number {
  const results = join(folder, "results");
  return existsSync(results) ? readdirSync(results).filter((name) => name.endsWith(".json")).length : 0;
}

/** Everything that a sweep leaves for its user, and the rows of its results by the names of their cells. */
export function filesOf(folder: string) {
  const files = ["trials.csv", "results.csv", "trials.json", "report.html"];
  const results = readdirSync(join(folder, "results")).sort();
  return {
    ...Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "utf8")])),
    rows: results.map((name) => [
      name,
      JSON.stringify(JSON.parse(readFileSync(join(folder, "results", name), "utf8")).row),
    ]),
  };
}

/** Stops a process for longer than its leases last, and wakes it up. */
async function freeze({ process: child }: Said): Promise<void> {
  child.kill("SIGSTOP");
  await wait(2500 * LEASE);
  child.kill("SIGCONT");
}

/** What shall happen while a sweep is computed. */
export interface Troubles {
  readonly server: Server;
  /** The sweep, without its executor and its folder. */
  readonly sweep: readonly string[];
  /** How many results it will have. */
  readonly cells: number;
  readonly out: string;
  /** How many workers are killed. */
  readonly kills: number;
  /** Happens in the middle: the server is restarted, for instance. */
  readonly middle: () => Promise<void>;
  readonly random: () => number;
}

/**
 * A sweep with three workers. Each kill waits for a number of results and then for a random moment, so that all happen
 * before the sweep ends; the worker is started again. One worker is stopped for so long that others get its cell, and
 * continues. Throws if the sweep does not end well.
 *
 * @returns what the sweep said on standard error.
 */
export async function sweepInTrouble(ground: Ground, troubles: Troubles): Promise<string> {
  const { server, sweep, cells, out, kills, middle, random } = troubles;
  const workers = [0, 1, 2].map(() => launchWorker(ground, server.url));
  await Promise.all(workers.map(ready));
  const command = launch(ground, [...sweep, "--executor", server.url, "--out", out, "--json"]);
  let over = false;
  command.ended.then(() => {
    over = true;
  });
  const results = async (count: number): Promise<void> => {
    await until(() => over || resultsIn(join(ground.folder, out)) >= count, `${count} of ${cells} results`);
  };
  try {
    let frozen: Promise<void> | undefined;
    for (let kill = 0; kill < kills; kill++) {
      await results(Math.floor((kill * cells) / (kills + 2)));
      await wait(300 * random());
      if (over) throw new Error(`the sweep ended before ${kills} kills`);
      const at = Math.floor(3 * random());
      workers[at].process.kill("SIGKILL");
      await workers[at].ended;
      workers[at] = launchWorker(ground, server.url);
      if (kill === 0) frozen = freeze(workers[(at + 1) % 3]);
      if (kill === Math.floor(kills / 2)) await middle();
    }
    const code = await command.ended;
    if (code !== 0) throw new Error(`the sweep ended with code ${code}: ${command.stderr()}`);
    await frozen;
    await Promise.all(workers.map(ready));
    for (const { process: child } of workers) child.kill("SIGTERM");
    const codes = await Promise.all(workers.map(({ ended }) => ended));
    if (codes.some((each) => each !== 0))
      throw new Error(`workers ended with ${codes}: ${workers.map((w) => w.stderr())}`);
    return command.stderr();
  } finally {
    for (const { process: child } of [command, ...workers]) child.kill("SIGKILL");
  }
}
