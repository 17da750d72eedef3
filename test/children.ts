// Processes that tests start. A test that fails, or takes too long, may leave some; they are ended with its file.
import type { ChildProcess } from "node:child_process";

/** Those that run, each with the signal that ends it at once. */
const running = new Map<ChildProcess, NodeJS.Signals>();

/** Sees to it that a process does not outlive this one. */
export function child<T extends ChildProcess>(started: T, signal: NodeJS.Signals = "SIGKILL"): T {
  running.set(started, signal);
  started.once("exit", () => running.delete(started));
  return started;
}

/** Ends all that are left. */
export function endChildren(): void {
  for (const [left, signal] of running) left.kill(signal);
  running.clear();
}

process.once("exit", endChildren);
