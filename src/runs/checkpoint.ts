// A checkpoint as a safetensors file: the state's tensors, with the position of the run in the metadata. A checksum
// over all of it reveals a damaged file.
import { createHash } from "node:crypto";
import { InputError, quote } from "../core/index.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../io/index.js";
import type { Position, RunFormat } from "./run-format.js";

/** Raised when a checkpoint's content changes in a way that older code would misread. */
const FORMAT = "1";

type Stored = Readonly<Record<string, StoredTensor>>;

/** The part of a run's format that its checkpoint depends on. */
export type CheckpointFormat<State> = Pick<RunFormat<never, State, never, never>, "unit" | "state"> & {
  readonly rows: { readonly checksum: string };
  readonly notes?: { readonly checksum: string } | undefined;
};

/** SHA-256 of everything that a checkpoint holds, in its order. */
function checksumOf(tensors: Stored, metadata: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  const { checksum: _, ...rest } = metadata;
  hash.update(JSON.stringify([rest, Object.entries(tensors).map(([name, { shape }]) => [name, shape])]));
  for (const { data } of Object.values(tensors)) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

/**
 * One record of all these entries. Throws if two have the same name, because the later one would replace the earlier.
 */
function together(...entries: readonly (readonly [name: string, value: string])[]): Record<string, string> {
  const names = entries.map(([name]) => name);
  const twice = names.find((name, i) => name === "checksum" || names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new RangeError(
      `[run] a checkpoint cannot keep two things called ${quote(twice)}. Give each mark, each \`checksum\` and the plural of ` +
        '`unit` a name of its own, none of them "format" or "checksum".',
    );
  }
  return Object.fromEntries(entries);
}

/** The bytes of a checkpoint file. Throws a RangeError if two things in it have the same name. */
export function encodeCheckpoint<State>(
  { unit, state: codec }: CheckpointFormat<State>,
  state: State,
  { done, marks, checksums }: Position,
): Uint8Array {
  const tensors = codec.encode(state);
  const place: [string, string][] = [
    ["format", FORMAT],
    [`${unit}s`, String(done)],
  ];
  const metadata = together(...place, ...Object.entries(marks), ...Object.entries(checksums));
  return encodeSafetensors(tensors, { ...metadata, checksum: checksumOf(tensors, metadata) });
}

/**
 * What a checkpoint file holds.
 *
 * @param name what errors call it.
 * @throws InputError if it is damaged or of another format.
 */
export function decodeCheckpoint<State>(
  { unit, state: codec, rows, notes }: CheckpointFormat<State>,
  bytes: Uint8Array,
  name: string,
): { state: State; position: Position } {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const { format, checksum, [`${unit}s`]: steps, ...rest } = metadata;
  if (format !== FORMAT && format !== undefined) {
    throw new InputError(
      `[run] ${name} has format ${format}, this version reads format ${FORMAT}. Use the version of synaptape that wrote it.`,
    );
  }
  if (checksum !== checksumOf(tensors, metadata)) {
    throw new InputError(`[run] ${name} is damaged: its checksum is wrong. Put back a copy, or start a new run.`);
  }
  const done = Number(steps);
  const state = Number.isSafeInteger(done) && done >= 0 ? codec.decode(tensors) : undefined;
  if (state === undefined) {
    throw new InputError(`[run] ${name} is not a checkpoint of a run. Give a folder that a run wrote.`);
  }
  const sums = [rows.checksum, notes?.checksum];
  const [checksums, marks] = [true, false].map((isSum) =>
    Object.fromEntries(Object.entries(rest).filter(([key]) => sums.includes(key) === isSum)),
  );
  return { state, position: { done, marks, checksums } };
}
