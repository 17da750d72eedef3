// Sweeps on a real Slurm: a cluster of one machine that this file starts. Where Slurm is not installed, these tests are
// skipped, and `parts.test.ts` holds the parts to the recorded words of its commands.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandLine, type Outcome, objects, TINY } from "../cli/fixtures.js";
import { type Cluster, hasSlurm, startCluster } from "./cluster.js";

/** Fewer than there are cells. */
const ARRAY_SIZE = 5;

const { folder, start, run } = commandLine();
const SWEEP = ["sweep", "train", ...TINY];
const GRID = ["--vary", "lr=1e-4,1e-3,1e-2", "--vary", "chemicals=1,2", "--seeds", "4"];

const file = (...path: string[]): string => readFileSync(join(folder, ...path), "utf8");
const namesIn = (...path: string[]): string[] => {
  const at = join(folder, ...path);
  return existsSync(at) ? readdirSync(at) : [];
};
/** The row of every cell by the cell's name. */
const rowsOf = (out: string) =>
  Object.fromEntries(
    namesIn(out, "results")
      .sort()
      .map((name) => [name, JSON.parse(file(out, "results", name)).row]),
  );
/** What a sweep leaves. */
const leftBy = (out: string) => ({
  files: ["trials.csv", "results.csv", "trials.json", "report.html"].map((name) => file(out, name)),
  rows: rowsOf(out),
});
const logs = (out: string): string =>
  namesIn(out, "slurm")
    .flatMap((number) => namesIn(out, "slurm", number, "log").map((name) => file(out, "slurm", number, "log", name)))
    .join("");

/** How many episodes of the one cell that is under way have been kept. */
const episodesIn = (out: string): number => {
  const [name] = namesIn(out, "cells");
  const metrics = join(out, "cells", name ?? "", "metrics.jsonl");
  return existsSync(join(folder, metrics)) ? file(metrics).split("\n").length - 1 : 0;
};

describe.skipIf(!hasSlurm())("a sweep on Slurm", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster(ARRAY_SIZE);
  });
  afterAll(() => cluster?.stop());

  const onSlurm = (...args: string[]): Promise<Outcome> =>
    start([...args, "--executor", "slurm:time=30"], cluster.env).ended;
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (let looks = 0; !holds(); looks++) {
      if (looks > 900) throw new Error(`it does not happen: ${what}`);
      await wait(100);
    }
  };

  it("gives what threads give, to the byte, in an array that is smaller than the sweep", async () => {
    const sweep = [...SWEEP, ...GRID, "--episodes", "3"];
    const [there, here] = await Promise.all([
      onSlurm(...sweep, "--out", "grid"),
      start([...sweep, "--out", "grid-here", "--workers", "1"]).ended,
    ]);
    expect({ ...there, stdout: there.stdout.replaceAll("grid", "grid-here") }).toEqual({
      ...here,
      stderr: expect.stringMatching(/^synaptape: job \d+: 24 cells for 5 tasks \(.*\)\n$/),
    });
    expect(leftBy("grid")).toEqual(leftBy("grid-here"));
    expect(logs("grid").match(/: done in /g)?.length).toBe(24); // none was computed twice
  });

  it("goes on without a task that was killed", async () => {
    const sweep = [...SWEEP, "--vary", "lr=1e-3,1e-2", "--seeds", "2", "--episodes", "60", "--json"];
    const here = await run(...sweep, "--out", "killed-here");
    const running = onSlurm(...sweep, "--out", "killed");
    const scratch = (): string[] =>
      namesIn("killed", "cells").filter((name) => namesIn("killed", "cells", name).includes("metrics.jsonl"));
    await until("a cell is under way", () => scratch().length > 0);
    const { pid } = JSON.parse(file("killed", "cells", scratch()[0], ".lock"));
    process.kill(pid, "SIGKILL");
    let there = await running;
    // If it was the last task, nothing is left that could compute the cell; the same command submits it again.
    if (there.code !== 0) {
      expect(there.stderr).toMatch(/no task of job \d+ is left/);
      there = await onSlurm(...sweep, "--out", "killed");
    }
    expect(there.code).toBe(0);
    const trials = ({ stdout }: Outcome) => objects(stdout).slice(0, -1);
    expect(trials(there)).toEqual(trials(here));
    expect(leftBy("killed")).toEqual(leftBy("killed-here"));
  });

  it("is left, stopped by the warning, put back into the queue, and gathered by the same command", async () => {
    const sweep = [...SWEEP, "--vary", "lr=1e-2", "--episodes", "400"];
    const left = await onSlurm(...sweep, "--out", "warned", "--leave");
    expect(left).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Job \d+ is in the queue\./) });
    const job = file("warned", "slurm", "1", "job").trim();
    await until("episodes are kept", () => episodesIn("warned") >= 3);
    // What --signal=B:USR1@120 does two minutes before the end of the time.
    cluster.ask("scancel", "--batch", "--signal=USR1", `${job}_0`);
    await until("the task stops", () => logs("warned").includes("back into the queue"));
    expect(logs("warned")).toContain("stopped; it will be continued");
    const there = await onSlurm(...sweep, "--out", "warned");
    expect(there).toMatchObject({
      code: 0,
      stderr: `synaptape: waiting for job ${job}, which is in the queue already\n`,
    });
    expect(logs("warned")).toContain(": done in ");
    expect(namesIn("warned", "slurm")).toEqual(["1"]);
    await run(...sweep, "--out", "warned-here");
    expect(leftBy("warned")).toEqual(leftBy("warned-here"));
  });

  it("goes on when the waiting command is stopped, and when a node fails", async () => {
    const sweep = [...SWEEP, "--vary", "lr=1e-2", "--episodes", "400"];
    const waiting = start([...sweep, "--out", "node", "--executor", "slurm:time=30"], cluster.env);
    await until("episodes are kept", () => episodesIn("node") >= 3);
    waiting.process.kill("SIGINT");
    expect(await waiting.ended).toMatchObject({
      ...{
        code: 130,
        stdout: "",
        stderr: expect.stringMatching(/Stopped\. Run the same command again to continue\.\n$/),
      },
    });
    const job = file("node", "slurm", "1", "job").trim();
    cluster.ask("scontrol", "update", `NodeName=${hostname()}`, "State=DOWN", "Reason=test");
    const state = (): string =>
      cluster.ask("squeue", "--noheader", "--states=all", `--jobs=${job}_0`, "--Format=State,RestartCnt");
    await until("the task is put back into the queue", () => /^PENDING +1/.test(state()));
    // A node that is there registers again by itself, which may have been before this.
    await until("the node is back", () =>
      /^(idle|mixed|allocated)/.test(cluster.ask("sinfo", "--noheader", "--format=%T")),
    );
    const there = await onSlurm(...sweep, "--out", "node");
    expect(there).toMatchObject({
      code: 0,
      stderr: `synaptape: waiting for job ${job}, which is in the queue already\n`,
    });
    await run(...sweep, "--out", "node-here");
    expect(leftBy("node")).toEqual(leftBy("node-here"));
  });

  it("computes what others need first, in a job of its own", async () => {
    const study = ["reproduce", "recurrent-chemical-networks", "--scale", "smoke", "--seeds", "1", "--json"];
    const shown = await onSlurm(...study, "--out", "needs", "--dry-run");
    expect(objects(shown.stdout)).toEqual([{ scripts: [expect.any(String), expect.any(String)], cells: 32 }]);
    expect(namesIn("needs", "slurm")).toEqual([]);
    const [there, here] = [await onSlurm(...study, "--out", "needs"), await run(...study, "--out", "needs-here")];
    expect(there.stdout.replaceAll("needs", "needs-here")).toBe(here.stdout);
    expect(namesIn("needs", "slurm")).toEqual(["1", "2"]);
    expect(rowsOf("needs")).toEqual(rowsOf("needs-here"));
  });

  it("tells why cells failed, and computes them when the cause is gone", async () => {
    const images = join(folder, "small", "train-images-idx3-ubyte");
    const before = readFileSync(images);
    const sweep = [...SWEEP, "--vary", "lr=1e-2", "--episodes", "2"];
    try {
      cluster.ask("scontrol", "update", "PartitionName=main", "State=DOWN");
      expect((await onSlurm(...sweep, "--out", "failed", "--leave")).code).toBe(0);
      writeFileSync(
        images,
        before.map((byte, i) => (i > 100 ? byte ^ 1 : byte)),
      );
      cluster.ask("scontrol", "update", "PartitionName=main", "State=UP");
      await until("the task ends", () => logs("failed").includes("1 failed"));
    } finally {
      writeFileSync(images, before);
    }
    expect(logs("failed")).toContain("their hash differs. Put back the same images.");
    expect(await onSlurm(...sweep, "--out", "failed")).toMatchObject({ code: 0 });
    expect(namesIn("failed", "slurm")).toEqual(["1", "2"]);
  });

  it("says in the words of Slurm why a job is refused", async () => {
    const sweep = [...SWEEP, "--vary", "lr=1e-2", "--episodes", "2", "--out", "refused"];
    const { code, stderr } = await start([...sweep, "--executor", "slurm:partition=nowhere"], cluster.env).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^synaptape: sbatch refused the job: .*[Ii]nvalid partition.*\. The script is .*script\.sh\.\n$/,
    );
  });
});
