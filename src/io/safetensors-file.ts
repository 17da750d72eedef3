// A safetensors file of which only the header and the tensors asked for are read.
import { builtInName, quote, type Shape } from "../core/index.js";
import { failing, type StoredTensor, tensorOf } from "./safetensors.js";
import { type Entry, headerLength, parseHeader } from "./safetensors-header.js";
import type { StoredTypeName } from "./safetensors-types.js";

/** Bytes that can be read in parts, wherever they are: a server that answers ranges, a file, an archive. */
export interface ByteSource {
  /** How many bytes there are. */
  readonly size: number;
  /** The bytes from `start` up to `stop`, which is not among them. */
  read(start: number, stop: number): Promise<Uint8Array>;
}

/** What `openSafetensors` needs of a file that `fs.promises.open` of Node opened. */
export interface OpenFile {
  /** Tells how large the file is. */
  stat(): Promise<{ size: number }>;
  /** Reads `length` bytes from `position` on into `buffer`. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/** A safetensors file whose header was read. */
export interface SafetensorsFile {
  /** The names of the tensors, in the order of the header. */
  readonly names: readonly string[];
  /** Any text besides, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The type and the shape of a tensor, without its numbers. */
  about(name: string): { readonly dtype: StoredTypeName; readonly shape: Shape };
  /** One tensor's numbers; no other tensor's bytes are read. */
  read(name: string): Promise<StoredTensor>;
}

async function sourceOf(from: Blob | OpenFile | ByteSource): Promise<ByteSource> {
  const kind = builtInName(from);
  if (kind === "Blob" || kind === "File") {
    const blob = from as Blob;
    const read = async (start: number, stop: number) => new Uint8Array(await blob.slice(start, stop).arrayBuffer());
    return { size: blob.size, read };
  }
  if (typeof from === "object" && from !== null && "stat" in from) {
    const { size } = await from.stat();
    const read = async (start: number, stop: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(stop - start);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await from.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    };
    return { size, read };
  }
  if (typeof from === "object" && from !== null && typeof (from as ByteSource).read === "function") {
    return from as ByteSource;
  }
  throw new TypeError(
    `[safetensors] ${quote(from)} cannot be read in parts. Pass a Blob, \`await fs.promises.open(path)\`, or { size, read }.`,
  );
}

/**
 * Opens a safetensors file of which only parts are wanted: a Blob or File of a page, a file that `fs.promises.open`
 * of Node opened (which the caller closes), or anything with `size` and `read(start, stop)`.
 *
 * @param name what errors call the file.
 * @throws InputError for a header that is damaged, TypeError for a source that cannot be read in parts.
 */
export async function openSafetensors(from: Blob | OpenFile | ByteSource, name = "the file"): Promise<SafetensorsFile> {
  const fail = failing(name);
  const source = await sourceOf(from);
  const part = async (start: number, stop: number): Promise<Uint8Array> => {
    const bytes = await source.read(start, stop);
    if (bytes.length !== stop - start) fail(`gave ${bytes.length} bytes where ${stop - start} were asked for`);
    return bytes;
  };
  const length = headerLength(await part(0, Math.min(8, source.size)), source.size, fail);
  const { entries, metadata, start } = parseHeader(await part(0, 8 + length), source.size, fail);
  const byName = new Map(entries.map((entry) => [entry.key, entry]));
  const entryOf = (wanted: string): Entry =>
    byName.get(wanted) ?? fail(`has no tensor ${quote(wanted)}`, "Ask for one of `names`.");
  return {
    names: entries.map(({ key }) => key),
    metadata,
    about: (wanted) => {
      const { dtype, shape } = entryOf(wanted);
      return { dtype, shape };
    },
    read: async (wanted) => {
      const entry = entryOf(wanted);
      return tensorOf(entry, await part(start + entry.start, start + entry.stop), fail);
    },
  };
}
