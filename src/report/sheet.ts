// Images of a dataset as PNG: one alone, or some of each class on a sheet.
import { encode } from "fast-png";
import type { Dataset } from "../data/index.js";

/** The numbers of an image as bytes; what is outside of 0 to 1 becomes black or white. */
const bytesOf = (numbers: ArrayLike<number>): Uint8Array =>
  Uint8Array.from(numbers, (value) => Math.floor(255 * Math.min(1, Math.max(0, value)) + 0.5));

/** The form of an image. */
type Form = Pick<Dataset, "rows" | "columns" | "channels" | "transposed">;

/** An image as it is looked at: one that lies on its side is turned upright. */
function upright({ rows, columns, channels, transposed }: Form, numbers: Float32Array): [Form, Float32Array] {
  if (!transposed) return [{ rows, columns, channels }, numbers];
  const turned = new Float32Array(numbers.length);
  for (let i = 0; i < rows * columns; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    turned.set(numbers.subarray(i * channels, (i + 1) * channels), (column * rows + row) * channels);
  }
  return [{ rows: columns, columns: rows, channels }, turned];
}

/** The PNG of an image's numbers, 0 black and 1 white. Numbers of a pixel other than 1 and 3 are set side by side in grey. */
export function pngOf(form: Form, numbers: Float32Array): Uint8Array {
  const [{ rows, columns, channels }, shown] = upright(form, numbers);
  const colour = channels === 3;
  const width = colour ? columns : columns * channels;
  return encode({ width, height: rows, data: bytesOf(shown), channels: colour ? 3 : 1, depth: 8 });
}

/** Between images of a sheet, in pixels. */
const GAP = 2;

/** The PNG of a sheet: a line for each class that has images, with its first ones. */
export function sheetOf(data: Dataset, perClass: number): Uint8Array {
  const lines = data.byClass.filter((own) => own.length > 0).map((own) => own.subarray(0, perClass));
  const [{ rows, columns, channels }] = upright(data, numbersOf(data, 0));
  const [width, height] = [
    Math.max(...lines.map(({ length }) => length)) * (columns + GAP),
    lines.length * (rows + GAP),
  ];
  const sheet = new Float32Array(width * height * channels).fill(0.5);
  lines.forEach((own, line) => {
    own.forEach((image, place) => {
      const [, numbers] = upright(data, numbersOf(data, image));
      for (let row = 0; row < rows; row++) {
        const to = (line * (rows + GAP) + row) * width + place * (columns + GAP);
        sheet.set(numbers.subarray(row * columns * channels, (row + 1) * columns * channels), to * channels);
      }
    });
  });
  return pngOf({ rows: height, columns: width, channels }, sheet);
}

/** The numbers of an image, from 0 to 1 if the set has bytes. */
function numbersOf({ rows, columns, channels, images }: Dataset, index: number): Float32Array {
  const size = rows * columns * channels;
  const own = images.subarray(index * size, (index + 1) * size);
  return own instanceof Float32Array ? own : Float32Array.from(own, (byte) => byte / 255);
}
