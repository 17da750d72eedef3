// The engines that must agree, and how each computes the hashes of fingerprint.mjs from the built package.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Browser, missing, resultOf } from "./browsers.js";
import { importMap, page, serve } from "./server.js";

export type Hashes = Record<string, string>;

interface Engine {
  readonly name: string;
  /** The command that installs it, if it is not here. */
  readonly missing?: string | undefined;
  run(): Promise<{ version: string; hashes: Hashes }>;
}

const root = resolve(import.meta.dirname, "../..");
export const goldenFile = join(import.meta.dirname, "hashes.json");
export const golden = (): Hashes => JSON.parse(readFileSync(goldenFile, "utf8"));

const program = (name: string, file: string, args: readonly string[] = []): Engine => ({
  name,
  async run() {
    const print = join(import.meta.dirname, "print.mjs");
    return JSON.parse((await promisify(execFile)(file, [...args, print], { cwd: root })).stdout);
  },
});

/**
 * Deno, where it is installed: it is too large to come with the other packages. It reads what it likes, and fetches
 * nothing.
 */
export const deno = {
  file: [join(root, "node_modules/.bin"), ...(process.env.PATH ?? "").split(delimiter)]
    .map((folder) => join(folder, "deno"))
    .find((file) => existsSync(file)),
  args: ["run", "--no-remote", "--no-lock", "--allow-all"],
  install: "npm install --no-save deno@2.9.6",
} as const;

const browser = (name: Browser): Engine => ({
  name,
  missing: missing(name),
  async run() {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const server = await serve(root, {
      "/engines.html": page(
        `<script type="module">
          import { fingerprint } from "/test/engines/fingerprint.mjs";
          done(fingerprint());
        </script>`,
        `<script type="importmap">${importMap(exports, "")}</script>`,
      ),
    });
    try {
      const { version, result } = await resultOf(name, `${server.url}/engines.html`);
      return { version, hashes: result as Hashes };
    } finally {
      await server.close();
    }
  },
});

export const engines: readonly Engine[] = [
  program("Node", process.execPath),
  program("Bun", join(root, "node_modules/.bin/bun")),
  { ...program("Deno", deno.file ?? "deno", deno.args), missing: deno.file ? undefined : deno.install },
  browser("Chromium"),
  browser("Firefox"),
];

/** The names at which two sets of hashes differ, or which only one of them has. */
export function differences(found: Hashes, wanted: Hashes): string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].filter((name) => found[name] !== wanted[name]);
}
