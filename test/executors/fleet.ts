// What the tests of queues share: workers as processes, and sweeps whose files are compared.
import type { CommandLine, Running } from "../cli/fixtures.js";
import { TINY } from "../cli/fixtures.js";

/** 24 short runs. */
export const SWEEP = [
  ...["sweep", "train", ...TINY, "--episodes", "4"],
  ...["--vary", "lr=1e-3,1e-2", "--vary", "chemicals=1,2,3", "--seeds", "4"],
];

/** Starts a worker with one thread, and waits until it is ready. */
export async function worker(
  { start }: CommandLine,
  url: string,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Running> {
  const running = start(["worker", "--engine", url, "--workers", "1", ...more], env);
  await running.lines(1);
  return running;
}

/** Ends workers, each after the cell that it computes. */
export async function endAll(workers: readonly Running[]): Promise<string[]> {
  for (const { process } of workers) process.kill("SIGTERM");
  return (await Promise.all(workers.map(({ ended }) => ended))).map(({ stdout }) => stdout);
}

/** How many cells a worker says that it has computed. */
export const countOf = (stdout: string): number => Number(/(\d+) cells? computed/.exec(stdout)?.[1] ?? Number.NaN);
