// What the tests of the command line share: the bundle that users run, and ways to run it.

import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { child, endChildren } from "../children.js";
import { idx } from "../data/fixtures.js";
import { built } from "./bundle.js";

/** What a process said and how it ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command line. */
export interface Running {
  readonly process: ChildProcess;
  /** Resolves when standard output has had this many lines, or the process has ended. */
  lines(count: number): Promise<void>;
  readonly ended: Promise<Outcome>;
}

/** The command line of this test file, and a folder to work in that is gone afterwards. */
export interface CommandLine {
  readonly folder: string;
  /** The built file. */
  readonly main: string;
  /** Starts a command as a process of its own. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Running;
  /** Runs a command in the process that runs all of this file, one after the other. */
  run(...args: string[]): Promise<Outcome>;
  /** Runs, in the same way, what must be refused: the exit code is `code`, and the one sentence on standard error is returned. */
  refusal(code: 1 | 2, ...args: string[]): Promise<string>;
}

/** The command line as it is packed; see bundle.ts. */
export function commandLine(): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), "synaptape-cli-"));
  const bundle = inject("cliBundle");
  const main = join(bundle, "cli", "main.js");
  writeSmall(join(folder, "small"));
  beforeAll(() => built(bundle));
  afterAll(() => {
    endChildren();
    rmSync(folder, { recursive: true });
  });

  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Running => {
    const started = child(spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, ...env } }));
    let [stdout, stderr] = ["", ""];
    const waiting: (() => void)[] = [];
    started.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      for (const check of waiting) check();
    });
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const ended = new Promise<Outcome>((done) => {
      started.on("close", (code) => done({ code, stdout, stderr }));
    });
    const lines = (count: number): Promise<void> =>
      new Promise((done) => {
        const check = (): void => {
          if (stdout.split("\n").length > count) done();
        };
        waiting.push(check);
        check();
        ended.then(() => done());
      });
    return { process: started, lines, ended };
  };
  const run = served(join(bundle, "cli", "served.js"), folder);
  const refusal = async (code: 1 | 2, ...args: string[]): Promise<string> => {
    const outcome = await run(...args);
    expect(outcome, args.join(" ")).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(/^synaptape: [^\n]+\n$/);
    return outcome.stderr.slice("synaptape: ".length, -1);
  };
  return { folder, main, start, run, refusal };
}

/** A function that runs commands in one process, which works in this folder; it starts with the first. */
function served(file: string, cwd: string): CommandLine["run"] {
  let server: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const answer = (args: readonly string[]): Promise<Outcome> => {
    server ??= child(fork(file, { cwd }), "SIGTERM");
    const answering = server;
    return new Promise((done, failed) => {
      const ended = (): void => failed(new Error(`the process ended in: ${args.join(" ")}`));
      answering.once("exit", ended);
      answering.once("message", (outcome: Outcome) => {
        answering.off("exit", ended);
        done(outcome);
      });
      answering.send(args);
    });
  };
  return (...args) => {
    const outcome = last.then(() => answer(args));
    last = outcome.catch(() => undefined);
    return outcome;
  };
}

/** The JSON objects on the lines of standard output. */
export function objects(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Flags of a run so small that its episodes take milliseconds, on the data that `commandLine` puts in its folder. */
export const TINY = ["--data", "small", "--hidden", "12", "--shots", "2", "--queries", "2"];

/** Writes five classes of six images of 5 x 5 pixels, each class with ink of its own, in random strengths. */
function writeSmall(folder: string): void {
  const labels = Array.from({ length: 30 }, (_, i) => i % 5);
  const pixels = labels.flatMap((label, i) =>
    Array.from({ length: 25 }, (_, p) => (p % 5 === label ? 155 + ((i * 37 + p * 11) % 100) : (i * 13 + p * 7) % 60)),
  );
  mkdirSync(folder);
  writeFileSync(join(folder, "train-images-idx3-ubyte"), idx([30, 5, 5], pixels));
  writeFileSync(join(folder, "train-labels-idx1-ubyte"), idx([30], labels));
}
