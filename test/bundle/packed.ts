// The packed tarball, installed in a folder of its own without a network: what the tests of this folder look at.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The repository. */
export const root = resolve(import.meta.dirname, "../..");

/** What a package.json says of the entries: a file for bundlers of pages and one for all else. */
export interface Manifest {
  readonly version: string;
  readonly exports: Record<string, { types: string; browser: string; default: string }>;
  readonly [field: string]: unknown;
}

/** A project that has installed the package. */
export interface Consumer {
  readonly folder: string;
  /** Where the package lies in it. */
  readonly installed: string;
  readonly manifest: Manifest;
  /** The names that can be imported. */
  readonly names: readonly string[];
  /** Runs a program in the folder and returns its standard output; what it said is in the error if it fails. */
  run(file: string, ...args: string[]): string;
  /** Writes a file and returns its path. */
  write(name: string, content: string): string;
  /** Lends it a package of the repository's, such as an optional peer. */
  lend(name: string): void;
  remove(): void;
}

/** Packs what was built and installs it in a new folder. */
export function consumer(): Consumer {
  if (!existsSync(join(root, "dist/index.js"))) throw new Error("dist is missing: run `npm run build` first");
  const folder = mkdtempSync(join(tmpdir(), "synaptape-package-"));
  const run = (file: string, ...args: string[]): string => {
    try {
      const env = { ...process.env, NODE_PATH: "" };
      return execFileSync(file, args, { cwd: folder, encoding: "utf8", stdio: "pipe", env });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${file} ${args.join(" ")}\n${stdout}\n${stderr}`);
    }
  };
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  // Without scripts: `prepack` would build again what `npm test` has just built.
  const pack = ["pack", root, "--json", "--ignore-scripts", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(run("npm", ...pack));
  write("package.json", JSON.stringify({ name: "consumer", type: "module", private: true }));
  run("npm", "install", `./${filename}`, "--offline", "--no-audit", "--no-fund");
  const installed = join(folder, "node_modules/synaptape");
  const manifest: Manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  return {
    folder,
    installed,
    manifest,
    names: Object.keys(manifest.exports).map((path) => path.replace(".", "synaptape")),
    run,
    write,
    lend: (name) => symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "dir"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
