import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, refusal, run, start } = commandLine();
const SMALL = [...TINY, "--seeds", "2", "--workers", "2"];

/** The files of all runs in `out`, but for how long episodes took. */
function runsIn(out: string): Record<string, string> {
  const files = readdirSync(join(folder, out, "runs"), { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    files
      .filter((file) => /\.(jsonl|safetensors)$/.test(file))
      .map((file) => {
        const bytes = readFileSync(join(folder, out, "runs", file), "latin1");
        return [file, bytes.replace(/"seconds":[^}]*/g, "")];
      }),
  );
}

describe("reproduce", () => {
  it("runs what is missing, tells how long before it starts, and does nothing the second time", async () => {
    const flags = ["reproduce", "fig3", ...SMALL, "--episodes", "6", "--out", "twice", "--json"];
    const first = await run(...flags);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const lines = objects(first.stdout);
    const names = ["bio", "rcn-5", "apart-5", "neuron-5", "synapse-5"];
    expect(readdirSync(join(folder, "twice/runs")).sort()).toEqual(
      names.flatMap((n) => [`${n}-seed0`, `${n}-seed1`]).sort(),
    );
    const plan = lines.find((line) => "estimateSeconds" in line);
    expect(plan).toMatchObject({ runs: 10, cached: 0, workers: 2, estimateSeconds: expect.any(Number) });
    expect(plan?.estimateSeconds).toBeGreaterThan(0);
    const episodes = lines.filter((line) => "episode" in line);
    expect(episodes.length).toBe(10 * 6);
    const table = lines.filter((line) => "experiment" in line);
    expect(table.map(({ experiment }) => experiment)).toEqual(names);
    for (const row of table) {
      expect(row).toMatchObject({ seeds: 2, accuracy: expect.any(Number) });
      expect(row.low).toBeLessThanOrEqual(row.accuracy as number);
      expect(row.high).toBeGreaterThanOrEqual(row.accuracy as number);
      // A network of 12 hidden units on five classes is not what was published.
      expect(row.published).toBeUndefined();
    }
    expect(lines.at(-1)).toMatchObject({ done: true, runs: 10, failed: [] });

    const before = runsIn("twice");
    // The angles of the baselines are measured, whichever figure asks for a run first.
    const measured = before[join("bio-seed1", "diagnostics.jsonl")];
    expect(objects(measured).map(({ episode }) => episode)).toEqual([1, 3, 5]);
    expect(Object.keys(before).filter((file) => file.endsWith("diagnostics.jsonl")).length).toBe(2);
    const times = () => Object.keys(before).map((file) => statSync(join(folder, "twice/runs", file)).mtimeMs);
    const written = times();
    const again = objects((await run(...flags)).stdout);
    expect(again.filter((line) => "episode" in line)).toEqual([]);
    expect(again.filter((line) => "experiment" in line)).toEqual(table);
    expect(again[0]).toMatchObject({ runs: 10, cached: 10, estimateSeconds: 0 });
    expect(runsIn("twice")).toEqual(before);
    expect(times()).toEqual(written);

    // Another figure takes over what they share.
    const fig4 = objects((await run("reproduce", "fig4", ...flags.slice(2))).stdout);
    expect(fig4.find((line) => "estimateSeconds" in line)).toMatchObject({ runs: 8, cached: 4 });
  });

  it("goes on after kill -9 to the same bits, at once", async () => {
    const flags = ["reproduce", "fig4", ...SMALL, "--episodes", "40", "--json"];
    const whole = run(...flags, "--out", "whole");
    const running = start([...flags, "--out", "killed"]);
    await running.lines(30);
    running.process.kill("SIGKILL");
    await running.ended;
    const { code, stdout, stderr } = await run(...flags, "--out", "killed");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(objects(stdout).filter((line) => "episode" in line).length).toBeLessThan(8 * 40);
    await whole;
    expect(runsIn("killed")).toEqual(runsIn("whole"));
  });

  it("stops on Ctrl-C where it can go on, and says so", async () => {
    const running = start(["reproduce", "fig4", ...SMALL, "--episodes", "2000", "--out", "stopped", "--json"]);
    await running.lines(10);
    running.process.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130, stderr: "Stopped. The same command goes on from here.\n" });
  });

  it("says which run failed and reports on the others", async () => {
    const flags = ["reproduce", "fig2", ...SMALL, "--out", "broken"];
    expect((await run(...flags, "--episodes", "4")).code).toBe(0);
    // In the way of a run that is to go on.
    mkdirSync(join(folder, "broken/runs/rcn-2-seed1/.checkpoint.safetensors.part"));
    const { code, stdout, stderr } = await run(...flags, "--episodes", "6");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^synaptape: 1 of 4 runs failed:\n {2}rcn-2-seed1: .*rcn-2-seed1 cannot be continued/);
    expect(stdout).toMatch(/^4 runs, 0 of them there already: about \d+ s with 2 at once\.$/m);
    expect(stdout).toMatch(/^rcn-2 +1 +\d\.\d{3} +- +-$/m);
    expect(stdout).toMatch(/^layer-2 +2 +\d\.\d{3} +\d\.\d{3} to \d\.\d{3} +-$/m);
    writeFileSync(join(folder, "broken/runs/layer-2-seed0/metrics.jsonl"), "");
    expect(await refusal(1, ...flags)).toMatch(/layer-2-seed0.*metrics\.jsonl is damaged/);
  });

  it("lists the studies, and runs one to its table of claims", async () => {
    const list = await run("reproduce");
    expect(list.stdout).toMatch(/^bio-transformations +5 +authors' code/m);
    const flags = ["reproduce", "bio-transformations", "--scale", "smoke", "--out", "study"];
    const first = await run(...flags, "--json");
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" });
    const lines = objects(first.stdout);
    expect(lines.at(-1)).toMatchObject({ done: true, study: "bio-transformations", scale: "smoke" });
    const claims = lines.slice(0, -1);
    expect(claims.map(({ claim }) => claim)).toContain("dale-signs");
    for (const { source, verdict } of claims) if (source === "law") expect(verdict).toBe("holds");
    const again = await run(...flags, "--json");
    expect(objects(again.stdout)).toEqual(lines);
    expect((await run(...flags)).stdout).toMatch(/no weight ever has the wrong sign +law +- +0 /);
  });

  it("refuses what makes no sense", async () => {
    expect(await refusal(2, "reproduce", "bio-transformations", "--episodes", "3")).toMatch(
      /--episodes is for figures such as fig1; bio-transformations has no such setting/,
    );
    expect(await refusal(2, "reproduce", "fig1", "--scale", "smoke")).toMatch(/--scale smoke is for studies/);
    expect(await refusal(2, "reproduce", "fig9")).toMatch(
      /there is no study or figure "fig9"\. Pass bio-transformations, two-time-scales, fig1, .* or all\./,
    );
    expect(await refusal(2, "reproduce", "fig1", "--seeds", "0")).toMatch(
      /--seeds is "0"\. Pass a whole number from 1/,
    );
    expect(await refusal(1, "reproduce", "fig1", "--data", "nowhere")).toMatch(/nowhere does not exist/);
    expect(await refusal(1, "reproduce", "fig1", "--data", "small")).toMatch(/need 60/);
    writeFileSync(join(folder, "afile"), "");
    expect(await refusal(1, "reproduce", "fig1", ...TINY, "--out", "afile")).toMatch(/Choose another --out/);
  });
});
