// Reads and imports a module of own parts. For Node; loaded only when there is one.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError, plain } from "../core/index.js";
import { sha256 } from "../runs/internal.js";
import { explained, readPlain } from "../runs/node.js";

/** Imports of files beside a module. */
const IMPORT = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"'\n]+)["']/g;

/** More files than a module of parts has. */
const MOST_FILES = 1000;

/** The cure for what is no module of parts. */
const FORM =
  "Its default export has to be a function: export default ({ defineMotif, mul }) => { defineMotif({ ... }); };";

/** The module's path, and the hash of its text and of all that it imports by a path. */
export async function readModule(given: string): Promise<{ file: string; hash: string }> {
  const file = resolve(given);
  const files = [file];
  const contents: Uint8Array[] = [];
  for (let at = 0; at < files.length; at++) {
    const bytes = await readPlain(files[at]).catch((error: unknown) => {
      throw explained(error, `${plain(at === 0 ? given : files[at])} cannot be read`, "Give the path of a module.");
    });
    contents.push(bytes);
    for (const [, path] of new TextDecoder().decode(bytes).matchAll(IMPORT)) {
      const beside = resolve(dirname(files[at]), path);
      if (!files.includes(beside) && existsSync(beside)) files.push(beside);
    }
    if (files.length > MOST_FILES) {
      throw new InputError(`[module] ${plain(given)} imports over ${MOST_FILES} files. Bundle it into one.`);
    }
  }
  const parts = contents.flatMap((bytes) => [`${bytes.byteLength}\n`, bytes]);
  return { file, hash: await sha256(parts) };
}

/** The function that a module exports as its default. */
export async function defaultOf(file: string): Promise<(parts: never) => unknown> {
  const address = pathToFileURL(file).href;
  const content = await (
    import(/* webpackIgnore: true */ /* @vite-ignore */ address) as Promise<{ default?: unknown }>
  ).catch((cause: unknown) => {
    const fact = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new InputError(
      `[module] ${plain(file)} cannot be loaded: ${plain(fact, 300).replace(/[.]?$/, ".")} Correct it, and try again.`,
      { cause },
    );
  });
  if (typeof content.default === "function") return content.default as (parts: never) => unknown;
  throw new InputError(`[module] ${plain(file)} exports no default function. ${FORM}`);
}
