// The parts of the engine for Slurm, held to recorded words of its commands: these tests need no Slurm.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Run } from "../../src/engines/slurm/commands.js";
import { elsewhere, queued } from "../../src/engines/slurm/jobs.js";
import { limitsOf, tasksFor } from "../../src/engines/slurm/limits.js";
import { newSubmission, partsOf, readManifest } from "../../src/engines/slurm/manifest.js";
import { scriptOf } from "../../src/engines/slurm/script.js";
import { namesSlurm, settingsOf } from "../../src/engines/slurm/settings.js";
import { levelsOf, submit } from "../../src/engines/slurm/submit.js";
import { runTask } from "../../src/engines/slurm/task.js";
import { type Cell, here, Stopped } from "../../src/runs/index.js";
import { folderStore, HeldError, lockFolder } from "../../src/runs/node.js";
import { inTemporary } from "../meta/fixtures.js";

const answer = (stdout = "", code = 0, stderr = "") => ({ code, stdout, stderr });
const cell = (seed: number, needs?: readonly Cell[]): Cell => ({
  kind: "test/sum",
  config: null,
  seed,
  ...(needs && { needs }),
});
const settings = settingsOf("slurm");

/** Adds up its seed and the rows that it needs. */
const sum = {
  name: "test/sum",
  run: ({ seed, needs = [] }: Cell, { row }: { row(need: number): unknown }) =>
    needs.reduce((total, _, i) => total + Number(row(i)), seed),
};

describe("settings", () => {
  it("are read from the text that names the engine", () => {
    expect(settingsOf("slurm:partition=long, time=2-12:00:00,mem=4G,cpus=2,account=lab,tasks=10,warn=60")).toEqual({
      ...{ partition: "long", time: "2-12:00:00", mem: "4G", cpus: 2, account: "lab", tasks: 10, warn: 60 },
    });
    expect(settings).toMatchObject({ partition: "", cpus: 1 });
    expect(["slurm", "slurm:", "slurm:time=1"].every(namesSlurm)).toBe(true);
    expect(["slurmx", "", "redis://slurm"].some(namesSlurm)).toBe(false);
  });

  it.each([
    ["slurm:speed=2", /there is no setting "speed=2"/],
    ["slurm:cpus=0", /cpus is "0"\. Pass a whole number/],
    ["slurm:time=soon", /time is "soon"\. Pass a time such as/],
    ["slurm:partition=a\n#SBATCH --uid=0", /partition is "a\\n#SBATCH --uid=0"/],
    ["slurm:mem=1G,mem=2G", /mem is given twice/],
  ])("%j is refused", (text, said) => {
    expect(() => settingsOf(text)).toThrow(said);
  });
});

describe("the size of an array", () => {
  it("is within every limit, and at least one task", () => {
    const limit = fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 9 }),
        limit,
        limit,
        (cells, wanted, cpus, arraySize, most) => {
          const tasks = tasksFor(cells, wanted, { cpus, limits: { arraySize, submit: most } });
          expect(tasks).toBeGreaterThanOrEqual(1);
          expect(tasks).toBeLessThanOrEqual(Math.min(wanted, arraySize ?? wanted, Math.max(1, most ?? wanted)));
          expect((tasks - 1) * cpus).toBeLessThan(Math.max(1, cells)); // no task has nothing to do from the start
        },
      ),
    );
  });

  it("is asked of scontrol and, where there is accounting, of sacctmgr", async () => {
    const run: Run = async (command, args) => {
      if (command === "scontrol") return answer("MaxArraySize            = 1001\nMaxJobCount             = 10000\n");
      return args.includes("qos") ? answer("|\n200|\n") : answer("|1000\n||\n");
    };
    expect(await limitsOf(run, "someone")).toEqual({ arraySize: 1001, submit: 200 });
    const without: Run = async (command) =>
      command === "scontrol"
        ? answer("MaxArraySize = 5\n")
        : answer("", 1, "You are not running a supported accounting_storage plugin");
    expect(await limitsOf(without, "someone")).toEqual({ arraySize: 5, submit: undefined });
  });

  it("is halved while sbatch finds it too large, and the script says what was accepted", () =>
    inTemporary(async (out) => {
      const sizes: number[] = [];
      const run: Run = async (command, args, folder) => {
        expect([command, ...args]).toEqual(["sbatch", "--parsable", "script.sh"]);
        const size = 1 + Number(/--array=0-(\d+)/.exec(readFileSync(join(folder!, "script.sh"), "utf8"))![1]);
        sizes.push(size);
        if (size <= 3) return answer("77;scratch\n");
        return answer(
          "",
          1,
          "sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy",
        );
      };
      const cells = Array.from({ length: 20 }, (_, seed) => cell(seed));
      const limits = { arraySize: undefined, submit: undefined };
      const plan = { settings, limits, task: { command: ["synaptape"], directory: "/" } };
      const { job, tasks, folder } = await submit(run, out, cells, plan);
      expect({ job, tasks, sizes }).toEqual({ job: "77", tasks: 2, sizes: [20, 10, 5, 2] });
      expect(readFileSync(partsOf(folder).job, "utf8")).toBe("77\n");
    }));
});

describe("the script", () => {
  it("survives every folder name in a shell", () =>
    inTemporary(async (above) => {
      for (const name of ["plain", "with space", "quo'te", "$(touch x)", "a;b", 'dou"ble', "perc%a"]) {
        const directory = join(above, name);
        mkdirSync(directory);
        const manifest = join(directory, "manifest.jsonl");
        const module = join(directory, "rules.js");
        const task = { command: ["/bin/echo", "got"], directory, manifest, modules: [module] };
        const { stdout } = spawnSync("sh", ["-c", scriptOf(settings, 3, task)], { encoding: "utf8" });
        expect(stdout).toBe(`got slurm-task ${manifest} --module ${module}\n`);
      }
      expect(readdirSync(above)).not.toContain("x");
    }));

  it("has a line for each setting that was given, and none with a path", () => {
    const task = { command: ["synaptape"], directory: "/home/me", manifest: "/home/me/out/slurm/1/manifest.jsonl" };
    const lines = scriptOf(settingsOf("slurm:partition=long,mem=2G,warn=60"), 24, task).split("\n");
    const options = lines.filter((line) => line.startsWith("#SBATCH"));
    expect(options).toContain("#SBATCH --partition=long");
    expect(options).toContain("#SBATCH --mem=2G");
    expect(options).toContain("#SBATCH --array=0-23");
    expect(options).toContain("#SBATCH --signal=B:USR1@60");
    expect(options.join("\n")).not.toMatch(/--time|--account|\/home/);
  });
});

describe("a manifest", () => {
  it("is read as it was written, and refused when it is of another version, damaged or gone", () =>
    inTemporary(async (out) => {
      const manifest = { cpus: 2, cells: [cell(0), cell(1, [cell(0)])] };
      const place = partsOf(await newSubmission(out, manifest)).manifest;
      expect(await readManifest(place)).toEqual(manifest);
      const text = readFileSync(place, "utf8");
      for (const [changed, said] of [
        [
          text.replace(/"version":"[^"]*"/, '"version":"9.9.9"'),
          /was written by version 9\.9\.9, numerics 1, kernels [\da-f]{8}, and this is/,
        ],
        [text.replace('"numerics":1', '"numerics":2'), /was written by version .*, numerics 2, kernels/],
        [
          text.replace(/"kernels":"[^"]*"/, `"kernels":"${"0".repeat(64)}"`),
          /was written by .*, kernels 00000000, and this is/,
        ],
        [
          text.replace('"module":""', `"module":"${"1".repeat(64)}"`),
          /was written by .*, module 11111111, and this is version [^,]*, numerics 1, kernels [\da-f]{8}\. Submit/,
        ],
        [text.slice(0, -10), /is damaged\. Submit the command again\./],
        [text.split("\n").slice(0, 2).join("\n").concat("\n"), /is damaged/],
        ["[1]\n", /is no manifest/],
      ] as const) {
        writeFileSync(place, changed);
        await expect(readManifest(place)).rejects.toThrow(said);
      }
      await expect(readManifest(join(out, "gone", "manifest.jsonl"))).rejects.toThrow(
        /cannot be read: its folder does not exist/,
      );
    }));

  it("puts cells after those that they need", async () => {
    const base = cell(0);
    const top = cell(2, [cell(1, [base])]);
    expect(await levelsOf([base, cell(1, [base]), cell(5), top])).toEqual([[base, cell(5)], [cell(1, [base])], [top]]);
    // What is needed and not among them has a result already.
    expect(await levelsOf([top])).toEqual([[top]]);
  });
});

describe("what Slurm says of jobs", () => {
  it("is counted: running, waiting and why", async () => {
    const run: Run = async () =>
      answer("7|RUNNING|None\n7|PENDING|Resources\n7|COMPLETING|None\n8|PENDING|Dependency\n");
    expect(await queued(run, ["7", "8", "9"])).toEqual({
      ...{ running: 2, waiting: 2, reasons: ["Resources", "Dependency"], jobs: new Set(["7", "8"]) },
    });
    const forgotten: Run = async () => answer("", 1, "slurm_load_jobs error: Invalid job id specified\n");
    expect((await queued(forgotten, ["7"])).jobs.size).toBe(0);
    const silent: Run = async () =>
      answer("", 1, "slurm_load_jobs error: Unable to contact slurm controller (connect failure)");
    await expect(queued(silent, ["7"])).rejects.toThrow(/squeue failed: slurm_load_jobs error: Unable to contact/);
  });

  const task = { SLURM_ARRAY_JOB_ID: "7", SLURM_ARRAY_TASK_ID: "3", SLURM_CLUSTER_NAME: "c", SLURM_RESTART_COUNT: "2" };

  it.each([
    ["slurm c 7_3 1", "", "this task, before it was put back", true],
    ["slurm c 7_3 2", "", "this task", false],
    ["slurm c 7_4 0", "RUNNING             0", "a running task", false],
    ["slurm c 7_4 0", "COMPLETING          0", "a task whose processes are being ended", false],
    ["slurm c 7_4 0", "RUNNING             1", "an earlier process of a running task", true],
    ["slurm c 7_4 0", "PENDING             1", "a task that was put back", true],
    ["slurm c 7_4 0", "NODE_FAIL           0", "a task whose node failed", true],
    ["slurm c 7_4 0", "", "a task that Slurm no longer knows", true],
    ["slurm other 7_4 0", "FAILED 0", "a task of another cluster", false],
    ["something else", "", "something else", false],
  ])("tells of %s (squeue: %j), %s, whether it ended: %j", async (mark, said, _, ended) => {
    expect(await elsewhere(async () => answer(said), task)!.ended(mark)).toBe(ended);
  });

  it("is not trusted when it does not answer", async () => {
    const silent = elsewhere(async () => answer("", 1, "Unable to contact slurm controller"), task)!;
    expect(await silent.ended("slurm c 7_4 0")).toBe(false);
    expect(elsewhere(async () => answer(), {})).toBeUndefined();
  });

  it("frees the lock of a task on another machine, and only if it has ended", () =>
    inTemporary(async (folder) => {
      const plant = (mark?: string): void =>
        writeFileSync(
          join(folder, ".lock"),
          JSON.stringify({
            token: "t",
            host: `not-${hostname()}`,
            machine: "m",
            boot: "b",
            space: "s",
            pid: 1,
            began: "1",
            since: "",
            mark,
          }),
        );
      const knows = (ended: boolean) => ({ mark: "ours", ended: async (mark: string) => ended && mark === "theirs" });
      plant("theirs");
      await expect(lockFolder(folder)).rejects.toThrow(HeldError);
      await expect(lockFolder(folder, folder, knows(false))).rejects.toThrow(HeldError);
      const lock = await lockFolder(folder, folder, knows(true));
      expect(JSON.parse(readFileSync(join(folder, ".lock"), "utf8")).mark).toBe("ours");
      await lock.release();
      plant(undefined);
      await expect(lockFolder(folder, folder, knows(true))).rejects.toThrow(HeldError);
    }));
});

describe("a task", () => {
  const options = (signal = new AbortController().signal) => ({
    ...{ open: () => here([sum]), signal, say: () => {}, environment: {} },
  });
  const submitted = async (out: string, cells: readonly Cell[], cpus = 1): Promise<string> =>
    partsOf(await newSubmission(out, { cpus, cells })).manifest;

  it("shares the cells with others: each is computed once, whatever their number", () =>
    inTemporary(async (out) => {
      const cells = Array.from({ length: 40 }, (_, seed) => cell(seed));
      const manifest = await submitted(out, cells, 2);
      const tasks = Array.from({ length: 5 }, (_, i) => ({
        SLURM_ARRAY_TASK_ID: String(i),
        SLURM_ARRAY_TASK_COUNT: "5",
      }));
      const outcomes = await Promise.all(tasks.map((environment) => runTask(manifest, { ...options(), environment })));
      expect(outcomes.reduce((total, { done }) => total + done, 0)).toBe(40);
      const store = await folderStore(out);
      for (const each of cells) expect((await store.get(each))?.row).toBe(each.seed);
      expect(readdirSync(join(out, "cells"))).toEqual([]);
    }));

  it("computes what needs others from their rows, and says when there are none", () =>
    inTemporary(async (out) => {
      const base = cell(5);
      await runTask(await submitted(out, [base]), options());
      const needy = [cell(1, [base]), cell(2, [cell(99)])];
      const manifest = await submitted(out, needy);
      expect(await runTask(manifest, options())).toMatchObject({ done: 1, failed: 1 });
      expect((await (await folderStore(out)).get(needy[0]))?.row).toBe(6);
      const [failure] = readdirSync(partsOf(dirname(manifest)).failures);
      expect(readFileSync(join(dirname(manifest), "failures", failure), "utf8")).toContain(
        "a cell that it needs has no result",
      );
    }));

  it("leaves what a living process holds", () =>
    inTemporary(async (out) => {
      const store = await folderStore(out);
      const claim = await store.claim(cell(0));
      const manifest = await submitted(out, [cell(0), cell(1)]);
      expect(await runTask(manifest, options())).toMatchObject({ done: 1, failed: 0 });
      await claim.release();
      expect(await runTask(manifest, options())).toMatchObject({ done: 1, failed: 0 });
    }));

  it("gives a cell up that no time of a task brings any further, and not one that came further", () =>
    inTemporary(async (out) => {
      const parts = [0.1, 0.2, 0.2];
      const manifest = await submitted(out, [cell(0)]);
      for (const [i, part] of parts.entries()) {
        const stop = new AbortController();
        const slow = {
          name: "test/sum",
          run(_: Cell, { progress }: { progress(part: number): void }): never {
            progress(part);
            stop.abort();
            throw new Stopped();
          },
        };
        const outcome = await runTask(manifest, { ...options(stop.signal), open: () => here([slow]) });
        expect(outcome).toEqual({ done: 0, failed: i === 2 ? 1 : 0, stopped: true });
      }
      expect(await runTask(manifest, options())).toMatchObject({ done: 0, failed: 0 }); // it does not begin again
    }));
});
