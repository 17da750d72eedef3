// Writes files so that each is either whole or absent, and explains the system's errors in a sentence.
import { randomUUID } from "node:crypto";
import { lstatSync, type Stats, statSync } from "node:fs";
import { link, lstat, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError, plain } from "../core/index.js";

/** What the system's codes mean. */
const FACTS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the limit on file sizes",
  EISDIR: "it is a folder, not a file",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "the path runs in a circle of links",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the device reports an error",
};

/** The system's code of an error, such as ENOSPC; undefined for errors that do not come from the system. */
export function systemCode(error: unknown): string | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof syscall === "string" && typeof code === "string" ? code : undefined;
}

/** The meaning of codes for which it depends on what is found at the path. */
const FINDINGS: Readonly<Record<string, (path: string) => string>> = {
  ENOTDIR: (path) => `a part of the path is ${obstacleKind(path)}, not a folder`,
  EEXIST: (path) => `it is ${obstacleKind(path)}, not a folder`,
  ENOENT: (path) => {
    if (look(lstatSync, path)?.isSymbolicLink()) return `the link ${plain(path)} points to nothing`;
    return look(statSync, dirname(path)) ? "it does not exist" : "its folder does not exist";
  },
};

/** What is found at a path; undefined if nothing is. */
function look(find: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return find(path);
  } catch {
    return undefined;
  }
}

/** The kind of file that blocks a path: the path itself, or the nearest part above it that exists. */
function obstacleKind(path: string): string {
  const found = look(statSync, path);
  if (found) return oddKind(found) ?? "a file";
  return dirname(path) === path ? "a file" : obstacleKind(dirname(path));
}

/** What happened, in words. */
function factOf({ code = "", path = "" }: NodeJS.ErrnoException): string {
  return FINDINGS[code]?.(path) ?? FACTS[code] ?? `the system says ${code}`;
}

/**
 * An InputError that says why `what` failed and what to do; errors that do not come from the system are returned
 * unchanged.
 */
export function explained(error: unknown, what: string, cure: string): unknown {
  if (systemCode(error) === undefined) return error;
  return new InputError(`[run] ${what}: ${factOf(error as NodeJS.ErrnoException)}. ${cure}`, { cause: error });
}

/** A temporary name for `name` while it is being written; no two writers share one. */
const asideName = (name: string): string => `.${name}.${randomUUID()}.part`;

/** Whether `file` is what a killed writer of `name` left behind. */
export const isAside = (file: string, name: string): boolean => {
  const stem = `.${name}.`;
  return file === `${stem}part` || (file.startsWith(stem) && file.endsWith(".part"));
};

/** Removes what killed writers of these files left in a folder. Its lock must be held. */
export async function removeAsides(folder: string, names: readonly string[]): Promise<void> {
  const left = (await readdir(folder)).filter((file) => names.some((name) => isAside(file, name)));
  for (const file of left) await rm(join(folder, file), { force: true });
}

/** Makes sure that the names in a folder survive a power cut, if the system can do so. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Some systems cannot open or sync a folder; then there is nothing to do.
    if (!["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP"].includes(systemCode(error) ?? "")) throw error;
  }
}

/** Writes a new file, whose content survives a power cut if its name does. */
export async function writeSynced(file: string, bytes: string | Uint8Array): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Appends to a file in the same way. */
export async function appendSynced(file: string, bytes: string | Uint8Array): Promise<void> {
  const handle = await open(file, "a");
  try {
    await handle.appendFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a whole file under a temporary name, syncs it, and lets `publish` put it in its place. */
async function throughAside<T>(
  folder: string,
  name: string,
  bytes: string | Uint8Array,
  publish: (aside: string) => Promise<T>,
): Promise<T> {
  const aside = join(folder, asideName(name));
  try {
    await writeSynced(aside, bytes);
    return await publish(aside);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}

/** The kind of a file; undefined for a plain file. */
function oddKind(found: Stats): string | undefined {
  if (found.isFile()) return undefined;
  const kinds = [
    [found.isDirectory(), "a folder"],
    [found.isSymbolicLink(), "a link"],
    [found.isFIFO(), "a pipe"],
    [found.isSocket(), "a socket"],
  ] as const;
  return kinds.find(([is]) => is)?.[1] ?? "a device";
}

/**
 * Throws an InputError if the name is taken by something other than a plain file: a device, a pipe, a link or a folder.
 */
async function checkReplaceable(file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  const kind = found && oddKind(found);
  if (kind === undefined) return;
  throw new InputError(
    `[run] ${plain(file)} is ${kind}, not a plain file, and is left as it is. Give the name of a file.`,
  );
}

/**
 * Reads a plain file, or the one that a link leads to. Reading a pipe could wait for ever, and a device may have no end.
 *
 * @throws InputError for a pipe, a socket or a device.
 */
export async function readPlain(file: string): Promise<Buffer> {
  const kind = oddKind(await stat(file));
  if (kind !== undefined && kind !== "a folder") {
    throw new InputError(`[run] ${plain(file)} is ${kind}, not a plain file. Put back the file that was there.`);
  }
  return readFile(file); // the system itself refuses a folder
}

/**
 * Writes a file of a folder so that at any instant the name stands for the whole old file or the whole new one. When
 * this returns, the new file is in place; to make it survive a power cut, call `syncFolder`.
 *
 * @throws InputError if the name is taken by something other than a plain file.
 */
export async function writeAside(folder: string, name: string, bytes: string | Uint8Array): Promise<void> {
  const file = join(folder, name);
  await checkReplaceable(file);
  await throughAside(folder, name, bytes, (aside) => rename(aside, file));
}

/**
 * Writes a file that must not exist yet, and makes it survive a power cut. If the file exists, does nothing and returns
 * false.
 */
export async function writeOnce(folder: string, name: string, bytes: string | Uint8Array): Promise<boolean> {
  const written = await throughAside(folder, name, bytes, async (aside) => {
    const made = await claimName(aside, join(folder, name));
    await rm(aside, { force: true });
    return made;
  });
  if (written) await syncFolder(folder);
  return written;
}

/** Gives a file a second name that must be free; false if it is taken. */
export async function claimName(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
    return (await stat(file)).nlink > 1; // NFS may report this for a link that it has made
  }
}
