// Reads the built declarations (dist/types) and finds public names that no docstring explains. The declarations have one
// form, since one compiler prints them: a statement begins in the first column, a member of it four spaces in.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** What each file exports: the name there, and the file that declares it under which name. */
export type Exports = Map<string, { file: string; name: string }>;

const sourceOf = (file: string): string => readFileSync(file, "utf8");

/** Every name that a declaration file exports, with the place of its declaration. */
export function exportsOf(file: string, seen = new Map<string, Exports>()): Exports {
  const known = seen.get(file);
  if (known) return known;
  const found: Exports = new Map();
  seen.set(file, found);
  const source = sourceOf(file);
  const target = (specifier: string): string =>
    resolve(dirname(file), specifier.replace(/\.js$/, file.endsWith(".d.ts") ? ".d.ts" : ".ts"));
  const imported = new Map<string, { file: string; name: string }>();
  const each = (list: string, f: (name: string, as: string) => void): void => {
    for (const item of list.split(",").map((text) => text.trim().replace(/^type /, ""))) {
      const [name, as = name] = item.split(" as ");
      if (name) f(name, as);
    }
  };
  for (const [, list, from] of source.matchAll(/^import (?:type )?\{([^}]*)\} from "(\.[^"]*)";/gm)) {
    each(list, (name, as) => imported.set(as, { file: target(from), name }));
  }
  for (const [, name] of source.matchAll(
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function|const|class|interface|type|enum|namespace) (\w+)/gm,
  )) {
    found.set(name, { file, name });
  }
  for (const [, list, from] of source.matchAll(/^export (?:type )?\{([^}]*)\}(?: from "(\.[^"]*)")?;/gm)) {
    each(list, (name, as) => {
      const place = from ? { file: target(from), name } : (imported.get(name) ?? { file, name });
      found.set(as, exportsOf(place.file, seen).get(place.name) ?? place);
    });
  }
  for (const [, from] of source.matchAll(/^export \* from "(\.[^"]*)";/gm)) {
    for (const [name, place] of exportsOf(target(from), seen)) found.set(name, place);
  }
  return found;
}

/** Whether the line before `at` ends a docstring. */
const explained = (lines: readonly string[], at: number): boolean => /\*\/\s*$/.test(lines[at - 1] ?? "");

/** What a line that declares this name looks like. */
export const beginsWith = (name: string): RegExp =>
  new RegExp(
    `^(?:export )?(?:declare )?(?:abstract )?(?:function|const|class|interface|type|enum|namespace) ${name}\\b`,
  );

/** The names of a declaration, and of its members, that no docstring explains. */
function holesIn(file: string, name: string): string[] {
  const lines = sourceOf(file).split("\n");
  const begins = beginsWith(name);
  const starts = lines.flatMap((line, i) => (begins.test(line) ? [i] : []));
  if (starts.length === 0) return [`${name} (no declaration found)`];
  // Overloads and augmentations explain each other.
  const holes = starts.some((at) => explained(lines, at)) ? [] : [name];
  for (const start of starts) {
    if (!/\b(class|interface)\b/.test(lines[start]) || !lines[start].endsWith("{")) continue;
    const members = new Map<string, boolean>();
    for (let i = start + 1; lines[i] !== undefined && !lines[i].startsWith("}"); i++) {
      const member = /^ {4}(?:(?:static|readonly|abstract|get|set|async|override) )*(\[?[\w.]+\]?)[?(<:]/.exec(
        lines[i],
      );
      if (!member || /^ {4}(private|protected|constructor)\b/.test(lines[i]) || member[1] === "constructor") continue;
      // What every object or error has, and well-known symbols, need no words.
      if (
        /^(toString|\[.*\])$/.test(member[1]) ||
        (member[1] === "name" && / extends Error|RangeError/.test(lines[start]))
      )
        continue;
      members.set(member[1], explained(lines, i) || (members.get(member[1]) ?? false));
    }
    for (const [member, documented] of members) if (!documented) holes.push(`${name}.${member}`);
  }
  return holes;
}

/** The public names behind these entry points that no docstring explains, as `optim/sgd.d.ts: SgdOptions.lr`. */
export function undocumented(folder: string, entries: readonly string[]): string[] {
  const holes = new Set<string>();
  const seen = new Map<string, Exports>();
  for (const entry of entries) {
    const file = join(folder, entry);
    if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
    for (const { file: at, name } of exportsOf(file, seen).values()) {
      for (const hole of holesIn(at, name)) holes.add(`${at.slice(resolve(folder).length + 1)}: ${hole}`);
    }
  }
  return [...holes].sort();
}
