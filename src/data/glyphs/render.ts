// Segments to pixels: ink by the distance from a pixel's centre to the nearest segment.

/** Half the width, in pixels, of the band in which ink fades to background. */
const FADE = 0.8;

/**
 * Draws `segments` (x0, y0, x1, y1 in pixels) with a round pen of this radius into a square image of `side` pixels at
 * `offset` in `image`, which is background there.
 */
export function render(segments: Float64Array, radius: number, side: number, image: Uint8Array, offset: number): void {
  const reach = radius + FADE;
  const nearest = new Float64Array(side * side).fill(reach * reach);
  for (let i = 0; i < segments.length; i += 4) {
    const x0 = segments[i];
    const y0 = segments[i + 1];
    const dx = segments[i + 2] - x0;
    const dy = segments[i + 3] - y0;
    const length2 = dx * dx + dy * dy;
    const top = Math.max(Math.floor(y0 + Math.min(dy, 0) - reach), 0);
    const bottom = Math.min(Math.floor(y0 + Math.max(dy, 0) + reach), side - 1);
    const left = Math.max(Math.floor(x0 + Math.min(dx, 0) - reach), 0);
    const right = Math.min(Math.floor(x0 + Math.max(dx, 0) + reach), side - 1);
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - x0;
        const py = row + 0.5 - y0;
        const t = length2 > 0 ? Math.min(Math.max((px * dx + py * dy) / length2, 0), 1) : 0;
        const ex = px - t * dx;
        const ey = py - t * dy;
        const pixel = row * side + column;
        nearest[pixel] = Math.min(nearest[pixel], ex * ex + ey * ey);
      }
    }
  }
  for (let pixel = 0; pixel < nearest.length; pixel++) {
    const ink = (reach - Math.sqrt(nearest[pixel])) / (2 * FADE);
    image[offset + pixel] = Math.floor(255 * Math.min(Math.max(ink, 0), 1) + 0.5);
  }
}
