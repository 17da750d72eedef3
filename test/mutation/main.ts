// `npm run mutate [folder or file] [lines] [seed]`: plants faults in a folder of `src`, one at a time, runs that folder's
// tests against each, and says which faults no test noticed. Which files and how many of their lines is written in
// choice.ts; with a number, that many lines are mutated, always the same ones, and others with another seed than 1. Without
// a folder, a small choice of several folders, with a score below which the run fails: that is what CI runs.
import { rmSync } from "node:fs";
import { Stryker } from "@stryker-mutator/core";
import { CHOICES, CI, LINES, SKIPPED } from "./choice.js";
import { filesOf, type Line, linesOf, sample } from "./sample.js";

const [folder, count, seed = "1"] = process.argv.slice(2);
const choiceOf = (name: string) => CHOICES[name] ?? {};
const found = (folder ? [folder] : CI.folders).flatMap((name) => {
  const lines = linesOf(filesOf(name, choiceOf(name).files));
  if (lines.length === 0) throw new Error(`[mutate] there is no code in src/${name}. Name a folder of src, or a file.`);
  const standard = name.endsWith(".ts") ? lines.length : (choiceOf(name).lines ?? LINES);
  const wanted = count ? Number(count) : folder ? standard : CI.lines;
  if (!(Number.isSafeInteger(wanted) && wanted > 0)) {
    throw new Error(`[mutate] ${count} lines: give a whole number of at least 1.`);
  }
  if (!Number.isSafeInteger(Number(seed))) throw new Error(`[mutate] seed ${seed}: give a whole number.`);
  return sample(lines, wanted, Number(seed));
});
const folderOf = (file: string): string => file.split("/")[1];
const folders = [...new Set(found.map(({ file }) => folderOf(file)))];
const anew = folders.some((name) => choiceOf(name).anew);
process.env.MUTATION_TESTS = JSON.stringify([
  ...folders.flatMap((name) => choiceOf(name).tests ?? [`test/${name}/**/*.test.ts`]),
  ...(anew ? ["test/mutation/loaded.ts"] : []),
]);
process.env.MUTATION_FILES = JSON.stringify([...new Set(found.map(({ file }) => file))]);
process.env.MUTATION_ANEW = String(anew);
process.env.MUTATION_SKIPPED = JSON.stringify(SKIPPED);

const place = ({ file, line }: Line): string => `${file}:${line}:0-${line}:999`;
const results = await new Stryker({
  testRunner: "vitest",
  vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
  mutate: found.map(place),
  // What an error says is for people to read; tests hold a part of it. Names of kinds and options are strings as well,
  // and a wrong one shows in what runs.
  mutator: { excludedMutations: ["StringLiteral"] },
  // Stryker would read it with TypeScript's old interface, which TypeScript 7 has not.
  tsconfigFile: "none",
  checkers: [],
  concurrency: 1,
  coverageAnalysis: "perTest",
  timeoutMS: 30_000,
  dryRunTimeoutMinutes: 30, // a machine may be busy
  tempDirName: "build/mutation",
  ignorePatterns: ["/dist", "/coverage", "/docs", "/bench", "/runs"],
  // Faults in what a module does when it is loaded need all tests, each in a module loaded anew: not in CI's time.
  ignoreStatic: folder === undefined,
  reporters: process.stdout.isTTY ? ["progress"] : [],
  warnings: false,
  logLevel: "error" as never,
  allowEmpty: true,
}).runMutationTest();
rmSync("build/mutation", { recursive: true, force: true });

type Result = (typeof results)[number];
const rows = new Map<string, Result[]>();
for (const result of results) {
  if (result.status === "CompileError" || result.status === "Ignored") continue;
  rows.set(result.fileName, [...(rows.get(result.fileName) ?? []), result]);
}
const caught = ({ status }: Result): boolean =>
  status === "Killed" || status === "Timeout" || status === "RuntimeError";
const score = (list: readonly Result[]): number => (100 * list.filter(caught).length) / list.length;
const line = (name: string, list: readonly Result[]): string =>
  `${name.padEnd(40)} ${String(list.length).padStart(5)} ${String(list.filter(caught).length).padStart(7)} ${score(list).toFixed(1).padStart(7)}`;

const relative = (file: string): string => file.slice(file.lastIndexOf("/src/") + 1);
for (const result of [...rows.values()].flat().filter((each) => !caught(each) || each.status === "Timeout")) {
  const { start } = result.location;
  console.log(
    `${relative(result.fileName)}:${start.line} ${result.mutatorName}: ${result.replacement} (${result.status})`,
  );
}
console.log(`\n${"file".padEnd(40)} ${"faults".padStart(5)} ${"caught".padStart(6)} ${"%".padStart(7)}`);
for (const [name, list] of [...rows].sort()) console.log(line(relative(name), list));
const all = [...rows.values()].flat();
if (all.length === 0)
  throw new Error("[mutate] no fault could be planted in these lines. Name more lines, or another seed.");
console.log(line("all", all));
const late = all.filter(({ status }) => status === "Timeout").length;
if (late > 0) console.log(`${late} of those caught ran out of time, which proves little on a busy machine.`);
if (!folder && score(all) < CI.atLeast) {
  console.log(`The score is below ${CI.atLeast} %: add a test for what is listed above.`);
  process.exitCode = 1;
}
