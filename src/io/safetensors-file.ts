// Reads a safetensors file in parts: only its header and the requested tensors.
import { quote, type Shape } from "../core/index.js";
import { failing, type StoredTensor, tensorOf } from "./safetensors.js";
import { type Entry, headerLength, parseHeader } from "./safetensors-header.js";
import type { StoredTypeName } from "./safetensors-types.js";
import { type ByteSource, type OpenFile, partsOf } from "./source.js";

/** A safetensors file whose header was read. */
export interface SafetensorsFile {
  /** The names of the tensors, in the order of the header. */
  readonly names: readonly string[];
  /** The metadata: any other text, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The type and the shape of a tensor, without its numbers. */
  about(name: string): { readonly dtype: StoredTypeName; readonly shape: Shape };
  /** One tensor's numbers; no other tensor's bytes are read. */
  read(name: string): Promise<StoredTensor>;
}

/**
 * Opens a safetensors file to read only parts of it: a Blob or File of a page, a file that `fs.promises.open` of Node
 * opened (which the caller closes), or anything with `size` and `read(start, stop)`.
 *
 * @param name what errors call the file.
 * @throws InputError for a header that is damaged, TypeError for a source that cannot be read in parts.
 * @example
 * const file = await openSafetensors(new Blob([encode({ w: tensor([1, 2]) })]));
 * file.names; // ["w"]
 */
export async function openSafetensors(from: Blob | OpenFile | ByteSource, name = "the file"): Promise<SafetensorsFile> {
  const fail = failing(name);
  const { size, part } = await partsOf("safetensors", from, fail);
  const length = headerLength(await part(0, Math.min(8, size)), size, fail);
  const { entries, metadata, start } = parseHeader(await part(0, 8 + length), size, fail);
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
