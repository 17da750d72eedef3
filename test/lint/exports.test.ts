// What is exported is used: by another file, by a test, or by the file that it stands in.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

const read = (folders: readonly string[]): Map<string, string> =>
  new Map(
    folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(?:m?ts|tsx)$/.test(name) && !/\.generated\.ts$|node_modules/.test(name))
        .map((name) => [join(root, folder, name), readFileSync(join(root, folder, name), "utf8")] as const),
    ),
  );

/** Names between braces, each with the name that it is given. */
const namesIn = (list: string): [from: string, to: string][] =>
  list
    .replace(/\/\/.*$/gm, "")
    .split(",")
    .map((entry) => entry.trim().replace(/^type /, ""))
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [from, to = from] = entry.split(" as ");
      return [from, to];
    });

/** Exports that no file imports and that the file itself does not use. */
function unused(files: ReadonlyMap<string, string>, doors: ReadonlySet<string>): string[] {
  const imported = new Set<string>();
  const from = (file: string, path: string): string => {
    const source = resolve(dirname(file), path).replace(/\.js$/, ".ts");
    return files.has(`${source}x`) ? `${source}x` : source;
  };
  for (const [file, text] of files) {
    for (const [, list = "", path] of text.matchAll(
      /(?:import|export)\s[^;"]*?(?:\{([^}]*)\})?\s*from\s*"(\.[^"]+)"/g,
    )) {
      for (const [name] of namesIn(list)) imported.add(`${from(file, path)} ${name}`);
    }
    // What is imported whole, or on demand, counts as used whole.
    for (const [, whole, later] of text.matchAll(/\*(?: as \w+)? from "(\.[^"]+)"|import\(\s*"(\.[^"]+)"\s*\)/g)) {
      imported.add(`${from(file, whole ?? later)} *`);
    }
  }
  return [...files].flatMap(([file, text]) => {
    if (doors.has(file) || !file.startsWith(join(root, "src")) || imported.has(`${file} *`)) return [];
    const declared = [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm)];
    const passed = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from/gm)].flatMap(([, list]) => namesIn(list));
    return [...declared.map(([, name]) => name), ...passed.map(([, name]) => name)]
      .filter((name) => !imported.has(`${file} ${name}`))
      .filter((name) => (text.match(new RegExp(`\\b${name}\\b`, "g")) ?? []).length === 1)
      .map((name) => `${relative(root, file)}: ${name}`);
  });
}

describe("exports", () => {
  const files = read(["src", "test", "bench", "docs"]);
  // The index of a folder is for users of the package and for floors to come.
  const doors = new Set([...files.keys()].filter((file) => /\/src\/(?:\w+\/)?index\.ts$/.test(file)));

  it("are used somewhere, except those in the index of a folder", () => {
    expect(unused(files, doors)).toEqual([]);
  });

  it("are reported if they are not used: one that is declared, and one that is re-exported", () => {
    const [a, index] = [join(root, "src/a.ts"), join(root, "src/index.ts")];
    const files = new Map([
      [a, "export const lost = 1;\nexport const passed = 2;\nexport const kept = 3;\n"],
      [index, 'export { kept, passed } from "./a.js";\n'],
      [join(root, "src/b.ts"), 'import { kept } from "./index.js";\nconst own = kept;\n'],
    ]);
    expect(unused(files, new Set())).toEqual(["src/a.ts: lost", "src/index.ts: passed"]);
  });
});
