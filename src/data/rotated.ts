// Rotated images.

import { InputError, quote } from "../core/index.js";
import { cos, sin, tensor } from "../ops/index.js";
import type { Dataset } from "./dataset.js";
import { checkDataset } from "./dataset.js";

/**
 * The images of a dataset, turned anticlockwise about their middle by so many degrees, the same for all or by the number of
 * the image. Between pixels it interpolates in both directions (bilinear); what comes from outside is background, 0.
 *
 * @throws InputError for images in colour or of floats, RangeError for an angle that is no finite number.
 * @example rotated(glyphs({ perClass: 1 }), 90).rows // 28
 */
export function rotated(data: Dataset, degrees: number | ((image: number) => number)): Dataset {
  checkDataset("rotated", data);
  const { rows, columns, channels, images, name } = data;
  if (channels !== 1 || images instanceof Float32Array) {
    throw new InputError(`[rotated] ${name} is not of grey images in bytes. Open it in grey.`);
  }
  const pixels = rows * columns;
  const count = images.length / pixels;
  const turned = new Uint8Array(images.length);
  const known = new Map<number, readonly [number, number]>();
  const [middleRow, middleColumn] = [(rows - 1) / 2, (columns - 1) / 2];
  for (let image = 0; image < count; image++) {
    const angle = typeof degrees === "number" ? degrees : degrees(image);
    if (!Number.isFinite(angle)) {
      throw new RangeError(
        `[rotated] image ${image} is to be turned by ${quote(angle)} degrees: give a finite number.`,
      );
    }
    if (!known.has(angle)) {
      const radians = tensor([(angle * Math.PI) / 180]);
      known.set(angle, [cos(radians).data()[0], sin(radians).data()[0]]);
    }
    const [c, s] = angle === 0 ? [1, 0] : known.get(angle)!;
    const from = images.subarray(image * pixels, (image + 1) * pixels);
    const at = (row: number, column: number): number =>
      row < 0 || row >= rows || column < 0 || column >= columns ? 0 : from[row * columns + column];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [y, x] = [row - middleRow, column - middleColumn];
        const [sourceRow, sourceColumn] = [c * y + s * x + middleRow, c * x - s * y + middleColumn];
        const [top, left] = [Math.floor(sourceRow), Math.floor(sourceColumn)];
        const [down, right] = [sourceRow - top, sourceColumn - left];
        const upper = (1 - right) * at(top, left) + right * at(top, left + 1);
        const lower = (1 - right) * at(top + 1, left) + right * at(top + 1, left + 1);
        turned[image * pixels + row * columns + column] = Math.floor((1 - down) * upper + down * lower + 0.5);
      }
    }
  }
  return { ...data, name: `${name}, rotated`, images: turned };
}
