import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openData } from "../../src/data/index.js";
import { train } from "../../src/meta/index.js";
import { dataAt } from "../../src/meta/internal.js";
import { studies } from "../../src/studies/index.js";
import { configOf } from "../../src/studies/recurrent-chemical-networks/experiments.js";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, refusal, run, start } = commandLine();
const DIES = new URL("dies.mjs", import.meta.url).href;
const SMALL = [...TINY, "--seeds", "2", "--workers", "2"];

/** The names of the results in `out`. */
const resultsIn = (out: string): string[] => {
  const at = join(folder, out, "results");
  return existsSync(at) ? readdirSync(at).filter((name) => name.endsWith(".json")) : [];
};

/** The rows of the results in `out`, by name. */
const rowsIn = (out: string): Record<string, unknown> =>
  Object.fromEntries(
    resultsIn(out).map((name) => [name, JSON.parse(readFileSync(join(folder, out, "results", name), "utf8")).row]),
  );

/** What a command said of claims. */
const claimsIn = (stdout: string): Record<string, unknown>[] => objects(stdout).filter((line) => "claim" in line);

describe("reproduce", () => {
  it("lists the studies, and the names within them", async () => {
    const { stdout } = await run("reproduce");
    for (const { name, claims } of studies) expect(stdout).toMatch(new RegExp(`^${name} +${claims.length} `, "m"));
    expect(stdout).toMatch(/fig1\|fig2\|fig3\|fig4\|baselines\|.*\|all$/m);
    const lines = objects((await run("reproduce", "--json")).stdout);
    expect(lines.map(({ study }) => study)).toEqual(studies.map(({ name }) => name));
  });

  it("runs what is missing of a figure, and does nothing the second time", async () => {
    const flags = ["reproduce", "fig3", ...SMALL, "--episodes", "6", "--out", "twice"];
    const first = await run(...flags, "--json");
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(resultsIn("twice").length).toBe(10);
    const lines = objects(first.stdout);
    const table = lines.filter((line) => "configuration" in line);
    expect(table.map(({ configuration }) => configuration)).toEqual([
      ...["F0, F2, F9", "L = 5", "no bias, separate starts", "bias by neuron", "bias by synapse"],
    ]);
    for (const row of table)
      expect(row).toMatchObject({ figure: "fig3", seeds: "2", accuracy: expect.stringMatching(/^\d\.\d{3}$/) });
    // A network of 12 hidden units on five classes is not what was published.
    const claims = claimsIn(first.stdout);
    expect(claims.find(({ claim }) => claim === "accuracy-synapse-5")).toMatchObject({
      ...{ study: "recurrent-chemical-networks", source: "paper", published: 0.924, seeds: 2 },
      ...{ verdict: "open", reason: "not the published setting" },
    });
    expect(claims.map(({ claim }) => claim)).not.toContain("accuracy-fa");
    expect(lines.at(-1)).toMatchObject({ done: true, cells: 10, failed: 0, scale: "full" });

    const before = rowsIn("twice");
    const times = () => resultsIn("twice").map((file) => statSync(join(folder, "twice/results", file)).mtimeMs);
    const written = times();
    expect(objects((await run(...flags, "--json")).stdout)).toEqual(lines);
    expect(rowsIn("twice")).toEqual(before);
    expect(times()).toEqual(written);
    expect(readFileSync(join(folder, "twice/report.html"), "utf8")).toContain("<h2>Biases</h2>");
    expect((await run(...flags)).stdout).toMatch(/^bias by synapse +2 +\d\.\d{3} +\d\.\d{3} to \d\.\d{3}/m);

    // Another figure takes over what they share.
    const fig4 = objects((await run("reproduce", "fig4", ...flags.slice(2), "--json")).stdout);
    expect(fig4.at(-1)).toMatchObject({ cells: 8, failed: 0 });
    expect(resultsIn("twice").length).toBe(14);
  });

  it.each(studies.map(({ name }) => name))(
    "killed with any number of results continues to the same table of claims: %s",
    async (name) => {
      const flags = ["reproduce", name, "--scale", "smoke", "--workers", "2", "--json", "--out"];
      const whole = await run(...flags, `${name}-whole`);
      expect({ code: whole.code, stderr: whole.stderr }).toEqual({ code: 0, stderr: "" });
      const claims = claimsIn(whole.stdout);
      expect(claims.map(({ claim }) => claim)).toEqual(
        studies.find((study) => study.name === name)?.claims.map(({ label }) => label),
      );
      for (const line of claims) {
        expect(line).toMatchObject({
          study: name,
          source: expect.stringMatching(/^(law|reference|paper)$/),
          verdict: expect.stringMatching(/^(holds|does not hold|open)$/),
        });
        expect(Object.keys(line)).toEqual(expect.arrayContaining(["value", "published"]));
        if (line.source === "law") expect(line.verdict).toBe("holds");
      }
      const out = `${name}-killed`;
      const count = resultsIn(`${name}-whole`).length;
      expect(count).toBeGreaterThan(1); // a study of one cell has no middle to be killed in
      let kept = 0;
      for (const next of new Set([0, Math.floor(count / 2), count - 1])) {
        const running = start([...flags, out], { NODE_OPTIONS: `--import=${DIES}`, DIES_AT: `${next - kept + 1}` });
        expect(await running.ended).toMatchObject({ code: null, stderr: "" });
        expect(resultsIn(out).length).toBe(next);
        kept = next;
      }
      const again = await run(...flags, out);
      expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: "" });
      expect(claimsIn(again.stdout)).toEqual(claims);
      expect(rowsIn(out)).toEqual(rowsIn(`${name}-whole`));
    },
    300_000,
  );

  it("stops on Ctrl-C at a point from which it can continue, and says so", async () => {
    const out = "stopped";
    const running = start(["reproduce", "fig4", ...SMALL, "--episodes", "4000", "--out", out, "--json"]);
    while (!existsSync(join(folder, out, "cells")) || readdirSync(join(folder, out, "cells")).length === 0)
      await wait(10);
    await wait(500);
    running.process.kill("SIGINT");
    expect(await running.ended).toMatchObject({
      code: 130,
      stderr: "Stopped. Run the same command again to continue.\n",
    });
  });

  it("says which cells failed, and reports the others", async () => {
    const flags = ["reproduce", "fig2", ...SMALL, "--episodes", "4", "--out", "broken"];
    expect((await run(...flags)).code).toBe(0);
    const [damaged] = resultsIn("broken");
    writeFileSync(join(folder, "broken/results", damaged), "{}");
    expect(await refusal(1, ...flags)).toMatch(/results\/.*\.json is damaged: its checksum is wrong\. Remove it/);
    rmSync(join(folder, "broken/results", damaged));
    // In the way of the cell that is missing.
    mkdirSync(join(folder, "broken/cells", damaged.replace(".json", ""), "config.json"), { recursive: true });
    const { code, stdout, stderr } = await run(...flags);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^synaptape: the cell of seed \d of meta\/train failed: /);
    expect(stdout).toMatch(/recurrent-chemical-networks, full: 3 cells/);
  });

  it("reads finished runs of older versions, and says which ones it cannot use", async () => {
    const images = await openData(join(folder, "small"), { prefix: "train" });
    const data = dataAt(join(folder, "small"));
    const setting = { data, hidden: [12], ways: 5, shots: 2, queries: 2, episodes: 4 };
    const at = (name: string): string => join(folder, "older/runs", name);
    const made = await train(images, configOf("rcn-2", setting, 0), { workers: 1, out: at("rcn-2-seed0") });
    await train(images, configOf("rcn-2", { ...setting, shots: 1 }, 1), { workers: 1, out: at("rcn-2-seed1") });
    await train(images, configOf("layer-2", { ...setting, episodes: 2 }, 0), { workers: 1, out: at("layer-2-seed0") });
    const flags = ["reproduce", "fig2", ...SMALL, "--episodes", "4", "--out", "older", "--json"];
    const first = await run(...flags);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/rcn-2-seed1 is not used: its settings differ\./);
    expect(first.stderr).toMatch(/layer-2-seed0 is not used: it has 2 episodes, and 4 are asked for\./);
    expect(first.stderr).not.toContain("rcn-2-seed0");
    const hashes = Object.values(rowsIn("older")).map((row) => (row as { ruleHash: string }).ruleHash);
    expect(hashes).toContain(made.ruleHash);
    // What was taken over is what would have been computed.
    expect((await run(...flags.slice(0, -3), "--out", "newer")).code).toBe(0);
    expect(rowsIn("newer")).toEqual(rowsIn("older"));
  });

  it("refuses invalid requests", async () => {
    expect(await refusal(2, "reproduce", "bio-transformations", "--episodes", "3")).toMatch(
      /bio-transformations has no --episodes, which is a setting of recurrent-chemical-networks, rule-pool, two-time-scales\. Leave it out/,
    );
    expect(await refusal(2, "reproduce", "two-time-scales", "--data", "small")).toMatch(/uses no images/);
    expect(await refusal(2, "reproduce", "fig9")).toMatch(
      /there is no study or figure "fig9"\. Did you mean fig1\? Pass backprop-diffusion, .*two-time-scales, fig1, .* or all\./,
    );
    expect(await refusal(2, "reproduce", "fig1", "--seeds", "0")).toMatch(
      /--seeds is "0"\. Pass a whole number from 1/,
    );
    expect(await refusal(2, "reproduce", "fig1", "--episodes", "none")).toMatch(/--episodes is "none"\. Pass a whole/);
    expect(await refusal(2, "reproduce", "fig1", "--scale", "huge")).toMatch(/--scale is "huge"\. Pass smoke/);
    expect(await refusal(1, "reproduce", "fig1", "--data", "nowhere")).toMatch(/nowhere does not exist/);
    expect(await refusal(1, "reproduce", "fig1", "--data", "small")).toMatch(
      /need 60 of each\. Lower --shots or --queries/,
    );
    writeFileSync(join(folder, "afile"), "");
    expect(await refusal(1, "reproduce", "fig1", ...TINY, "--out", "afile")).toMatch(/Choose another --out/);
  });
});
