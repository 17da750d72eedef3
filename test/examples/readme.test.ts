// Every TypeScript block of the README, the tutorials and the guides runs as it stands, in a folder where the built package
// is installed, and prints what the page shows.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFolder, pagesWithPrograms, programsOf } from "../../docs/programs.js";

const root = resolve(import.meta.dirname, "../..");
const programs = pagesWithPrograms().flatMap(programsOf);

describe("the code of the README, the tutorials and the guides", () => {
  let folder: ReturnType<typeof openFolder>;
  beforeAll(() => {
    folder = openFolder();
  });
  afterAll(() => folder.close());

  it("is there, and the tutorials show what it prints", () => {
    expect(programs.length).toBeGreaterThan(40);
    const learn = programs.filter(({ page }) => page.startsWith("docs/learn"));
    expect(learn.length).toBeGreaterThan(5);
    for (const { page, printed } of learn) expect(printed?.trim(), page).toBeTruthy();
  });

  it("type-checks with the declarations that are published, also where an index may miss", () => {
    const files = programs.map(({ code }, i) => {
      const file = join(folder.path, `typed-${i + 1}.mts`);
      writeFileSync(file, code);
      return file;
    });
    const lib = [
      "--lib",
      "es2023,esnext.disposable,dom",
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--types",
      "node",
    ];
    const strict = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"];
    const tsc = [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "--ignoreConfig", ...strict, ...lib];
    const { stdout } = spawnSync(process.execPath, [...tsc, ...files], { cwd: folder.path, encoding: "utf8" });
    const named = stdout.replace(/typed-(\d+)\.mts/g, (_, i) => {
      const { page, number } = programs[Number(i) - 1];
      return `${page} block ${number}`;
    });
    expect(named.trim()).toBe("");
  });

  it.each(programs.map((program) => [program.page, program.number, program] as const))(
    "%s: block %i runs and prints",
    (_, __, { code, printed }) => {
      const output = folder.run(code);
      expect(output.trim()).not.toBe("");
      expect(output).not.toMatch(/NaN|undefined|Infinity/);
      if (printed !== undefined) expect(output).toBe(printed);
    },
  );
});
