// Images of one's own, made to be like the others: 28 x 28 pixels, grey, ink bright on a dark ground.
import { LIMITS, SIDE } from "../limits.js";

/** The largest file, in bytes, and the most pixels that are decoded: a small file can hold very many. */
const [LARGEST, MOST_PIXELS] = [20e6, 1e8];

/** The pixels of these files. Rejects with a sentence that names the file that is no image. */
export async function readPictures(files: readonly File[]): Promise<Uint8Array[]> {
  const [, most] = LIMITS.pictures;
  if (files.length === 0) throw new Error("No file was given. Drop images on the character.");
  if (files.length > most)
    throw new Error(`These are ${files.length} files; a character takes at most ${most} images.`);
  const images: Uint8Array[] = [];
  for (const file of files) images.push(await readPicture(file));
  return images;
}

const noImage = ({ name }: File): Error =>
  new Error(`${name} is no image that this browser reads. Give a PNG or a JPEG.`);

/** Width and height of an image, which a browser knows before it decodes the pixels. */
async function sizeOf(file: File): Promise<readonly [width: number, height: number]> {
  const [image, url] = [new Image(), URL.createObjectURL(file)];
  try {
    await new Promise((done, failed) => {
      Object.assign(image, { onload: done, onerror: failed, src: url });
    });
    return [image.naturalWidth, image.naturalHeight];
  } catch {
    throw noImage(file);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function readPicture(file: File): Promise<Uint8Array> {
  if (file.size > LARGEST) throw new Error(`${file.name} is larger than 20 MB. Give a smaller image.`);
  const [width, height] = await sizeOf(file);
  if (width * height > MOST_PIXELS) {
    throw new Error(`${file.name} has ${width} x ${height} pixels, more than 100 million. Give a smaller image.`);
  }
  const size = { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "high" } as const;
  const bitmap = await createImageBitmap(file, size).catch(() => {
    throw noImage(file);
  });
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d")!;
  context.fillStyle = "white";
  context.fillRect(0, 0, SIDE, SIDE);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const grey = Uint8Array.from(
    { length: SIDE * SIDE },
    (_, i) => (2 * data[4 * i] + 5 * data[4 * i + 1] + data[4 * i + 2]) >> 3,
  );
  // Ink is what differs from the ground, and the ground is what is at the edge.
  const edge = grey.filter((_, i) => i < SIDE || i >= SIDE * (SIDE - 1) || i % SIDE === 0 || i % SIDE === SIDE - 1);
  const bright = edge.reduce((sum, x) => sum + x, 0) > 128 * edge.length;
  return bright ? grey.map((x) => 255 - x) : grey;
}
