// Trees of tensors as safetensors files. A leaf is stored under its path, such as `rule.P[0]`; to read a file back, a
// template of the same structure says which class and shape everything has.
import {
  checkKind,
  fromNumbers,
  InputError,
  leavesOf,
  plain,
  quote,
  sameShape,
  showShape,
  type Tensor,
  type TreeOf,
  withLeaves,
} from "../core/index.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "./safetensors.js";

/** What `decode` returns. */
export interface DecodedTree<P> {
  /** The stored numbers in the structure of the template. */
  readonly tree: P;
  /** The other text that was given to `encode`. */
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypeOf = (data: StoredTensor["data"]): "float32" | "float64" | "int32" =>
  data instanceof Float32Array ? "float32" : data instanceof Float64Array ? "float64" : "int32";

/**
 * The bytes of a safetensors file with every leaf of the tree under its path, and any other text (a step, a key).
 *
 * @throws TypeError for leaves that are not tensors, RangeError for two leaves of one path (a key with a dot in it).
 * @example
 * const params = { w: tensor([1, 2]), b: [tensor([3])] };
 * decode(encode(params), params).tree; // { w: [1, 2], b: [[3]] }
 */
export function encode<P extends TreeOf<P>>(tree: P, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  checkKind("encode", "the metadata", metadata, "an object");
  const leaves = leavesOf("encode", tree);
  const seen = new Set<string>();
  for (const { path } of leaves) {
    if (seen.has(path))
      throw new RangeError(`[encode] two leaves have the path ${quote(path)}. Rename a key with a dot.`);
    seen.add(path);
  }
  const stored = leaves.map(({ path, tensor }) => [path, { shape: tensor.shape, data: tensor.data() }] as const);
  return encodeSafetensors(Object.fromEntries(stored), metadata);
}

/**
 * Reads a tree that `encode` wrote. The template gives the structure, names, shapes and element types, which must match
 * the file exactly; its numbers do not matter. Types of other tools that float32 or int32 hold exactly (half floats,
 * booleans, small integers) are converted to these; float64 is not, since it would be rounded.
 *
 * @param name what errors call the file.
 * @throws InputError, naming the path, for a file that is damaged or holds another tree.
 * @example
 * const params = { w: tensor([1, 2]) };
 * decode(encode(params, { note: "mine" }), params).metadata; // { note: "mine" }
 */
export function decode<P extends TreeOf<P>>(
  bytes: ArrayBuffer | ArrayBufferView,
  template: P,
  name = "the file",
): DecodedTree<P> {
  const leaves = leavesOf("decode", template);
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const fail = (fact: string): never => {
    throw new InputError(
      `[decode] ${plain(name)} ${fact}. Use the template that it was written with, or another file.`,
    );
  };
  const paths = new Set(leaves.map(({ path }) => path));
  for (const [path, { shape }] of Object.entries(tensors)) {
    if (!paths.has(path)) fail(`holds ${quote(path)} ${showShape(shape)}, which the template has not`);
  }
  const made = leaves.map(({ path, tensor: wanted }): Tensor => {
    if (!Object.hasOwn(tensors, path)) return fail(`has no ${quote(path)} ${showShape(wanted.shape)}`);
    const { shape, data } = tensors[path];
    if (!sameShape(shape, wanted.shape) || dtypeOf(data) !== wanted.dtype) {
      fail(
        `holds ${quote(path)} as ${dtypeOf(data)} ${showShape(shape)}, the template as ${wanted.dtype} ${showShape(wanted.shape)}`,
      );
    }
    return fromNumbers(data, shape, wanted.dtype);
  });
  return { tree: withLeaves(template, made), metadata };
}
