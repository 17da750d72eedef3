// `--module` with a study of the user's own: one that computes its cells itself, and one whose cells are trainings with a motif
// of the same module.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, type Outcome, objects } from "./fixtures.js";

const { folder, start } = commandLine();

/** Runs a command as a process of its own, since a module stays loaded in the process that loaded it. */
const own = (...args: string[]): Promise<Outcome> => start(args).ended;

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

/** What is the same in the studies of this file. */
const COMMON = `papers: [], about: "Does it?", basis: "full text",
      effort: { smoke: { seeds: 3, seconds: 1 }, quick: { seeds: 3, seconds: 1 }, full: { seeds: 3, seconds: 1 } },`;

const STUDY = `export default ({ Key, random, defineMotif, defineStudy, mul }) => {
  defineMotif({ name: "push", summary: "the pseudo-gradient once more", term: ({ e, yPre }) => mul(e, yPre) });
  defineStudy(({ field, whole, bySeed, meanOf, contains }) => ({
    name: "coins", ${COMMON}
    fields: { throws: field({ type: whole(1), default: 100, flag: "--throws <n>", help: "throws of a coin" }) },
    cells: ({ config, seeds }) => seeds.map((seed) => ({ kind: "coins", config, seed })),
    run: ({ config: { throws }, seed }) => ({
      share: random.uniform(Key.of(seed), [throws]).toArray().filter((x) => x < 0.5).length / throws,
    }),
    claims: [{
      label: "fair", statement: "Half of the throws show heads", source: "reference",
      measure: (results) => meanOf(bySeed(results, ({ row }) => row.share)),
      holds: (measured) => contains(measured, 0.5),
    }],
  }));
  defineStudy(({ defaultTrainConfig, trainCell, trainKind, module }) => ({
    name: "pushed", ${COMMON}
    fields: {},
    cells: ({ seeds }) => seeds.map((seed) => {
      const base = defaultTrainConfig("bio");
      const plasticity = { ...base.plasticity, motifs: [0, "push"], head: "linear", inputGate: "one" };
      const task = { kind: "teacher", inputs: 2, outputs: 1, width: 3 };
      const small = { hidden: [8], ways: 1, shots: 4, queries: 2, episodes: 2, task };
      return trainCell({ ...base, ...small, module, seed, plasticity });
    }),
    kinds: [trainKind],
    claims: [{
      label: "trained", statement: "Each run has two episodes", source: "law",
      measure: (results) => ({ value: Math.min(...results.map(({ row }) => row.loss.length)), seeds: results.length }),
      holds: ({ value }) => (value === 2 ? "holds" : "does not hold"),
    }],
  }));
};
`;

/** The names of the results of a study, which are hashes of what they depend on. */
const resultsIn = (out: string): string[] => readdirSync(join(folder, out, "results")).sort();

async function linesOf(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await own(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return objects(stdout) as Record<string, unknown>[];
}

const SMOKE = ["--scale", "smoke", "--module", "study.js", "--json"];

describe("a study of the user's own", () => {
  it("is listed, runs on threads with its own settings, and is compared with its claims", async () => {
    write("study.js", STUDY);
    const listed = await linesOf("reproduce", "--module", "study.js", "--json");
    expect(listed.map(({ study }) => study)).toEqual(expect.arrayContaining(["gain", "coins", "pushed"]));
    const coins = ["reproduce", "coins", ...SMOKE, "--throws", "2000"];
    const lines = await linesOf(...coins, "--workers", "2", "--out", "two");
    expect(lines[0]).toMatchObject({ study: "coins", claim: "fair", seeds: 3 });
    expect(Math.abs((lines[0].value as number) - 0.5)).toBeLessThan(0.05);
    expect(lines.at(-1)).toMatchObject({ done: true, cells: 3, failed: 0 });
    expect((await linesOf(...coins, "--workers", "1", "--out", "one"))[0]).toEqual(lines[0]);
    expect(resultsIn("one")).toEqual(resultsIn("two"));
  });

  it("trains with a motif of the same module, on threads", async () => {
    write("study.js", STUDY);
    const [claim, last] = await linesOf("reproduce", "pushed", ...SMOKE, "--workers", "2", "--out", "pushed");
    expect(claim).toMatchObject({ study: "pushed", claim: "trained", verdict: "holds", value: 2 });
    expect(last).toMatchObject({ done: true, failed: 0 });
  });

  it("computes everything again when its text has changed, and nothing when it has not", async () => {
    write("study.js", STUDY);
    await linesOf("reproduce", "coins", ...SMOKE, "--out", "changed");
    const before = resultsIn("changed");
    const text = (name: string): string => readFileSync(join(folder, "changed", "results", name), "utf8");
    const kept = before.map(text);
    await linesOf("reproduce", "coins", ...SMOKE, "--out", "changed");
    expect(resultsIn("changed").map(text)).toEqual(kept);
    write("study.js", `${STUDY}// another line\n`);
    await linesOf("reproduce", "coins", ...SMOKE, "--out", "changed");
    const after = resultsIn("changed");
    expect(after.filter((name) => !before.includes(name)).length).toBeGreaterThan(0);
    expect(before.every((name) => after.includes(name))).toBe(true);
  });

  it.each([
    ["what is no function", "defineStudy(3)", /what makes the study is 3\. Give a function/],
    ["what is no study", "defineStudy(() => ({ name: 'x' }))", /the study is \{"name":"x"\}\. Give one/],
    [
      "a name that is taken",
      `defineStudy(() => ({ name: "gain", ${COMMON} fields: {}, cells: () => [], claims: [] }))`,
      /a study is called "gain", which is taken/,
    ],
    [
      "a name that is none",
      `defineStudy(() => ({ name: "../x", ${COMMON} fields: {}, cells: () => [], claims: [] }))`,
      /called "\.\.\/x", which is no name/,
    ],
    ["a fault of its own", "defineStudy(() => { throw new Error('no luck'); })", /odd\.js: no luck\./],
  ])("refuses %s, and names the module", async (_, code, said) => {
    write("odd.js", `export default ({ defineStudy }) => { ${code}; };`);
    const { code: exit, stdout, stderr } = await own("reproduce", "--module", "odd.js");
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(/^synaptape: [^\n]*odd\.js[^\n]+\n$/);
    expect(stderr).toMatch(said);
  });
});
