// Where data are: a folder and what is in it. Node only; the module itself loads anywhere, since Node is imported when asked.
import { InputError, plain } from "../core/index.js";
import type { Dataset } from "./dataset.js";

/** What is wanted of a source. */
export interface DataOptions {
  /**
   * What the name of the set begins with, if the source has several, such as a set to train on and one to test with; "" by
   * default.
   */
  readonly prefix?: string;
  /** Rows and columns to which pictures are brought. By default they stay as they are, and must all have one size. */
  readonly size?: readonly [rows: number, columns: number] | undefined;
  /** "grey" or "rgb" for pictures. By default they are grey if none of them has a colour. */
  readonly colour?: "grey" | "rgb" | undefined;
}

/** A folder's content, sorted. Hidden files, such as macOS leaves, are left out. */
export interface Listing {
  readonly folder: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** A way in which a folder can hold data. */
export interface FolderFormat {
  /** What such a folder has, for messages. */
  readonly about: string;
  /** Whether it holds pictures, which can be brought to another size and colour. */
  readonly pictures?: true;
  /** What opens the data of this folder, if it is one. That throws an InputError that names the file that is missing or damaged. */
  find(listing: Listing): Opener | undefined | Promise<Opener | undefined>;
}

/** Opens data that were found. */
export type Opener = (options: DataOptions) => Promise<Dataset>;

/** The last part of a path. */
export const lastOf = (path: string): string => /([^/\\]*)[/\\]*$/.exec(path)![1];

/** The system's code of an error, such as EACCES. */
export const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;

/** The bytes of a file. */
export async function readWhole(file: string): Promise<Uint8Array> {
  const { readFile } = await import("node:fs/promises");
  return readFile(file).catch((cause: Error) => {
    throw new InputError(`[openData] ${plain(file)} cannot be read (${codeOf(cause)}). Make it readable.`, { cause });
  });
}

/**
 * What is in a folder. Links count as what they lead to; a broken one counts as a file, so that reading it reports the error.
 *
 * @throws the system's error.
 */
export async function listingOf(folder: string): Promise<Listing> {
  const { readdir, stat } = await import("node:fs/promises");
  const entries = await readdir(folder, { withFileTypes: true });
  const [files, folders]: [string[], string[]] = [[], []];
  for (const entry of entries.filter(({ name }) => !name.startsWith("."))) {
    const what = entry.isSymbolicLink() ? await stat(`${folder}/${entry.name}`).catch(() => undefined) : entry;
    if (what === undefined || what.isFile()) files.push(entry.name);
    else if (what.isDirectory()) folders.push(entry.name);
  }
  return { folder, files: files.sort(), folders: folders.sort() };
}
