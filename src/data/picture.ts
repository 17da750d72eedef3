// Pictures: what a PNG or JPEG file holds, as bytes of red, green and blue. The decoders are loaded when the first is read.
import { InputError, plain } from "../core/index.js";

/** A decoded picture. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
  /** rows * columns * 3 bytes, the red, green and blue of a pixel together. */
  readonly colours: Uint8Array;
}

/** The most pixels of a picture: 100 million, some 10,000 x 10,000. What claims to have more is refused before it is unpacked. */
const MOST_PIXELS = 100e6;

/** What decoders may hold at once, in megabytes. */
const DECODER_MB = 2048;

type Fail = (fact: string, cure?: string) => InputError;

/**
 * The picture in the bytes of a PNG file (ISO/IEC 15948) or a baseline or progressive JPEG file (ITU-T T.81); which of the
 * two it is, its first bytes say. 16 bits are cut to 8, and what is transparent lies on black, the background.
 *
 * @param name what errors call the file.
 * @throws InputError for bytes that are neither, damaged, or a picture of more than 100 million pixels.
 */
export async function pictureOf(bytes: Uint8Array, name: string): Promise<Picture> {
  const fail: Fail = (fact, cure = "Use a whole copy, or take it out of the folder.") =>
    new InputError(`[picture] ${plain(name)} ${fact}. ${cure}`);
  const starts = (...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  const decoder = starts(0x89, 0x50, 0x4e, 0x47) ? ofPng : starts(0xff, 0xd8, 0xff) ? ofJpeg : undefined;
  if (!decoder) throw fail("is neither PNG nor JPEG", "Convert it to one of them, or take it out of the folder.");
  try {
    return await decoder(bytes, fail);
  } catch (error) {
    if (error instanceof InputError) throw error;
    // Decoders end some sentences where their own reason is missing.
    const reason = plain(error instanceof Error ? error.message : String(error)).replace(/[\s:.]+$/, "");
    throw fail(`cannot be decoded (${reason})`);
  }
}

async function ofPng(bytes: Uint8Array, fail: Fail): Promise<Picture> {
  if (bytes.length < 33) throw fail("is cut short");
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  const [columns, rows] = [head.getUint32(16), head.getUint32(20)];
  if (columns * rows > MOST_PIXELS) throw fail(`says that it has ${columns * rows} pixels`, "Give a smaller picture.");
  const { decode } = await import("fast-png");
  const { data, depth, channels, palette, transparency } = decode(bytes, { checkCrc: true });
  if (depth < 8 && bytes[28] !== 0) throw fail("is interlaced with less than 8 bits", "Save it without interlacing.");
  // Rows of less than 8 bits a number begin on a byte of their own.
  const numbers = columns * channels;
  const bytesOfRow = Math.ceil((numbers * depth) / 8);
  const raw = (row: number, i: number): number => {
    if (depth >= 8) return data[row * numbers + i];
    const at = i * depth;
    return (data[row * bytesOfRow + (at >> 3)] >> (8 - depth - (at & 7))) & ((1 << depth) - 1);
  };
  const byte = (value: number): number => (depth === 16 ? value >> 8 : (value * 255) / ((1 << depth) - 1));
  const colours = new Uint8Array(3 * rows * columns);
  const seen = channels === 2 || channels === 4 ? channels - 1 : channels;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const pixel = Array.from({ length: channels }, (_, c) => raw(row, column * channels + c));
      const to = 3 * (row * columns + column);
      if (palette) {
        const colour = palette[pixel[0]];
        if (!colour) throw fail(`has colour ${pixel[0]}, which is not in its palette`);
        for (let c = 0; c < 3; c++) colours[to + c] = over(colour[c], colour[3] ?? 255);
        continue;
      }
      const keyed = transparency !== undefined && pixel.every((value, c) => value === transparency[c]);
      const alpha = keyed ? 0 : seen < channels ? byte(pixel[seen]) : 255;
      for (let c = 0; c < 3; c++) colours[to + c] = over(byte(pixel[seen === 1 ? 0 : c]), alpha);
    }
  }
  return { rows, columns, colours };
}

async function ofJpeg(bytes: Uint8Array, fail: Fail): Promise<Picture> {
  const { decode } = await import("jpeg-js");
  const { width, height, data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MOST_PIXELS / 1e6,
    maxMemoryUsageInMB: DECODER_MB,
  });
  if (data.length !== 3 * width * height) throw fail("is cut short");
  return { rows: height, columns: width, colours: data };
}

/** A byte on black, where `alpha` of 255 is seen. */
const over = (value: number, alpha: number): number => Math.floor((value * alpha) / 255 + 0.5);

/** Whether a picture has no colour: red, green and blue of every pixel are the same. */
export function isGrey({ colours }: Picture): boolean {
  for (let i = 0; i < colours.length; i += 3) {
    if (colours[i] !== colours[i + 1] || colours[i] !== colours[i + 2]) return false;
  }
  return true;
}

/** The luma of a picture, a byte a pixel: (299 red + 587 green + 114 blue) / 1000, rounded (ITU-R BT.601, section 2.5.1). */
export function greyOf({ colours }: Picture): Uint8Array {
  const grey = new Uint8Array(colours.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = Math.floor((299 * colours[at] + 587 * colours[at + 1] + 114 * colours[at + 2] + 500) / 1000);
  }
  return grey;
}

/** A picture of another size. Each pixel is the mean of the area that it covers, each part weighted by its share. */
export function resized(picture: Picture, rows: number, columns: number): Picture {
  if (picture.rows === rows && picture.columns === columns) return picture;
  const across = sharesOf(picture.columns, columns);
  const down = sharesOf(picture.rows, rows);
  const colours = new Uint8Array(3 * rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let c = 0; c < 3; c++) {
        let total = 0;
        for (const [r, height] of down[row]) {
          for (const [s, width] of across[column]) {
            total += height * width * picture.colours[3 * (r * picture.columns + s) + c];
          }
        }
        colours[3 * (row * columns + column) + c] = Math.floor(total + 0.5);
      }
    }
  }
  return { rows, columns, colours };
}

/** Which pixels of `from` each of `to` pixels covers, with the share of each; the shares of a pixel add up to 1. */
function sharesOf(from: number, to: number): (readonly [pixel: number, share: number])[][] {
  const size = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [begin, end] = [(i * from) / to, ((i + 1) * from) / to];
    const [first, last] = [Math.floor(begin), Math.min(from, Math.ceil(end))];
    return Array.from({ length: last - first }, (_, j) => {
      const pixel = first + j;
      return [pixel, (Math.min(end, pixel + 1) - Math.max(begin, pixel)) / size] as const;
    });
  });
}
