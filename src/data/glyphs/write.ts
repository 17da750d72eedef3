// Segments to one image in somebody's handwriting: warped, scaled to the image, and drawn with a round pen.

import type { Key } from "../../core/index.js";
import { render } from "./render.js";
import { warp } from "./warp.js";

/** Images are squares of this many pixels. */
export const SIDE = 28;
/** Height of an undistorted character and the background that always stays around ink, in pixels. */
const HEIGHT = 21;
const MARGIN = 1.5;
/**
 * Radius of the pen in pixels, from thin to thick: chosen so that images have as much ink as EMNIST's (17 % on
 * average).
 */
const PEN = { thin: 0.85, thick: 1.65 };
/** How far a character is shifted off the centre, in pixels, if there is room. */
const SHIFT = 1.5;

/**
 * Draws segments (x0, y0, x1, y1 in units of the box, changed in place) into the image at `offset`, in the handwriting of
 * these keys.
 */
export function write(segments: Float64Array, warpKey: Key, penKey: Key, images: Uint8Array, offset: number): void {
  warp(warpKey, segments);
  const radius = PEN.thin + (PEN.thick - PEN.thin) * penKey.uniform(0);
  place(segments, radius, 2 * penKey.uniform(1) - 1, 2 * penKey.uniform(2) - 1);
  render(segments, radius, SIDE, images, offset);
}

/** Scales segments to pixels and puts their middle near the image's, shifted, with all ink inside the margin. */
function place(segments: Float64Array, radius: number, shiftX: number, shiftY: number): void {
  const room = SIDE - 2 * (MARGIN + radius);
  const extents = [0, 1].map((axis) => {
    let low = segments[axis];
    let high = low;
    for (let i = axis; i < segments.length; i += 2) {
      low = Math.min(low, segments[i]);
      high = Math.max(high, segments[i]);
    }
    return { low, high };
  });
  const size = Math.max(...extents.map(({ low, high }) => high - low));
  const scale = Math.min(HEIGHT, room / size);
  extents.forEach(({ low, high }, axis) => {
    const slack = (room - scale * (high - low)) / 2;
    const shift = Math.min(SHIFT, slack) * (axis === 0 ? shiftX : shiftY);
    const start = SIDE / 2 + shift - (scale * (low + high)) / 2;
    for (let i = axis; i < segments.length; i += 2) segments[i] = start + scale * segments[i];
  });
}
