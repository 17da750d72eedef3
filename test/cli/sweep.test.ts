import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { studyNamed } from "../../src/studies/index.js";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, refusal, run, start } = commandLine();
const TRAIN = ["sweep", "train", ...TINY, "--workers", "2"];
const GRID = ["--vary", "lr=1e-3,1e-2", "--vary", "chemicals=1,2", "--seeds", "2"];

const file = (...path: string[]): string => readFileSync(join(folder, ...path), "utf8");
const resultsIn = (out: string): string[] => {
  const at = join(folder, out, "results");
  return existsSync(at) ? readdirSync(at).filter((name) => name.endsWith(".json")) : [];
};
/** Everything that a sweep leaves for its user. */
const filesOf = (out: string) =>
  Object.fromEntries(
    ["trials.csv", "results.csv", "trials.json", "report.html"].map((name) => [name, file(out, name)]),
  );

describe("sweep", () => {
  it("tries every combination, and gives a table, CSV, JSON and a report", async () => {
    const { code, stdout, stderr } = await run(...TRAIN, ...GRID, "--episodes", "4", "--out", "grid");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^4 trials, 2 seeds each\. Best: trial \d \(lr [\d.]+, chemicals \d\), accuracy \d\.\d{3}\.$/m,
    );
    expect(resultsIn("grid").length).toBe(8);
    expect(
      file("grid", "trials.csv")
        .split("\r\n")
        .slice(0, -1)
        .map((line) => line.split(",").slice(0, 3)),
    ).toEqual([
      ["trial", "lr", "chemicals"],
      ...[
        ["1", "0.001", "1"],
        ["2", "0.001", "2"],
        ["3", "0.01", "1"],
        ["4", "0.01", "2"],
      ],
    ]);
    expect(file("grid", "report.html")).toContain("<h2>Settings side by side</h2>");
    expect(JSON.parse(file("grid", "trials.json"))[3]).toMatchObject({
      ...{ trial: 4, settings: { lr: 0.01, chemicals: 2 }, whole: true },
      results: [
        { seed: 0, accuracy: expect.any(Number) },
        { seed: 1, accuracy: expect.any(Number) },
      ],
    });
  });

  it("gives the rule of a run of train with the same flags", async () => {
    const lines = objects(
      (await run(...TRAIN, "--vary", "lr=0.01", "--episodes", "4", "--out", "grid", "--json")).stdout,
    );
    expect(lines.at(-1)).toMatchObject({ done: true, trials: 1, failed: 0, best: 1 });
    const alone = objects(
      (await run("train", ...TINY, "--lr", "0.01", "--episodes", "4", "--out", "alone", "--json")).stdout,
    );
    const rows = resultsIn("grid").map((name) => JSON.parse(file("grid", "results", name)).row);
    expect(rows.map(({ ruleHash }) => ruleHash)).toContain(alone.at(-1)?.ruleHash);
  });

  it("killed at any time continues to the same files", async () => {
    const flags = [...TRAIN, ...GRID, "--episodes", "12"];
    expect((await run(...flags, "--out", "whole")).code).toBe(0);
    for (const after of [1, 5]) {
      const running = start([...flags, "--out", "killed"]);
      let ended = false;
      running.ended.then(() => {
        ended = true;
      });
      while (!ended && resultsIn("killed").length < after) await wait(5);
      running.process.kill("SIGKILL");
      await running.ended;
    }
    expect((await run(...flags, "--out", "killed")).code).toBe(0);
    expect(filesOf("killed")).toEqual(filesOf("whole"));
  });

  it("draws at random from ranges and lists, the same each time", async () => {
    const flags = [...TRAIN, "--episodes", "2", "--vary", "lr=1e-4..1e-1:log", "--vary", "chemicals=1..3"];
    const lists = ["--vary", "motifs=0,2", "--vary", "motifs=0,2,9"];
    const drawn = async (...more: string[]) =>
      objects((await run(...flags, ...lists, ...more, "--out", "drawn", "--json")).stdout).filter(
        (line) => "trial" in line,
      );
    const few = await drawn("--random", "3");
    expect((await drawn("--random", "5")).slice(0, 3)).toEqual(few);
    expect(await drawn("--random", "3", "--random-seed", "1")).not.toEqual(few);
    for (const { settings } of few as { settings: Record<string, unknown> }[]) {
      expect(Object.keys(settings)).toEqual(["lr", "chemicals", "motifs"]);
      expect([1, 2, 3]).toContain(settings.chemicals);
      expect([
        [0, 2],
        [0, 2, 9],
      ]).toContainEqual(settings.motifs);
    }
  });

  it("reads trials from a file, and answers those of another program", async () => {
    writeFileSync(join(folder, "trials.jsonl"), '{"lr": 0.01}\n\n{"lr": 0.001, "hidden": [6, 4]}\n');
    const listed = await run(...TRAIN, "--episodes", "2", "--from", "trials.jsonl", "--out", "listed", "--json");
    const [first, second] = objects(listed.stdout);
    expect([first.settings, second.settings]).toEqual([{ lr: 0.01 }, { lr: 0.001, hidden: [6, 4] }]);

    const running = start([...TRAIN, "--episodes", "2", "--ask", "--out", "listed"]);
    running.process.stdin?.end('{"id": "a", "settings": {"lr": 0.01}}\nhello\n{"id": 2, "settings": {"speed": 1}}\n');
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    const answers = objects(stdout);
    expect(answers.find(({ id }) => id === "a")).toMatchObject({ settings: { lr: 0.01 }, measures: first.measures });
    expect(answers.find(({ id }) => id === 2)?.error).toMatch(/has no flag "speed" to vary/);
    expect(answers.find(({ id }) => id === null)?.error).toMatch(/no JSON/);
  });

  it("sweeps bio and studies", async () => {
    cpSync(join(folder, "small"), join(folder, "split"), { recursive: true });
    for (const part of ["images-idx3", "labels-idx1"])
      cpSync(join(folder, `small/train-${part}-ubyte`), join(folder, `split/test-${part}-ubyte`));
    const bio = ["sweep", "bio", "--data", "split", "--mechanisms", "dale", "--together", "--epochs", "1", "--json"];
    const trials = objects((await run(...bio, "--vary", "optimizer=adam,sgd", "--out", "bio")).stdout);
    expect(trials[0].measures).toHaveProperty(["accuracy, dale"]);
    expect(trials.at(-1)).toMatchObject({ trials: 2, failed: 0 });

    const study = ["sweep", "predictive-coding", "--scale", "smoke", "--vary", "networks=1,2", "--out", "study"];
    const [, second, last] = objects((await run(...study, "--json")).stdout);
    const claims = studyNamed("predictive-coding").claims.map(({ label }) => label);
    expect(Object.keys(second.measures as object).length).toBeGreaterThan(0);
    for (const name of Object.keys(second.measures as object)) expect(claims).toContain(name);
    expect(last).toMatchObject({ trials: 2, failed: 0, best: null });
  });

  it.each([
    ["nothing to vary", [], /there is nothing to sweep\. Pass --vary/],
    ["no flag", ["--vary", "1e-4"], /--vary is "1e-4"\. Pass a flag and its values/],
    ["an unknown flag", ["--vary", "speed=1"], /--vary has no flag "speed" to vary\. There are preset, /],
    ["a wrong value", ["--vary", "lr=1,fast"], /--lr is "fast"\. Pass a number/],
    ["a value twice", ["--vary", "lr=1,1"], /"lr" has the value 1 twice/],
    ["a flag twice", ["--vary", "lr=1", "--vary", "lr=2"], /--vary names lr twice/],
    ["a range without --random", ["--vary", "lr=0.1..1"], /is a range, .* Add --random/],
    ["an empty range", ["--vary", "lr=1..0.1", "--random", "2"], /is an empty range/],
    [
      "a range of words",
      ["--vary", "bias=none..synapse", "--random", "2"],
      /is a range, but the setting is not a number/,
    ],
    ["a logarithm of 0", ["--vary", "l1=0..1:log", "--random", "2"], /has no logarithm/],
    ["--random alone", ["--random", "2"], /Add --vary/],
    ["two ways at once", ["--vary", "lr=1", "--ask"], /--vary and --ask each say/],
    [
      "settings that do not go together",
      ["--vary", "rule=linear", "--vary", "chemicals=1,2"],
      /--chemicals 2 contradicts/,
    ],
    ["no such file", ["--from", "nowhere.jsonl"], /nowhere\.jsonl cannot be read/],
    ["the seed of a run", ["--seed", "3"], /unknown option '--seed'.*--seeds/],
  ])("refuses %s", async (_, flags, sentence) => {
    const outcome = await run("sweep", "train", ...flags);
    expect(outcome.code === 1 || outcome.code === 2).toBe(true);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toMatch(/^synaptape: [^\n]+\n$/);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).not.toContain("bug");
  });

  it("names the line of a file that is wrong", async () => {
    writeFileSync(join(folder, "wrong.jsonl"), '{"lr": 0.01}\n{"lr": \n');
    expect(await refusal(1, ...TRAIN, "--from", "wrong.jsonl")).toMatch(/line 2 of wrong\.jsonl is no JSON/);
    writeFileSync(join(folder, "empty.jsonl"), "\n");
    expect(await refusal(1, ...TRAIN, "--from", "empty.jsonl")).toMatch(/has no trials/);
  });
});
