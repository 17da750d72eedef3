// Gzip (RFC 1952) through the platform's DecompressionStream, which browsers and Node 20 share.

import { InputError } from "../core/index.js";

/** Whether the bytes open as gzip does. An IDX file opens with two zeros, so the two are never confused. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The decompressed content of gzip `bytes`; `name` is what an error calls them. */
export async function gunzip(bytes: Uint8Array, name = "these bytes"): Promise<Uint8Array> {
  if (bytes.length === 0) throw new InputError(`[gunzip] ${name}: 0 bytes long. Fetch the file again.`);
  if (!isGzip(bytes)) {
    throw new InputError(
      `[gunzip] ${name}: not gzip, since it opens with ${hex(bytes)} and not 1f 8b. ` +
        `Fetch the file again, or take ".gz" off its name if it is not compressed.`,
    );
  }
  try {
    // The copy is what Blob's type asks for: a view on memory that is not shared.
    const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new InputError(
      `[gunzip] ${name}: the gzip data is cut short or damaged (${bytes.length} bytes long). Fetch the file again.`,
      { cause },
    );
  }
}

/** The first two bytes, as they stand in a hex dump. */
function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 2), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
