// `--module`: parts of the user's own on the command line. Their oracle is a run of the same rule without a module: a motif
// that is written like F9 by other means, and a synapse that is written like the built-in kind.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, type Outcome, objects, TINY } from "./fixtures.js";

const { folder, start } = commandLine();

/** Runs a command as a process of its own, since a module stays loaded in the process that loaded it. */
const own = (...args: string[]): Promise<Outcome> => start(args).ended;

/** Writes a module into the folder of the command line. */
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

const RULES = `export default ({ defineMotif, defineSynapse, mul, sub, add, sum, reshape }) => {
  defineMotif({
    name: "push",
    summary: "the pseudo-gradient once more",
    term: ({ e, yPre }) => mul(e, yPre),
  });
  defineSynapse({
    name: "plain",
    begin: (w) => ({ w, h: [] }),
    step: ({ w }, { drive }) => ({ w: add(w, mul(reshape(sum(drive, [0]), w.shape), 0.5)), h: [] }),
  });
};
`;

const refused = (outcome: Outcome, code = 1): string => {
  expect(outcome).toMatchObject({ code, stdout: "" });
  expect(outcome.stderr).toMatch(/^synaptape: [^\n]+\n$/);
  return outcome.stderr.slice("synaptape: ".length, -1);
};

async function lastOf(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await own(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return objects(stdout).at(-1) as Record<string, unknown>;
}

const RUN = [...TINY, "--preset", "bio", "--meta-batch", "2", "--json"];

/** On the built-in characters, which are enough for an evaluation. */
const OWN = [
  ...["--preset", "bio", "--hidden", "12", "--shots", "2", "--queries", "2", "--meta-batch", "2", "--json"],
  ...["--module", "rules.js", "--motifs", "0,push"],
];

describe("a module of own parts", () => {
  it("trains, on threads too, resumes, evaluates and reports, and is kept by its hash", async () => {
    write("rules.js", RULES);
    const train = ["train", ...OWN, "--episodes", "4"];
    const whole = await lastOf(...train, "--out", "m1", "--workers", "1");
    expect(await lastOf(...train, "--out", "m2", "--workers", "2")).toEqual(whole);

    const { module } = JSON.parse(readFileSync(join(folder, "m1", "config.json"), "utf8"));
    expect(module).toEqual({ file: join(folder, "rules.js"), hash: expect.stringMatching(/^[0-9a-f]{64}$/) });

    const begun = ["train", ...OWN, "--episodes", "2", "--out", "m3"];
    await lastOf(...begun);
    const file = join(folder, "m3", "config.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"episodes": 2', '"episodes": 4'));
    expect(await lastOf("train", "--resume", "m3", "--module", "rules.js", "--json")).toEqual(whole);

    const evaluated = await own("evaluate", "m1", "--module", "rules.js", "--tasks", "2", "--json", "--workers", "2");
    expect(evaluated).toMatchObject({ code: 0, stderr: "" });
    expect(await lastOf("report", "m1", "--module", "rules.js", "--json")).toMatchObject({ runs: 1 });
    expect(readFileSync(join(folder, "m1", "report.html"), "utf8")).toContain("push");
  });

  it("gives a synapse of the user's own the flag --rule, and sweeps it", async () => {
    write("rules.js", RULES);
    const flags = [...TINY, "--rule", "plain", "--motifs", "0", "--episodes", "2", "--module=rules.js", "--json"];
    await lastOf("train", ...flags, "--out", "s1");
    expect(JSON.parse(readFileSync(join(folder, "s1", "config.json"), "utf8")).plasticity.synapse).toBe("plain");
    const last = await lastOf("sweep", "train", ...flags, "--vary", "lr=1e-3,1e-2", "--workers", "2", "--out", "s2");
    expect(last).toMatchObject({ done: true, trials: 2, failed: 0 });
  });

  it("gives a task of the user's own the flag --task, trains on it in threads, evaluates, reports and names it", async () => {
    write(
      "lines.js",
      `export default ({ defineTask, random }) => defineTask({
        name: "lines", summary: "a line of random slope through 0", inputs: 1, outputs: 1, shots: 5, queries: 4,
        draw(key, { steps, queries }) {
          const slope = 2 * key.uniform(0) - 1;
          const xs = (key, count) => [...random.uniform(key, [count], { low: -1 }).data()];
          const [inputs, queryInputs] = [xs(key.fold(1), steps), xs(key.fold(2), queries)];
          return { inputs, queryInputs, targets: inputs.map((x) => slope * x), queryTargets: queryInputs.map((x) => slope * x) };
        },
      });`,
    );
    const flags = ["--preset", "bio", "--hidden", "6", "--task", "lines", "--episodes", "4", "--meta-batch", "2"];
    const train = ["train", ...flags, "--module", "lines.js", "--json"];
    const whole = await lastOf(...train, "--out", "l1", "--workers", "1");
    expect(await lastOf(...train, "--out", "l2", "--workers", "2")).toEqual(whole);
    const { task, shots, queries } = JSON.parse(readFileSync(join(folder, "l1", "config.json"), "utf8"));
    expect({ task, shots, queries }).toEqual({ task: { kind: "own", name: "lines" }, shots: 5, queries: 4 });
    expect(await own("evaluate", "l1", "--module", "lines.js", "--tasks", "2", "--json")).toMatchObject({ code: 0 });
    await lastOf("report", "l1", "--module", "lines.js", "--json");
    expect(readFileSync(join(folder, "l1", "report.html"), "utf8")).toContain("regression (lines)");
    expect(refused(await own("train", ...flags), 2)).toMatch(/--task is "lines"\..* Pass classify/);
    expect((await own("train", "--help", "--module", "lines.js")).stdout).toMatch(/lines +a line of random slope/);
  });

  it("equals a built-in part that computes the same", async () => {
    // F0 is - e y' of the unit's own error, and a motif begins at 0: so the two rules begin the same, and end with
    // coefficients of opposite sign for it if only the sign of the motif differs.
    write(
      "twin.js",
      'export default ({ defineMotif, mul, neg }) => {\n  defineMotif({ name: "twin", summary: "x", term: ({ y, yPre }) => mul(y, yPre) });\n  defineMotif({ name: "negative", summary: "x", term: ({ y, yPre }) => neg(mul(y, yPre)) });\n};\n',
    );
    const train = (name: string) =>
      lastOf("train", ...RUN, "--module", "twin.js", "--motifs", `0,${name}`, "--episodes", "4", "--out", `t-${name}`);
    const [one, other] = [await train("twin"), await train("negative")];
    expect(one.meanAccuracyLast50).toBe(other.meanAccuracyLast50);
    expect(one.ruleHash).not.toBe(other.ruleHash);
  });

  it("refuses to go on without the module, or with another one, and says what to do", async () => {
    write("changing.js", RULES);
    mkdirSync(join(folder, "lib"), { recursive: true });
    write("lib/sign.js", "export const sign = 1;\n");
    write(
      "uses.js",
      `import { sign } from "./lib/sign.js";\n${RULES.replace("mul(e, yPre)", "mul(mul(e, yPre), sign)")}`,
    );
    for (const name of ["changing.js", "uses.js"]) {
      await lastOf("train", ...RUN, "--module", name, "--motifs", "0,push", "--episodes", "2", "--out", `c-${name}`);
    }
    const without = refused(await own("train", "--resume", "c-changing.js"));
    expect(without).toMatch(
      /takes parts from .*changing\.js \(hash [0-9a-f]{8}\), which is not loaded\. Pass it as --module/,
    );
    appendFileSync(join(folder, "changing.js"), "// another line\n");
    const changed = refused(await own("train", "--resume", "c-changing.js", "--module", "changing.js"));
    expect(changed).toMatch(/with the hash [0-9a-f]{8}, but .*changing\.js has [0-9a-f]{8}\. Put back the module/);
    write("lib/sign.js", "export const sign = -1;\n");
    expect(refused(await own("train", "--resume", "c-uses.js", "--module", "uses.js"))).toContain(
      "Put back the module",
    );
  });

  it.each([
    [
      "a file that is not there",
      undefined,
      /^absent\.js cannot be read: it does not exist\. Give the path of a module\.$/,
    ],
    ["no JavaScript", "export default (", /bad\.js cannot be loaded: SyntaxError: .*\. Correct it, and try again\.$/],
    ["no default function", "export const kinds = [];", /bad\.js exports no default function\. .*export default \(/],
    ["a module that throws", "throw new Error('no luck');", /bad\.js cannot be loaded: Error: no luck\. Correct it/],
    [
      "a motif that is not local",
      'export default ({ defineMotif, mul, sum, broadcastTo }) => defineMotif({ name: "far", summary: "x", term: ({ w }) => broadcastTo(sum(w), w.shape) });',
      /bad\.js failed: .*far.*\. Correct it/,
    ],
    [
      "a name that is taken",
      'export default ({ defineMotif }) => defineMotif({ name: "hebb", summary: "x", term: ({ w }) => w });',
      /bad\.js failed: "hebb" is taken or a number\. Give it another name\. Correct it/,
    ],
  ])("refuses %s in a sentence", async (_, text, message) => {
    if (text !== undefined) write("bad.js", text);
    const name = text === undefined ? "absent.js" : "bad.js";
    expect(refused(await own("train", ...TINY, "--module", name, "--out", "never"))).toMatch(message);
  });

  it("refuses a motif that no module defines, and --module without a file", async () => {
    expect(refused(await own("train", ...TINY, "--motifs", "0,push"), 2)).toMatch(/--motifs is "0,push"\. Pass/);
    expect(refused(await own("train", ...TINY, "--module", "--json"), 2)).toMatch(/--module has no value/);
  });
});
