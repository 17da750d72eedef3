// A sentence that tells people to call a function names one that they can call.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

const textsIn = (folder: string, kind: RegExp): [name: string, text: string][] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => kind.test(name) && !name.includes("generated"))
    .map((name) => [name, readFileSync(join(root, folder, name), "utf8")]);

/** Functions named as `name()` in the sentences of this source: texts in quotes that end with a full stop. */
function namedIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const texts = [...code.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)].map(([text]) => text);
  return texts
    .filter((text) => / .*\.["`]$/s.test(text))
    .flatMap((text) => [...text.replace(/\$\{[^}]*\}/g, "").matchAll(/(?<![\w.$])([a-z]\w+)\(\)/g)])
    .map(([, name]) => name);
}

describe("functions named in sentences", () => {
  const all = textsIn("api", /\.txt$/)
    .map(([, text]) => text)
    .join("\n");
  const known = new Set(all.match(/\w+/g));

  it("are public", () => {
    const odd = textsIn("src", /\.ts$/).flatMap(([file, text]) =>
      namedIn(text)
        .filter((name) => !known.has(name))
        .map((name) => `${file}: ${name}()`),
    );
    expect(odd).toEqual([]);
  });

  it("are found in messages, and not in comments or other text", () => {
    const inserted = "$" + "{four()}";
    const source = `// Use one().\nconst a = "Read it with two() or three().";\nconst b = \`is ${inserted}. Use five().\`;\nsix("x y");`;
    expect(namedIn(source)).toEqual(["two", "three", "five"]);
  });
});
