// A reader of event files for tests: CRC-32C bit by bit as in RFC 3720, records as TensorFlow's record_reader.cc describes them,
// and the wire format of Protocol Buffers without knowing the fields.
import { expect } from "vitest";

/** Division of polynomials over two elements, bit by bit, by the polynomial of Castagnoli (0x1edc6f41, reflected). */
export function crc32c(bytes: Uint8Array): bigint {
  let rest = 0xffffffffn;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const odd = (rest ^ (BigInt(byte) >> BigInt(bit))) & 1n;
      rest = (rest >> 1n) ^ (odd === 1n ? 0x82f63b78n : 0n);
    }
  }
  return rest ^ 0xffffffffn;
}

const masked = (crc: bigint): bigint => (((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn;

/** The records of a file; both checksums of each must be right, and nothing may be left over. */
export function recordsIn(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Uint8Array[] = [];
  let at = 0;
  while (at < file.length) {
    const length = Number(view.getBigUint64(at, true));
    expect(BigInt(view.getUint32(at + 8, true))).toBe(masked(crc32c(file.subarray(at, at + 8))));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(BigInt(view.getUint32(at + 12 + length, true))).toBe(masked(crc32c(data)));
    found.push(data);
    at += 16 + length;
  }
  expect(at).toBe(file.length);
  return found;
}

type Fields = Map<number, (bigint | Uint8Array)[]>;

/** The fields of a message by their numbers: whole numbers, and bytes of all other kinds. */
function fieldsOf(message: Uint8Array): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    for (let [value, shift] = [0n, 0n]; ; shift += 7n) {
      const byte = BigInt(message[at++]);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
    }
  };
  while (at < message.length) {
    const head = varint();
    const kind = Number(head & 7n);
    let value: bigint | Uint8Array;
    if (kind === 0) value = varint();
    else {
      const length = kind === 1 ? 8 : kind === 5 ? 4 : Number(varint());
      value = message.subarray(at, at + length);
      at += length;
    }
    const number = Number(head >> 3n);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  expect(at).toBe(message.length);
  return fields;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textOf = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array);

/** An event as event.proto and summary.proto describe it. */
export function eventIn(record: Uint8Array) {
  const fields = fieldsOf(record);
  const values = (fields.get(5) ?? []).flatMap((summary) => fieldsOf(summary as Uint8Array).get(1) ?? []);
  const numbers = values.map((value) => {
    const inner = fieldsOf(value as Uint8Array);
    return [textOf(inner.get(1)?.[0]), viewOf(inner.get(2)?.[0] as Uint8Array).getFloat32(0, true)] as const;
  });
  return {
    time: viewOf(fields.get(1)?.[0] as Uint8Array).getFloat64(0, true),
    step: Number(fields.get(2)?.[0] ?? 0n),
    form: fields.has(3) ? textOf(fields.get(3)?.[0]) : undefined,
    numbers: Object.fromEntries(numbers),
  };
}
