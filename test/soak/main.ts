// `npm run soak [KILLS] [SEED]`: kills the built command line at random instants and starts it again, until what it came
// to can be compared with what comes of a run that nobody disturbed; then sets two processes on one folder at the same
// time; then sweeps on queues, whose workers and servers fail. Prints a line a case and the counts; exits 1 if anything was
// lost. 200 kills unless told otherwise, and 20 of workers on each server. `npm run soak engines [KILLS] [SEED]`: queues alone.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { soakEngines } from "./engines.js";

const main = resolve("dist/cli/main.js");
const words = process.argv.slice(2);
const queuesAlone = words[0] === "engines";
const [kills = queuesAlone ? 20 : 200, seed = 1] = words.filter((word) => word !== "engines").map(Number);
const work = mkdtempSync(join(tmpdir(), "synaptape-soak-"));

/** Numbers from 0 to 1 that follow from the seed. */
let drawn = 0;
const random = (): number => {
  const digest = createHash("sha256").update(`${seed},${drawn++}`).digest();
  return digest.readUInt32LE(0) / 2 ** 32;
};

interface Ending {
  readonly killed: boolean;
  readonly code: number | null;
  readonly out: string;
  readonly problem: string;
}

/** Runs a command; `after`: milliseconds until it is killed. */
async function run(args: readonly string[], after?: number): Promise<Ending> {
  // In a group of its own, so that its children die with it: a machine that fails kills all of them.
  const child = spawn(process.execPath, [main, ...args], { cwd: work, detached: true });
  let [out, problem, killed] = ["", "", false];
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    problem += data;
  });
  const code = new Promise<number | null>((done) => child.on("close", done));
  if (after !== undefined) {
    await Promise.race([wait(after), code]);
    if (child.exitCode === null && child.pid !== undefined) {
      killed = true;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        killed = false; // it has just ended
      }
    }
  }
  return { killed, code: await code, out, problem: problem.trim() };
}

/** A command, and how what it came to is told from its output or its folder. */
interface Case {
  readonly name: string;
  readonly args: (out: string) => string[];
  /** How it goes on, where that is another command. */
  readonly resume?: ((out: string) => string[]) | undefined;
  readonly outcome: (ending: Ending) => string;
}

const last = (out: string): Record<string, unknown> => JSON.parse(out.trim().split("\n").at(-1) ?? "{}");
const tiny = "--hidden 8 --ways 2 --shots 2 --queries 2 --json".split(" ");
const cases: readonly Case[] = [
  {
    name: "train",
    args: (out) =>
      [
        "train",
        "--preset",
        "rcn",
        "--episodes",
        "150",
        "--meta-batch",
        "2",
        "--workers",
        "2",
        "--diagnostics",
        "7",
        ...tiny,
      ].concat("--out", out),
    resume: (out) => ["train", "--resume", out, "--workers", "2", "--diagnostics", "7", "--json"],
    outcome: ({ out }) => String(last(out).ruleHash),
  },
  {
    name: "reproduce",
    args: (out) =>
      ["reproduce", "fig1", "--seeds", "1", "--workers", "2", "--episodes", "12", ...tiny].concat("--out", out),
    outcome: ({ out }) => {
      const lines = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      return JSON.stringify(lines.filter(({ claim, figure }) => claim !== undefined || figure !== undefined));
    },
  },
  {
    name: "bio",
    args: (out) =>
      "bio --mechanisms fuzzy,dale --epochs 1 --seeds 2 --batch 64 --workers 2 --json".split(" ").concat("--out", out),
    outcome: ({ out }) => JSON.stringify(last(out).arms, (key, value) => (key === "seconds" ? undefined : value)),
  },
];

let [done, lost, races, refused] = [0, 0, 0, 0];

/** Says what was lost. */
function tell(ok: boolean, text: string): void {
  if (!ok) lost++;
  console.log(`${ok ? "ok  " : "LOST"} ${text}`);
}

/** Kills a case again and again, until it has had its kills and ends. */
async function disturb({ name, args, resume, outcome }: Case, count: number): Promise<void> {
  const began = performance.now();
  const whole = await run(args(`${name}-whole`));
  if (whole.code !== 0) return tell(false, `${name} alone: exit ${whole.code}: ${whole.problem}`);
  const wanted = outcome(whole);
  let span = performance.now() - began;
  for (let [round, left] = [0, count]; left > 0; round++) {
    const out = `${name}-${round}`;
    let mine = 0;
    const start = performance.now();
    for (;;) {
      const again = resume !== undefined && existsSync(join(work, out, "config.json"));
      const ending = await run(again ? resume(out) : args(out), left > 0 ? span * random() : undefined);
      if (ending.killed) {
        mine++;
        left--;
        done++;
        continue;
      }
      // On a busy machine the first run may have taken far longer than the others, which would then end before they are killed.
      if (mine === 0) span = Math.min(span, performance.now() - start);
      const same = ending.code === 0 && outcome(ending) === wanted;
      tell(
        same,
        `${name}, ${mine} kills${same ? "" : `: exit ${ending.code}: ${ending.problem || "another outcome"}`}`,
      );
      break;
    }
    rmSync(join(work, out), { recursive: true, force: true });
  }
  await race({ name, args, resume, outcome }, wanted, span);
}

/** Two processes on one folder: each is right or refuses in a sentence, and afterwards all is there. */
async function race({ name, args, resume, outcome }: Case, wanted: string, span: number): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const out = `${name}-race-${round}`;
    await run(args(out), span * (0.2 + 0.5 * random()));
    const next = (): string[] =>
      resume !== undefined && existsSync(join(work, out, "config.json")) ? resume(out) : args(out);
    const both = await Promise.all([run(next()), wait(300 * random()).then(() => run(next()))]);
    races++;
    for (const { code, problem } of both) {
      if (code === 0) continue;
      refused++;
      const sentence = /in use by process \d+ on|holds a run|holds no run|is not empty/.test(problem);
      if (!sentence) tell(false, `${name}, two at once: exit ${code}: ${problem}`);
    }
    const after = await run(next());
    const same = after.code === 0 && outcome(after) === wanted;
    tell(
      same,
      `${name}, two at once${same ? "" : `, afterwards: exit ${after.code}: ${after.problem || "another outcome"}`}`,
    );
  }
}

if (!existsSync(main)) throw new Error("there is no built command line: npm run build");
try {
  for (const [i, each] of queuesAlone ? [] : cases.entries()) {
    await disturb(each, Math.floor(((i + 1) * kills) / cases.length) - Math.floor((i * kills) / cases.length));
  }
  done += await soakEngines({ main, folder: work }, { kills: queuesAlone ? kills : Math.ceil(kills / 10), seed, tell });
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${done} kills, ${races} races of two processes (${refused} refused in a sentence), ${lost} lost`);
process.exit(lost === 0 ? 0 : 1);
