// Reads the examples of docstrings from the sources and makes programs of them that compare each result with the comment beside
// it. An example stands between ```ts and ```, or after `@example`.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { transformSync } from "esbuild";
import { Tensor } from "../../src/core/index.js";
import { exportsOf } from "../types/documented.js";

/** The folder of the package. */
export const root = resolve(import.meta.dirname, "../..");

/** An example: the file and the name that it stands at. */
export interface Example {
  readonly at: string;
  readonly code: string;
}

const entries = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports as Record<
  string,
  { types: string }
>;

/** The entries of the package, each with its source: `["nn", "src/nn/index.ts"]`. */
export const entryFiles: readonly (readonly [string, string])[] = Object.entries(entries).map(([name, { types }]) => [
  name === "." ? "index" : name.slice(2),
  types.replace("./dist/types/", "src/").replace(/\.d\.ts$/, ".ts"),
]);

const seen = new Map();

/** Where the public names of an entry are declared: `src/nn/dense.ts dense`. */
export const placesOf = (file: string): ReadonlyMap<string, string> =>
  new Map(
    [...exportsOf(join(root, file), seen)].map(([as, { file: at, name }]) => [
      as,
      `${at.slice(root.length + 1)} ${name}`,
    ]),
  );

/** The examples in a docstring, as code. */
function codeIn(docstring: string): string[] {
  const text = docstring.replace(/^ *\*(?: |$)/gm, "");
  const fenced = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code);
  const tagged = [...text.matchAll(/^@example\b([\s\S]*?)(?=^@|$(?![\s\S]))/gm)]
    .map(([, code]) => code.trim())
    .filter((code) => !code.startsWith("```"));
  return [...fenced, ...tagged.map((code) => `${code}\n`)];
}

/** The docstrings of a file that have an example, each with what it explains. */
export function examplesOf(file: string): Example[] {
  const source = readFileSync(join(root, file), "utf8");
  const found = source.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\n\s*(?:export )?(?:abstract )?(?:async )?(?:(?:function\*?|const|class|interface|type|readonly|static) )*([\w[\].]+)/g,
  );
  return [...found].flatMap(([, text, name]) => codeIn(text).map((code) => ({ at: `${file} ${name}`, code })));
}

const number = (x: number): string => (Object.is(x, -0) ? "0" : String(Number(x.toPrecision(4))));

/** How the shape of a tensor is written in a comment: `(2, 3)`. */
const shapeText = ({ shape }: Tensor): string => `(${shape.join(", ")})`;

function nested(values: ArrayLike<number>, shape: readonly number[], from = 0): string {
  if (shape.length === 0) return number(values[from]);
  const [n, ...rest] = shape;
  const size = rest.reduce((a, b) => a * b, 1);
  return `[${Array.from({ length: n }, (_, i) => nested(values, rest, from + i * size)).join(", ")}]`;
}

/** How a result is written in the comment of an example: four digits, and the shape of what is large. */
export function shown(value: unknown): string {
  if (value instanceof Tensor) return value.size > 16 ? shapeText(value) : nested(value.data(), value.shape);
  if (typeof value === "number") return number(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `[${Array.from(value as number[], shown).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const parts = Object.entries(value).filter(([, part]) => typeof part !== "function" && part !== undefined);
    return `{ ${parts.map(([name, part]) => `${name}: ${shown(part)}`).join(", ")} }`;
  }
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? "undefined");
}

/** Whether a comment says a result; others are words. */
const saysResult = (comment: string): boolean =>
  /^(?:-?\d|\(\d+(?:, \d+)*\)|[[{"]|true\b|false\b|undefined\b)/.test(comment);

/** Throws unless the comment says this result: as a value or as a shape, and then, if anything, words. */
export function compare(value: unknown, comment: string): void {
  const texts = [shown(value), ...(value instanceof Tensor ? [shapeText(value)] : [])];
  const says = texts.some(
    (text) => comment === text || (comment.startsWith(text) && /^[,:; ]/.test(comment.slice(text.length))),
  );
  if (!says) throw new Error(`The comment says "${comment}", and the result is ${texts.join(", or ")}.`);
}

const depthOf = (line: string): number => {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/.*$/g, "");
  return (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0);
};

/** The first name that a declaration gives, or else the expression itself. */
function resultOf(statement: string): { readonly before: string; readonly value: string } {
  const declared = /^(?:const|let|using) [{[\s]*(?:\w+: )?(\w+)/.exec(statement);
  if (declared) return { before: statement, value: declared[1] };
  const printed = /^console\.log\(([\s\S]*)\);?$/.exec(statement.trim());
  return { before: "", value: printed ? printed[1] : statement.trim().replace(/;$/, "") };
}

/** The program of an example: after each statement with a result in its comment, a call that compares them. */
export function programOf(code: string): string {
  const statements: string[] = [];
  let [held, depth] = ["", 0];
  for (const line of code.replace(/^import [\s\S]*? from "[^"]*";\n/gm, "").split("\n")) {
    depth += depthOf(line);
    const [, text, comment] = /^(.*?)(?:(?:^|\s)\/\/ (.*))?$/.exec(line) ?? [];
    held += `${text}\n`;
    if (depth > 0 || (!/[;}]\s*$/.test(text) && comment === undefined)) continue;
    if (comment === undefined || !saysResult(comment) || text.trim() === "") {
      statements.push(held);
    } else {
      const { before, value } = resultOf(held);
      statements.push(`${before}$compare(${value}, ${JSON.stringify(comment)});`);
    }
    held = "";
  }
  return transformSync([...statements, held].join("\n"), { loader: "ts", format: "esm", target: "es2022" }).code;
}
