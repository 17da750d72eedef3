// Which files of tests share a process: one after the other in it, which saves the start of an engine for each.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Folders whose tests start processes, load tools that add globals, or take so long that they gain nothing. */
const APART = /^(assembly|bundle|cli|engines|examples|executors|gpu|kubernetes|lint|messages|runs|slurm)\b/;

/**
 * Words of tests that count memory, or change what all modules of a process share: settings, kinds, mocks, globals (which
 * the driver of browsers adds).
 */
const ALONE = [
  ...[/\bmemory\./, /\b(heap|memoryBytes|blockBytes|configure)\b/, /\bdefine(Motif|Synapse)\b/],
  ...[/\bvi\./, /\bglobalThis\b/, /"playwright-core"/, /process\.(chdir|env\.\w+ =)/],
];

/** Gives all modules of a process another type, which some of them compute in where it is there. */
const FLOAT64 = [/float64\/index/];

/** Whether a file, or one of those that it imports, has one of these words; `known` holds the answers so far. */
function mentions(words: readonly RegExp[], file: string, known: Map<string, boolean>): boolean {
  const before = known.get(file);
  if (before !== undefined) return before;
  const text = readFileSync(file, "utf8");
  const imported = [...text.matchAll(/(?:from|import) "(\.[^"]*)\.js";$/gm)]
    .map(([, path]) => `${join(dirname(file), path)}.ts`)
    .filter((path) => existsSync(path) && (words === FLOAT64 || path.startsWith(root)));
  const found = words.some((word) => word.test(text)) || imported.some((path) => mentions(words, path, known));
  known.set(file, found);
  return found;
}

const [alone, wide] = [new Map<string, boolean>(), new Map<string, boolean>()];
const shared = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && !APART.test(file) && !mentions(ALONE, join(root, file), alone))
  .map((file) => ({ file: `test/${file}`, float64: mentions(FLOAT64, join(root, file), wide) }));

/** The files of tests that share a process, as paths from the root of the repository. */
export const together = shared.filter(({ float64 }) => !float64).map(({ file }) => file);

/** Those that share one in which float64 is loaded. */
export const togetherFloat64 = shared.filter(({ float64 }) => float64).map(({ file }) => file);
