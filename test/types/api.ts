// npm run api: writes what each entry of the package exports into api/, one file for an entry: every public name with its
// declaration, without its docstring. A test holds that the files are those of the build, so that no public name changes unseen.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { beginsWith, type Exports, exportsOf } from "./documented.js";

const root = resolve(import.meta.dirname, "../..");

/** The folder of the files. */
export const FOLDER = "api";

const texts = new Map<string, string>();
/** The text of a file, read once. */
const textOf = (file: string): string => {
  const text = texts.get(file) ?? readFileSync(file, "utf8");
  texts.set(file, text);
  return text;
};

const seen = new Map<string, Exports>();

const withoutComments = (text: string): string =>
  text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, "").replace(/ *\/\*\*? [^*]*\*\//g, "");

/** The statement that begins in this line: up to the next line that begins in its column and does not continue it. */
function statementAt(lines: readonly string[], start: number, column: number): string[] {
  let end = start + 1;
  while (end < lines.length && (lines[end].slice(0, column + 1).trim() === "" || /^[ ]*[}\])]/.test(lines[end]))) end++;
  return lines.slice(start, end);
}

/** The declarations of a name in a file, as text: those of overloads one after the other. */
function declarationsOf(file: string, name: string): string {
  const lines = withoutComments(textOf(file)).split("\n");
  const begins = beginsWith(name);
  const found = lines.flatMap((line, i) => (begins.test(line) ? [statementAt(lines, i, 0)] : []));
  return found
    .flat()
    .filter((line) => line.trim() !== "" && !/^ {4}(private|protected) /.test(line))
    .map((line) =>
      line
        .replace(/^export /, "")
        .replace(/^declare /, "")
        .replaceAll("    ", "  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Where a declaration is. */
interface Place {
  readonly file: string;
  readonly name: string;
}

/** What a name means in a file: what it declares itself, or imports from another file of the package. */
function meaningOf(file: string, name: string): Place | undefined {
  const text = textOf(file);
  if (text.split("\n").some((line) => beginsWith(name).test(line))) return { file, name };
  for (const [, list, from] of text.matchAll(/^import (?:type )?\{([^}]*)\} from "(\.[^"]*)";/gm)) {
    for (const item of list.split(",")) {
      const [origin, as = origin] = item
        .trim()
        .replace(/^type /, "")
        .split(" as ");
      if (as === name) return exportsOf(resolve(dirname(file), from.replace(/\.js$/, ".d.ts")), seen).get(origin);
    }
  }
  return undefined;
}

/** What modules add to the classes of others, such as the methods of tensors; each as the file, and the text. */
function augmentations(folder: string): { file: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .sort()
    .map((name) => join(folder, name))
    .flatMap((file) =>
      [...withoutComments(textOf(file)).matchAll(/^declare module "[^"]*" \{\n([\s\S]*?)^\}/gm)].map(([, inner]) => ({
        file,
        text: inner.replace(/^ {4}/gm, "").replaceAll("    ", "  ").trimEnd(),
      })),
    );
}

const keyOf = ({ file, name }: Place): string => `${file} ${name}`;

/**
 * The text for an entry: its names in order, then what has no public name in any entry and is part of their declarations. Of a
 * class among these the members are given, and not what they are made of.
 *
 * @param all the places of all public names of the package.
 */
function apiOf(folder: string, entry: string, all: ReadonlySet<string>): string {
  const listed = [...exportsOf(join(folder, entry), seen)].sort(([a], [b]) => (a < b ? -1 : 1));
  const named = listed.map(([as, { file, name }]) => {
    const text = declarationsOf(file, name);
    return { file, text: as === name ? text : `// ${as} is\n${text}` };
  });
  const shown = [...named, ...(entry === "index.d.ts" ? augmentations(folder) : [])];
  const known = new Set(all);
  const used: (Place & { readonly text: string })[] = [];
  const look = ({ file, text }: { file: string; text: string }): void => {
    for (const [word] of text.matchAll(/\b[A-Za-z]\w*\b/g)) {
      const place = meaningOf(file, word);
      if (!place || known.has(keyOf(place))) continue;
      known.add(keyOf(place));
      const found = { ...place, text: declarationsOf(place.file, place.name) };
      used.push(found);
      if (!found.text.startsWith("class")) look(found);
    }
  };
  for (const each of shown) look(each);
  used.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.file < b.file ? -1 : 1));
  const rest =
    used.length > 0 ? ["// Not exported; what is above is made of it.", ...used.map(({ text }) => text)] : [];
  return `${[...shown.map(({ text }) => text), ...rest].join("\n\n")}\n`;
}

type Entries = Readonly<Record<string, { readonly types: string }>>;

/** All files by name, from the declarations in a folder. */
export function apiFiles(
  folder = join(root, "dist/types"),
  exports: Entries = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports,
): Record<string, string> {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: run \`npm run build\` first`);
  const entries = Object.entries(exports).map(
    ([name, { types }]) => [name === "." ? "index" : name.slice(2), types.replace("./dist/types/", "")] as const,
  );
  const all = new Set(entries.flatMap(([, entry]) => [...exportsOf(join(folder, entry), seen).values()].map(keyOf)));
  return Object.fromEntries(entries.map(([name, entry]) => [`${name}.txt`, apiOf(folder, entry, all)]));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const to = join(root, FOLDER);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  for (const [name, text] of Object.entries(apiFiles())) writeFileSync(join(to, name), text);
}
