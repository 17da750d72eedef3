// Images of one's own, made to be like the others: 28 x 28 pixels, grey, ink bright on a dark ground.
import { LIMITS, SIDE } from "../limits.js";

/** The largest file, in bytes. */
const LARGEST = 20e6;

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

async function readPicture(file: File): Promise<Uint8Array> {
  if (file.size > LARGEST) throw new Error(`${file.name} is larger than 20 MB. Give a smaller image.`);
  const size = { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "high" } as const;
  const bitmap = await createImageBitmap(file, size).catch(() => {
    throw new Error(`${file.name} is no image that this browser reads. Give a PNG or a JPEG.`);
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
