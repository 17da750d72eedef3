import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { gainTable, retentionTable } from "../../src/cli/evaluate.js";
import { type EvaluationLine, RETENTION_SHARES } from "../../src/meta/index.js";
import { idx } from "../data/fixtures.js";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, refusal, run, start } = commandLine();
// So few images of each that some are left that no episode of training shows.
const FEW = [...TINY, "--shots", "1", "--queries", "1", "--ways", "3", "--episodes", "3"];

/** Four classes of four images of 5 x 5 pixels, called t10k; one class is held out. */
function writeOther(): void {
  const labels = Array.from({ length: 16 }, (_, i) => i % 4);
  const pixels = labels.flatMap((label, i) => Array.from({ length: 25 }, (_, p) => (p * (label + 2) * 31 + i) % 256));
  mkdirSync(join(folder, "other"));
  writeFileSync(join(folder, "other/t10k-images-idx3-ubyte"), idx([16, 5, 5], pixels));
  writeFileSync(join(folder, "other/t10k-labels-idx1-ubyte"), idx([16], labels));
}

const stored = (run: string): string => readFileSync(join(folder, run, "evaluation.jsonl"), "utf8");

const accuracy = fc.double({ min: 0, max: 1, noNaN: true });

/** The share in percent that each column's cell begins with. */
function readRow(head: readonly string[], row: readonly string[]): Record<string, number> {
  return Object.fromEntries(head.map((name, i) => [name, Number.parseFloat(row[i])]));
}

/** 100 times the mean of what the first of each pair has more than the second, summed up in float64. */
const gainOf = (pairs: readonly (readonly [number, number])[]): number =>
  (100 * pairs.reduce((sum, [a, b]) => sum + a - b, 0)) / pairs.length;

/** The ends of the interval that a cell shows lie on either side of the gain, up to the last digit shown. */
function expectAround(cell: string, gain: number): void {
  const interval = cell.match(/-?[\d.]+(?= %)/g) ?? [];
  expect(interval).toHaveLength(2);
  expect(Number(interval[0])).toBeLessThanOrEqual(gain + 0.051);
  expect(Number(interval[1])).toBeGreaterThanOrEqual(gain - 0.051);
}

describe("the table of gains", () => {
  it("has the learned rule's mean minus the initial one's in each line, whichever is better", () => {
    const lines = fc.array(fc.tuple(accuracy, accuracy), { minLength: 1, maxLength: 8 });
    const signs = new Set<number>();
    fc.assert(
      fc.property(lines, (pairs) => {
        const group = pairs.map(([learned, initial], i) => ({
          ...{ condition: "trained" as const, data: "glyphs", shots: 1, task: i + 1 },
          ...{ learned: { loss: 1, accuracy: learned }, initial: { loss: 1, accuracy: initial } },
        }));
        const [head, row] = gainTable([group]);
        const of = readRow(head, row);
        const gain = gainOf(pairs);
        expect(Math.abs(of.gain - gain)).toBeLessThan(0.051);
        expect(Math.abs(of["learned rule"] - of["initial rule"] - gain)).toBeLessThan(0.11);
        if (pairs.length > 1) expectAround(row[head.indexOf("98 % interval over tasks")], gain);
        if (Math.abs(gain) > 1) signs.add(Math.sign(gain));
      }),
      { seed: 20241122, numRuns: 100 },
    );
    expect(signs.size, "gains and losses were both seen").toBe(2);
  });
});

describe("the table of retention", () => {
  it("has at each point the learned rule's mean minus the initial one's, whichever is better", () => {
    const points = RETENTION_SHARES.length;
    const curve = fc.array(accuracy, { minLength: points, maxLength: points });
    const both = fc.record({ first: curve, second: curve });
    const signs = new Set<number>();
    fc.assert(
      fc.property(fc.array(fc.tuple(both, both), { minLength: 2, maxLength: 5 }), (lives) => {
        const group = lives.map(([learned, initial], i) => ({
          ...{ condition: "trained" as const, data: "glyphs", shots: 1, task: i + 1 },
          learned: { loss: 1, accuracy: 1, retention: learned },
          initial: { loss: 1, accuracy: 1, retention: initial },
        }));
        const [head, ...rows] = retentionTable(group);
        expect(rows).toHaveLength(points);
        rows.forEach((row, point) => {
          const of = readRow(head, row);
          expect(of["of second"]).toBe(10 * point);
          for (const side of ["first", "second"] as const) {
            for (const [rule, place] of [["learned", 0] as const, ["initial", 1] as const]) {
              const wanted = gainOf(lives.map((life) => [life[place][side][point], 0]));
              expect(Math.abs(of[`${side}, ${rule}`] - wanted)).toBeLessThan(0.051);
            }
          }
          const gain = gainOf(lives.map(([ours, theirs]) => [ours.first[point], theirs.first[point]]));
          expect(Math.abs(of.gain - gain)).toBeLessThan(0.051);
          expectAround(row[head.indexOf("98 % interval over tasks")], gain);
          if (Math.abs(gain) > 1) signs.add(Math.sign(gain));
        });
      }),
      { seed: 20241122, numRuns: 40 },
    );
    expect(signs.size, "gains and losses were both seen").toBe(2);
  });
});

describe("evaluate", () => {
  beforeAll(async () => {
    writeOther();
    const runs = [
      [...FEW, "--preset", "rcn", "--out", "faithful"],
      [...FEW, "--preset", "bio", "--protocol", "strict", "--out", "strict"],
      [...FEW, "--preset", "bio", "--protocol", "strict", "--ways", "1", "--out", "alone"],
      ["--hidden", "4", "--shots", "1", "--queries", "1", "--episodes", "1", "--out", "glyphs"],
    ].map((flags) => run("train", ...flags));
    for (const { code } of await Promise.all(runs)) expect(code).toBe(0);
  }, 60_000);

  it("writes a whole file with the lines that it prints, and the same bytes the second time", async () => {
    const flags = ["--tasks", "2", "--shots", "1,3", "--data", "other", "--prefix", "t10k", "--json"];
    const { code, stdout, stderr } = await run("evaluate", "faithful", ...flags);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stored("faithful")).toBe(stdout);
    const lines = objects(stdout);
    const conditions = ["trained", "permuted", "new images", "other data"];
    expect(lines.map(({ condition, shots, task }) => [condition, shots, task])).toEqual(
      [1, 3].flatMap((shots) => conditions.flatMap((condition) => [1, 2].map((task) => [condition, shots, task]))),
    );
    for (const { condition, data, learned, initial } of lines) {
      expect(data).toBe(condition === "other data" ? "other/t10k" : "small/train");
      for (const score of [learned, initial] as { loss: number; accuracy: number }[]) {
        expect(score.loss).toBeGreaterThan(0);
        expect(score.accuracy * 3).toBeCloseTo(Math.round(score.accuracy * 3), 10);
      }
    }
    expect((await run("evaluate", "faithful", ...flags)).stdout).toBe(stdout);
    expect(stored("faithful")).toBe(stdout);
  });

  it("is refused in one sentence while another process, even a suspended one, evaluates the run", async () => {
    await run("train", ...FEW, "--out", "shared");
    const flags = ["evaluate", "shared", "--tasks", "60", "--workers", "1", "--json"];
    const alone = start(flags);
    await alone.lines(2);
    alone.process.kill("SIGSTOP");
    const told = await refusal(1, "evaluate", "shared", "--tasks", "1");
    expect(told).toMatch(
      new RegExp(
        `the evaluation of shared is in use by process ${alone.process.pid} on \\S+ since .*End it, or wait for it`,
      ),
    );
    // The run itself can be read, and gone on with.
    expect((await run("report", "shared")).code).toBe(0);
    expect((await run("train", "--resume", "shared")).code).toBe(0);
    alone.process.kill("SIGCONT");
    const { code, stdout } = await alone.ended;
    expect(code).toBe(0);
    expect(stored("shared")).toBe(stdout);
    expect(readdirSync(join(folder, "shared/evaluation")).sort()).toEqual(["cells", "results"]);
  });

  it("killed at any time continues to the same bytes, with any number of workers", async () => {
    const copies = ["undisturbed", "killed", "spread"];
    const flags = ["--tasks", "150"];
    for (const name of copies) cpSync(join(folder, "alone"), join(folder, name), { recursive: true });
    const whole = await run("evaluate", "undisturbed", ...flags, "--workers", "1", "--json");
    expect({ code: whole.code, stderr: whole.stderr }).toEqual({ code: 0, stderr: "" });
    const results = (): number => {
      const at = join(folder, "killed/evaluation/results");
      return existsSync(at) ? readdirSync(at).filter((name) => name.endsWith(".json")).length : 0;
    };
    for (const after of [1, 15, 30]) {
      const running = start(["evaluate", "killed", ...flags, "--workers", "1"]);
      while (results() < after) await wait(2);
      running.process.kill("SIGKILL");
      await running.ended;
    }
    expect(results()).toBeLessThan(60);
    expect(existsSync(join(folder, "killed/evaluation.jsonl"))).toBe(false);
    expect((await run("evaluate", "killed", ...flags, "--workers", "2", "--json")).stdout).toBe(whole.stdout);
    expect((await run("evaluate", "spread", ...flags, "--workers", "3", "--json")).stdout).toBe(whole.stdout);
    for (const name of copies) expect(stored(name)).toBe(whole.stdout);
  });

  it("prints a table whose rows are the means of the lines, and leaves a run that can be read", async () => {
    const { code, stdout, stderr } = await run("evaluate", "alone", "--tasks", "5");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = objects(stored("alone")) as unknown as Record<"learned" | "initial", { accuracy: number }>[];
    const [head, ...rows] = stdout.split("\n").map((row) => row.split(/ {2,}/));
    expect(head.slice(0, 4)).toEqual(["tasks", "data", "shots", "number"]);
    expect(rows.slice(0, 2).map((row) => row.slice(0, 4))).toEqual([
      ["trained (as in training)", "small/train", "1", "5"],
      ["held out (classes never shown)", "small/train", "1", "5"],
    ]);
    [lines.slice(0, 5), lines.slice(5)].forEach((group, i) => {
      const mean = (rule: "learned" | "initial"): string =>
        `${(group.reduce((sum, line) => sum + line[rule].accuracy, 0) * 20).toFixed(1)} %`;
      expect(rows[i].slice(4, 6)).toEqual([mean("learned"), mean("initial")]);
      const gain = group.reduce((sum, { learned, initial }) => sum + learned.accuracy - initial.accuracy, 0) * 20;
      expect(Number.parseFloat(rows[i][6])).toBeCloseTo(gain, 1);
    });
    expect(stdout).toContain("Task by task: alone/evaluation.jsonl\n");
    expect((await run("train", "--resume", "alone")).code).toBe(0);
  });

  it("prints the retention curve of continual tasks, point by point", async () => {
    const flags = [...FEW, "--ways", "2", "--queries", "2", "--task", "continual", "--out", "continual"];
    expect((await run("train", ...flags)).code).toBe(0);
    const { code, stdout } = await run("evaluate", "continual", "--tasks", "4");
    expect(code).toBe(0);
    const lines = objects(stored("continual")).slice(0, 4) as unknown as EvaluationLine[];
    const from = stdout.indexOf("Retention, trained, 1 shots");
    const rows = stdout.slice(from).split("\n").slice(2, 13);
    const mean = (values: (number | null | undefined)[]): string => {
      const shown = values.filter((value) => typeof value === "number");
      return `${((100 * shown.reduce((sum, value) => sum + value, 0)) / shown.length).toFixed(1)} %`;
    };
    rows.forEach((row, point) => {
      const cells = row.split(/ {2,}/);
      const [ours, theirs, gain] = [1, 2, 3].map((column) => Number.parseFloat(cells[column]));
      expect(Math.abs(gain - (ours - theirs))).toBeLessThan(0.11);
      expect([cells[0], cells[1], cells[2], cells[5], cells[6]]).toEqual([
        `${10 * point} %`,
        mean(lines.map(({ learned }) => learned.retention?.first[point])),
        mean(lines.map(({ initial }) => initial.retention?.first[point])),
        mean(lines.map(({ learned }) => learned.retention?.second[point])),
        mean(lines.map(({ initial }) => initial.retention?.second[point])),
      ]);
    });
    expect(stdout).toContain("Retention, permuted");
    const svg = readFileSync(join(folder, "continual/retention.svg"), "utf8");
    expect([...svg.matchAll(/aria-label="accuracy, ([a-z ]+), 1 shots/g)].map(([, name]) => name)).toEqual([
      ...["trained", "permuted", "new images"],
    ]);
    expect(svg).not.toMatch(/NaN|var\(/);
  });

  it("recognises the training data when they are given again", async () => {
    cpSync(join(folder, "glyphs"), join(folder, "again"), { recursive: true });
    for (const [name, data] of Object.entries({ faithful: "small", again: "glyphs" })) {
      const { stdout } = await run("evaluate", name, "--tasks", "1", "--data", data, "--json");
      expect(objects(stdout).map(({ condition }) => condition)).toEqual(["trained", "permuted", "new images"]);
    }
  });

  it("draws as many built-in images as a sweep of shots asks for", async () => {
    cpSync(join(folder, "glyphs"), join(folder, "swept"), { recursive: true });
    const { code, stdout } = await run("evaluate", "swept", "--tasks", "1", "--shots", "1,79", "--json");
    expect(code).toBe(0);
    expect(objects(stdout).map(({ condition, shots }) => [condition, shots])).toContainEqual(["new images", 79]);
  });

  it("refuses images for a rule that never saw any", async () => {
    const flags = ["--task", "sinusoid", "--hidden", "4", "--episodes", "1", "--out", "sinusoid"];
    expect((await run("train", ...flags)).code).toBe(0);
    expect(await refusal(2, "evaluate", "sinusoid", "--data", "small")).toMatch(
      /--data contradicts the run's --task sinusoid, which has no images\. Leave it out\./,
    );
  });

  it.concurrent.each<[string, RegExp]>([
    ["nowhere", /nowhere is not a run: it has no config\.json/],
    ["faithful --data nowhere", /nowhere does not exist/],
    ["faithful --data other", /no set that begins with "train"/],
    ["faithful --shots 5", /6 images, but .* Lower --shots/],
    // One class of five is held out, so of three there are not enough.
    ["strict", /--ways 3 is more than the 1 held-out classes of small/],
    ["faithful --data glyphs", /glyphs has images of 28 x 28 pixels, but the rule was learned on 5 x 5\./],
    ["glyphs --data small", /small\/train has images of 5 x 5 pixels, but the rule was learned on 28 x 28\./],
  ])("refuses %s, before any work", async (flags, says) => {
    const [name, ...rest] = flags.split(" ");
    expect(await refusal(1, "evaluate", name, ...rest)).toMatch(says);
    if (name !== "faithful") expect(existsSync(join(folder, name, "evaluation.jsonl"))).toBe(false);
  });
});
