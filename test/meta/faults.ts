// File system operations that fail when told to: a stand-in for `node:fs/promises`, to be used in vi.mock.
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/** What to do to the operation with this number, from 1 on. */
export const faults = {
  /** Operations so far that change something. */
  count: 0,
  at: Number.POSITIVE_INFINITY,
  /** A system's code: only the one operation fails. "KILL": it is done by half, and none is done after it. */
  code: "KILL",
  reset(at = Number.POSITIVE_INFINITY, code = "KILL"): void {
    Object.assign(faults, { at, code, count: 0 });
    unsynced.clear();
    names.length = 0;
  },
  /**
   * What a power cut leaves: of files whose last change was not synced, what they held when they last were; and of names
   * that were made or moved in a folder which was not synced since, those that were there before.
   */
  cutPower(): void {
    for (const [path, bytes] of unsynced) if (existsSync(path)) writeFileSync(path, bytes);
    for (const { undo } of names.reverse()) undo();
    unsynced.clear();
    names.length = 0;
  },
};

/** Files that were changed and not synced since, with what they held before. */
const unsynced = new Map<string, Uint8Array>();

/** Names that were made or moved, each with its folder, which was not synced since. */
const names: { readonly folder: string; undo(): void }[] = [];

/** Counts an operation; true if it is the one to be struck. */
function strikes(): boolean {
  faults.count++;
  return faults.code === "KILL" ? faults.count >= faults.at : faults.count === faults.at;
}

function fail(syscall: string): never {
  if (faults.code === "KILL") throw new Error("killed");
  throw Object.assign(new Error(`${faults.code}: ${syscall}`), { code: faults.code, syscall });
}

type Operation = (...args: never[]) => Promise<unknown>;

const guarded =
  (name: string, f: Operation): Operation =>
  async (...args) => {
    if (strikes()) fail(name);
    return f(...args);
  };

function guardedHandle(handle: FileHandle, path: string): FileHandle {
  const half = (name: "writeFile" | "appendFile") => async (content: string | Uint8Array) => {
    const bytes = Buffer.from(content as Uint8Array);
    const struck = strikes();
    const alone = faults.count === faults.at; // of operations after a kill not even half is done
    if (!unsynced.has(path)) unsynced.set(path, readFileSync(path));
    if (!struck || alone) await handle[name](struck ? bytes.subarray(0, bytes.length >> 1) : bytes);
    if (struck) fail("write");
  };
  const changed: Record<string, unknown> = {
    writeFile: half("writeFile"),
    appendFile: half("appendFile"),
    sync: guarded("fsync", async () => {
      await handle.sync();
      unsynced.delete(path);
      for (let i = names.length - 1; i >= 0; i--) if (names[i].folder === path) names.splice(i, 1);
    }),
    truncate: guarded("ftruncate", (async (size: number) => {
      if (!unsynced.has(path)) unsynced.set(path, readFileSync(path));
      await handle.truncate(size);
    }) as Operation),
  };
  return new Proxy(handle, {
    get(target, name) {
      if (Object.hasOwn(changed, name as string)) return changed[name as string];
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The module with every operation that changes something guarded. */
export function faulty(real: typeof import("node:fs/promises")): typeof import("node:fs/promises") {
  const { mkdir, rename, rm, rmdir, open } = real;
  const renamed = async (from: string, to: string): Promise<void> => {
    const gone = existsSync(to) && statSync(to).isFile() ? readFileSync(to) : undefined;
    await rename(from, to);
    names.push({
      folder: dirname(to),
      undo: () => {
        if (existsSync(to)) renameSync(to, from);
        if (gone) writeFileSync(to, gone);
      },
    });
    const before = unsynced.get(from);
    unsynced.delete(to);
    if (before) unsynced.set(to, before);
    unsynced.delete(from);
  };
  const made = async (...args: Parameters<typeof mkdir>): Promise<string | undefined> => {
    const first = await mkdir(...args);
    const path = first ?? String(args[0]);
    if (first || !(args[1] as { recursive?: boolean } | undefined)?.recursive) {
      names.push({ folder: dirname(path), undo: () => rmSync(path, { recursive: true, force: true }) });
    }
    return first;
  };
  const each = Object.fromEntries(
    Object.entries({ mkdir: made, rename: renamed, rm, rmdir }).map(([name, f]) => [
      name,
      guarded(name, f as Operation),
    ]),
  );
  const guardedOpen = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
    if (args[1] !== "r" && strikes()) fail("open");
    const path = String(args[0]);
    const fresh = args[1] !== "r" && !existsSync(path);
    const handle = await open(...args);
    if (fresh) names.push({ folder: dirname(path), undo: () => rmSync(path, { force: true }) });
    return guardedHandle(handle, path);
  };
  return { ...real, ...each, open: guardedOpen };
}
