// Files that are either whole or not there, and what went wrong in a sentence.
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../core/index.js";

/** What the system's codes mean. */
const FACTS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the limit on file sizes",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder, not a file",
  EEXIST: "it is a file, not a folder",
  ENOENT: "it does not exist",
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

/** An InputError that says why `what` failed and what to do; errors that are not the system's are given back. */
export function explained(error: unknown, what: string, cure: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new InputError(`[run] ${what}: ${FACTS[code] ?? `the system says ${code}`}. ${cure}`, { cause: error });
}

/** The name under which `name` is written before it is whole. */
export const asideName = (name: string): string => `.${name}.part`;

/** Makes the names in a folder survive a power cut, where the system can. */
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

/**
 * Writes a file of a folder so that at any instant there is the old one or the new one, whole. Once this has returned
 * the new one is there; that it survives a power cut takes `syncFolder`.
 */
export async function writeAside(folder: string, name: string, bytes: string | Uint8Array): Promise<void> {
  const aside = join(folder, asideName(name));
  try {
    const handle = await open(aside, "w");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, join(folder, name));
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}
