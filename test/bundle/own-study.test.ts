// A study of a user's own, as docs/own-studies.md shows it, from the packed package: here, on threads, killed and resumed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Consumer, consumer, root } from "./packed.js";

let project: Consumer;

/** The programs of the page, by their names. */
const programs = (): Map<string, string> =>
  new Map(
    [...readFileSync(join(root, "docs/own-studies.md"), "utf8").matchAll(/^```js (\S+)\n(.*?)^```/gms)].map(
      ([, name, code]) => [name, code],
    ),
  );

const run = (...args: string[]): string => project.run(process.execPath, ...args);

beforeAll(() => {
  project = consumer();
  for (const [name, code] of programs()) project.write(name, code);
});

afterAll(() => project.remove());

describe("a user's own study", () => {
  it("gives the same claims in the process and on threads, which find their code", () => {
    const here = run("main.js", "here");
    expect(here).toMatch(/^bounded holds [\d.]+\nfair \S+.* 0\.\d+\n$/);
    expect(run("main.js", "spread", "2")).toBe(here);
    expect(run("main.js", "spread", "3")).toBe(here);
  });

  it("continues to the same claims after it was killed", async () => {
    const whole = run("main.js", "whole", "0", "full");
    const child = spawn(process.execPath, ["main.js", "killed", "2", "full"], { cwd: project.folder });
    const ended = once(child, "exit");
    const results = join(project.folder, "killed/results");
    const count = (): number =>
      existsSync(results) ? readdirSync(results).filter((name) => name.endsWith(".json")).length : 0;
    while (count() === 0 && child.exitCode === null) await new Promise((done) => setTimeout(done, 1));
    child.kill("SIGKILL");
    await ended;
    expect(count()).toBeGreaterThan(0);
    expect(run("main.js", "killed", "2", "full")).toBe(whole);
  });

  it("names a module that exports no kinds, or that does not exist", () => {
    const program = (module: string): string => `
      import { memoryStore, runCells, threads } from "synaptape/runs";
      const executor = threads(1, ${JSON.stringify(module)});
      const cell = { kind: "coins", config: { throws: 10 }, seed: 0 };
      const { failures } = await runCells([cell, { ...cell, seed: 1 }], { store: memoryStore(), executor });
      await executor.close();
      for (const { error } of failures) console.log(error.name, error.message);`;
    project.write("none.js", "export const others = [];");
    const none = run(project.write("of-none.js", program("none.js")))
      .trim()
      .split("\n");
    expect(none).toHaveLength(2);
    for (const line of none) expect(line).toMatch(/^InputError \[threads\] \S*none\.js exports no `kinds`\. Give/);
    expect(run(project.write("of-lost.js", program("lost.js")))).toMatch(/lost\.js cannot be loaded: .*\. Give/);
  });
});
