// The sides of a comparison, each in its own process, measured in turn, so that other load on the machine affects all
// of them equally. A contender answers each line on its standard input with {"ms":..., "bytes":...}: the time that the
// work took once, and the most memory it has held.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { built } from "./harness.js";

/** A Python with PyTorch: that of the environment, or Debian's. */
export const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";

/** Whether it has PyTorch; says so if it does not. */
export function torchIn(): boolean {
  if (spawnSync(PYTHON, ["-c", "import torch"]).status === 0) return true;
  console.error(`bench: ${PYTHON} has no PyTorch. Name a Python that has it: PYTHON=... npm run bench`);
  return false;
}

export interface Answer {
  readonly ms: number;
  readonly bytes: number;
}

export class Contender {
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private complaint = "";

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
  ) {
    this.process = spawn(command, args, { stdio: "pipe" });
    this.process.on("error", ({ message }) => this.hear(message));
    this.process.stdin!.on("error", () => {});
    this.process.stderr!.on("data", (text) => this.hear(String(text)));
    this.lines = createInterface(this.process.stdout!)[Symbol.asyncIterator]();
  }

  /** Does the work once more; undefined if it cannot. */
  async measure(): Promise<Answer | undefined> {
    this.process.stdin!.write("\n");
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) return undefined;
      // Libraries print greetings on the same stream.
      if (value.startsWith("{")) return JSON.parse(value);
    }
  }

  /** The last output of a process that died. */
  get lastWords(): string {
    return this.complaint.trim().split("\n").at(-1) ?? "";
  }

  stop(): void {
    this.process.kill("SIGKILL");
  }

  private hear(text: string): void {
    this.complaint = (this.complaint + text).slice(-2000);
  }
}

/** A contender in Node: a module whose default export has the workloads by name. */
export function nodeContender(name: string, module: string, work: string, size: number): Contender {
  return new Contender(name, process.execPath, [
    "--max-old-space-size=16000",
    built("children/serve"),
    module,
    work,
    String(size),
  ]);
}

/** Our side. */
export const ours = (work: string, size: number): Contender =>
  nodeContender("synaptape", built("workloads"), work, size);

/**
 * The best time and the largest memory of each, by name. A side that cannot do the work is left out, and a sentence
 * says why.
 */
export async function race(contenders: readonly Contender[], rounds: number): Promise<Map<string, Answer>> {
  const best = new Map<string, Answer>();
  const failed = new Set<Contender>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      if (failed.has(contender)) continue;
      const answer = await contender.measure();
      const { ms, bytes } = best.get(contender.name) ?? { ms: Number.POSITIVE_INFINITY, bytes: 0 };
      if (answer) {
        best.set(contender.name, { ms: Math.min(ms, answer.ms), bytes: Math.max(bytes, answer.bytes) });
      } else {
        failed.add(contender);
        best.delete(contender.name);
        console.error(`bench: ${contender.name} is left out, since it came down: ${contender.lastWords}`);
      }
    }
  }
  for (const contender of contenders) contender.stop();
  return best;
}
