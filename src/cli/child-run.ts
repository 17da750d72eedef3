// A run carried out by a process of its own: this program again, with `train --resume`. A process that is killed leaves
// its run whole, and its children end when they next speak, since nobody listens.
import { spawn } from "node:child_process";

/** An episode as the child's JSON line has it. */
export interface ChildEpisode {
  readonly episode: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly seconds: number;
}

/** A run under way in a process of its own. */
export interface ChildRun {
  /** Asks it to stop after the episode under way. */
  stop(): void;
  /** Resolves when it has ended: undefined if all went well or it was asked to stop, else its last sentence. */
  readonly ended: Promise<string | undefined>;
}

/** What a run says that another process works on: the child of a reproduction that was killed. */
const INTRUDED = /is in use by process|was changed from outside/;
/** How often a run is started again after that. Such a child ends after the episode under way. */
const AGAIN = 10;

/**
 * Continues the run in `folder` in a process of its own.
 *
 * @param diagnostics every how many episodes its networks are measured; undefined for never.
 */
export function startChild(
  folder: string,
  diagnostics: number | undefined,
  onEpisode: (episode: ChildEpisode) => void,
): ChildRun {
  const again = () => launch(folder, diagnostics, onEpisode);
  let [current, stopped] = [again(), false];
  const end = async (): Promise<string | undefined> => {
    for (let attempt = 0; ; attempt++) {
      const { code, problem } = await current.ended;
      if (code === 0 || (stopped && code === 130)) return undefined;
      if (stopped || attempt === AGAIN || !INTRUDED.test(problem)) return problem;
      current = again();
    }
  };
  return {
    stop() {
      if (stopped) return;
      stopped = true;
      current.child.kill("SIGINT");
    },
    ended: end(),
  };
}

interface Ending {
  readonly code: number | null;
  /** What went wrong, in a sentence. */
  readonly problem: string;
}

function launch(folder: string, diagnostics: number | undefined, onEpisode: (episode: ChildEpisode) => void) {
  const measured = diagnostics === undefined ? [] : ["--diagnostics", `${diagnostics}`];
  const resume = ["train", "--resume", folder, "--workers", "1", "--json", ...measured];
  const args = [...process.execArgv, process.argv[1], ...resume];
  // In a group of its own, or Ctrl-C would reach it twice.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let [rest, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const value = JSON.parse(line);
      if ("episode" in value) onEpisode(value);
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ending>((resolve) => {
    child.on("error", ({ message }) => resolve({ code: 1, problem: `its process cannot be started: ${message}` }));
    child.on("close", (code, signal) => {
      const sentence = stderr.trim().replace(/^synaptape: /, "");
      resolve({ code, problem: sentence || `its process ended by ${signal ?? `code ${code}`}` });
    });
  });
  return { child, ended };
}
