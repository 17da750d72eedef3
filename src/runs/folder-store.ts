// Results in a folder: `results/<name>.json`, written once, and `cells/<name>/` for unfinished ones. This is for Node,
// and is loaded only when a folder is used (see `open-store.ts`).
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError, plain } from "../core/index.js";
import { type Cell, canonical, cellName } from "./cell.js";
import { explained, readPlain, systemCode, writeOnce } from "./files.js";
import { type Elsewhere, lockFolder } from "./lock.js";
import { sha256 } from "./platform.js";
import { checkSame, type Result, type Store } from "./store.js";

/** The checksum that a store's files hold besides the result. */
const checksumOf = (result: Result): Promise<string> => sha256([canonical(result, "result")]);

/** Where a store has its results, and the folders of cells that are not finished. */
const placesIn = (folder: string) => ({ results: join(folder, "results"), cells: join(folder, "cells") });

/** The names of the cells that have results in a folder, and of those that were begun; none if there is no such folder. */
export async function namesIn(folder: string): Promise<{ kept: Set<string>; begun: Set<string> }> {
  const { results, cells } = placesIn(folder);
  const list = (path: string): Promise<string[]> =>
    readdir(path).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return [];
      throw explained(error, `${plain(path)} cannot be read`, "Put that right and try again.");
    });
  const kept = (await list(results)).flatMap((file) => /^([\da-f]{64})\.json$/.exec(file)?.[1] ?? []);
  return { kept: new Set(kept), begun: new Set(await list(cells)) };
}

/**
 * Lets this machine see what others have just kept in a folder: on NFS, a machine that makes something in a folder reads
 * the folder anew, where it would otherwise show what it read up to a minute ago.
 */
export async function lookAnew(folder: string): Promise<void> {
  const { results } = placesIn(folder);
  const made = await mkdtemp(join(results, ".look-")).catch(() => undefined); // it may be removed, or read-only
  if (made !== undefined) await rm(made, { recursive: true, force: true });
}

/**
 * Keeps results in `folder`.
 *
 * @param elsewhere what is known of processes on other machines, if anything is.
 */
export async function folderStore(folder: string, elsewhere?: Elsewhere): Promise<Store> {
  const { results, cells } = placesIn(folder);
  for (const path of [results, cells]) {
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw explained(error, `${plain(path)} cannot be made`, "Choose another `out`.");
    });
  }

  /** The result under this name, if there is one. */
  const load = async (name: string): Promise<Result | undefined> => {
    const file = join(results, `${name}.json`);
    const bytes = await readPlain(file).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return undefined;
      throw explained(error, `${plain(file)} cannot be read`, "Put that right and try again.");
    });
    if (bytes === undefined) return undefined;
    const result = parsed(bytes.toString());
    if (result && (await named(result)) === name) return result;
    throw new InputError(
      `[store] ${plain(file)} is damaged: its checksum is wrong. Remove it; the cell is then computed again.`,
    );
  };

  return {
    async get(cell: Cell) {
      return load(await cellName(cell));
    },
    async put(result) {
      const name = await cellName(result.cell, result.numerics);
      const text = `${JSON.stringify({ ...result, checksum: await checksumOf(result) })}\n`;
      const write = async (): Promise<boolean> => {
        await mkdir(results, { recursive: true }); // if somebody removed it, the result is still kept
        return writeOnce(results, `${name}.json`, text);
      };
      const written = await write().catch((error: unknown) => {
        throw explained(error, `${results} cannot be written`, "Put that right and run the same command again.");
      });
      const before = written ? undefined : await load(name);
      if (before) checkSame(before, result, `in ${join(results, `${name}.json`)}`);
    },
    async setAside(cell) {
      const file = `${await cellName(cell)}.json`;
      const aside = join(folder, "aside");
      await mkdir(aside, { recursive: true });
      await rename(join(results, file), join(aside, file)).catch((error: unknown) => {
        if (systemCode(error) === "ENOENT") return;
        throw explained(error, `${join(results, file)} cannot be set aside`, "Remove it, and run the command again.");
      });
    },
    async claim(cell) {
      const name = await cellName(cell);
      const scratch = join(cells, name);
      await mkdir(scratch, { recursive: true });
      const lock = await lockFolder(scratch, `the cell of seed ${cell.seed} of ${cell.kind} (${scratch})`, elsewhere);
      return {
        folder: scratch,
        async release() {
          // While it is locked, no other process begins here, so only our own files are removed.
          // Another one may be about to ask for the lock, and fills the folder while it is being removed.
          const how = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 };
          if (await load(name).catch(() => undefined)) await rm(scratch, how);
          else await lock.release();
        },
      };
    },
  };
}

/** The content of a file's text; undefined if fields are missing. */
function parsed(text: string): (Result & { readonly checksum: string }) | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value?.checksum === "string" && typeof value.cell?.kind === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The name of a result whose checksum is right. */
async function named({ checksum, ...result }: Result & { readonly checksum: string }): Promise<string | undefined> {
  if ((await checksumOf(result)) !== checksum) return undefined;
  return cellName(result.cell, result.numerics);
}
