// The public face of `synaptape/io`: files of tensors.
export { gunzip, isGzip } from "./gzip.js";
export { type NpyFile, openNpy, readNpy, writeNpy } from "./npy.js";
export { readNpz } from "./npz.js";
export {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsContent,
  type StoredTensor,
} from "./safetensors.js";
export { openSafetensors, type SafetensorsFile } from "./safetensors-file.js";
export type { StoredNumbers, StoredTypeName } from "./safetensors-types.js";
export type { ByteSource, OpenFile } from "./source.js";
export { parseJson, textOf } from "./text.js";
export { type DecodedTree, decode, encode } from "./tree.js";
