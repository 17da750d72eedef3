// Trees of tensors as safetensors files. A leaf is stored under its path, such as `rule.P[0]`; to read a file back, a
// template of the same structure says which class and shape everything has.
import { fromNumbers, InputError, leavesOf, showShape, type Tensor, type TreeOf, withLeaves } from "../core/index.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "./safetensors.js";

/** What `decode` gives. */
export interface DecodedTree<P> {
  /** The stored numbers in the structure of the template. */
  readonly tree: P;
  /** What was given to `encode` besides. */
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypeOf = (data: StoredTensor["data"]): "float32" | "int32" =>
  data instanceof Float32Array ? "float32" : "int32";

/**
 * The bytes of a safetensors file with every leaf of the tree under its path, and any text besides (a step, a key).
 *
 * @throws TypeError for leaves that are not tensors, RangeError for two leaves of one path (a key with a dot in it).
 */
export function encode<P extends TreeOf<P>>(tree: P, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const leaves = leavesOf("encode", tree);
  const seen = new Set<string>();
  for (const { path } of leaves) {
    if (seen.has(path)) throw new RangeError(`[encode] two leaves have the path "${path}". Rename a key with a dot.`);
    seen.add(path);
  }
  const stored = leaves.map(({ path, tensor }) => [path, { shape: tensor.shape, data: tensor.data() }] as const);
  return encodeSafetensors(Object.fromEntries(stored), metadata);
}

/**
 * The tree that `encode` wrote. The template gives the structure, names, shapes and element types, which the file must
 * have exactly; its numbers do not matter.
 *
 * @param name what errors call the file.
 * @throws InputError, naming the path, for a file that is damaged or holds another tree.
 */
export function decode<P extends TreeOf<P>>(bytes: Uint8Array, template: P, name = "the file"): DecodedTree<P> {
  const leaves = leavesOf("decode", template);
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const fail = (fact: string): never => {
    throw new InputError(`[decode] ${name} ${fact}. Use the template that it was written with, or another file.`);
  };
  const paths = new Set(leaves.map(({ path }) => path));
  for (const [path, { shape }] of Object.entries(tensors)) {
    if (!paths.has(path)) fail(`holds "${path}" ${showShape(shape)}, which the template has not`);
  }
  const found = leaves.map(({ path, tensor: wanted }): StoredTensor => {
    if (!Object.hasOwn(tensors, path)) return fail(`has no "${path}" ${showShape(wanted.shape)}`);
    const { shape, data } = tensors[path];
    if (showShape(shape) !== showShape(wanted.shape) || dtypeOf(data) !== wanted.dtype) {
      fail(
        `holds "${path}" as ${dtypeOf(data)} ${showShape(shape)}, the template as ${wanted.dtype} ${showShape(wanted.shape)}`,
      );
    }
    return { shape, data };
  });
  const made = found.map(({ shape, data }): Tensor => fromNumbers(data, shape, dtypeOf(data)));
  return { tree: withLeaves(template, made), metadata };
}
