// Event files, which TensorBoard and other tools read: records with checksums (TFRecord, tensorflow/core/lib/io/record_writer.h),
// each an `Event` (tensorflow/core/util/event.proto) in the wire format of Protocol Buffers. Of its fields only five are written:
// the time, the step, the version of the form, and for each number its name and value.

/** The first event of a file says its form. */
const FORM = "brain.Event:2";

/** The table of CRC-32C (Castagnoli), least significant bit first. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
  return rest;
});

function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A checksum as records store it: turned and shifted, so that data that hold checksums have good ones themselves. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

/** Bytes with their length and two checksums. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A whole number of up to 53 bits, seven bits a byte. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  return Uint8Array.from([...bytes, rest]);
}

/** How a field is stored. */
const [VARINT, EIGHT, BYTES, FOUR] = [0, 1, 2, 5] as const;

const field = (number: number, kind: number, content: Uint8Array): Uint8Array =>
  joined(varint(8 * number + kind), ...(kind === BYTES ? [varint(content.length)] : []), content);

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

function double(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

function float(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}

/** What a file begins with. `time` is in seconds since 1970. */
export const eventHead = (time: number): Uint8Array =>
  record(joined(field(1, EIGHT, double(time)), field(3, BYTES, text(FORM))));

/** Numbers of a step, by name, as a record. `time` is in seconds since 1970. */
export function eventOf(time: number, step: number, numbers: Readonly<Record<string, number>>): Uint8Array {
  const values = Object.entries(numbers).map(([name, value]) =>
    field(1, BYTES, joined(field(1, BYTES, text(name)), field(2, FOUR, float(value)))),
  );
  return record(
    joined(field(1, EIGHT, double(time)), field(2, VARINT, varint(step)), field(5, BYTES, joined(...values))),
  );
}
