// Reads files in parts, wherever the files are.
import { builtInName, quote } from "../core/index.js";

/** Bytes that can be read in parts, for example from a server that supports ranges, a file, or an archive. */
export interface ByteSource {
  /** How many bytes there are. */
  readonly size: number;
  /** The bytes from `start` up to but excluding `stop`. */
  read(start: number, stop: number): Promise<Uint8Array>;
}

/** What `openSafetensors` and `openNpy` need from a file that was opened by `fs.promises.open` of Node. */
export interface OpenFile {
  /** Returns the size of the file. */
  stat(): Promise<{ size: number }>;
  /** Reads `length` bytes from `position` on into `buffer`. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/** Makes such a file readable in parts. */
async function sourceOf(op: string, from: Blob | OpenFile | ByteSource): Promise<ByteSource> {
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
    `[${op}] ${quote(from)} cannot be read in parts. Pass a Blob, \`await fs.promises.open(path)\`, or { size, read }.`,
  );
}

/**
 * The size of a file, and a function that reads exactly the bytes from one place up to another.
 *
 * @param op the function that was called, for the message.
 * @param fail throws an error that states the given fact.
 * @throws TypeError for a source that cannot be read in parts.
 */
export async function partsOf(
  op: string,
  from: Blob | OpenFile | ByteSource,
  fail: (fact: string) => never,
): Promise<{ readonly size: number; readonly part: ByteSource["read"] }> {
  const source = await sourceOf(op, from);
  const part = async (start: number, stop: number): Promise<Uint8Array> => {
    const bytes = await source.read(start, stop);
    if (bytes.length !== stop - start) fail(`gave ${bytes.length} bytes where ${stop - start} were asked for`);
    return bytes;
  };
  return { size: source.size, part };
}
