// Windows over images, laid out as rows of a matrix, and their sums back: convolution and pooling are a product or a
// reduction of these. Images are (n, height, width, channels); a window that leaves the image sees `fill` there. The
// sums go through the windows in row-major order. A row of a window lies in the image without a gap unless it is spread,
// so it is moved as one run.
import { at, LANES, loadTail, storeTail } from "./simd";

/** n elements to a window from the image. */
@inline
function copyRun(window: usize, image: usize, n: i32): void {
  for (; n >= LANES; n -= LANES, window += 16, image += 16) v128.store(window, v128.load(image));
  if (n > 0) storeTail(window, loadTail(image, n), n);
}

/** n elements of a window onto the image. */
@inline
function addRun(window: usize, image: usize, n: i32): void {
  for (; n >= LANES; n -= LANES, window += 16, image += 16) v128.store(image, lanes.add(v128.load(image), v128.load(window)));
  if (n > 0) storeTail(image, lanes.add(loadTail(image, n), loadTail(window, n)), n);
}

/**
 * The runs of a window that lies in the image, whose rows are `step` bytes apart. Most windows do; in a function of its
 * own this keeps its few values in registers.
 */
function whole(window: usize, image: usize, size: i32, rows: i32, step: usize, add: bool): void {
  for (; rows > 0; rows--, window = at(window, size), image += step) {
    if (add) addRun(window, image, size);
    else copyRun(window, image, size);
  }
}

/** Goes through the windows, which are filled from the images or, with `add`, added onto them. */
// biome-ignore format: sizes, then steps down and right for each
function walk(windows: usize, images: usize, n: i32, height: i32, width: i32, channels: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, down: i32, right: i32, top: i32, left: i32, spreadDown: i32, spreadRight: i32, fill: Float, add: bool): void {
  const span = spreadRight == 1 ? kernelWidth : 1;
  const size = span * channels;
  for (let image = 0; image < n; image++, images = at(images, height * width * channels)) {
    for (let oi = 0; oi < outHeight; oi++) {
      const i0 = oi * down - top;
      const bottom = i0 + (kernelHeight - 1) * spreadDown;
      const inside = <i32>(i0 >= 0) & <i32>(bottom < height) & <i32>(spreadRight == 1);
      for (let oj = 0; oj < outWidth; oj++) {
        const j0 = oj * right - left;
        if (inside && j0 >= 0 && j0 + kernelWidth <= width) {
          const from = at(images, (i0 * width + j0) * channels);
          whole(windows, from, size, kernelHeight, at(0, spreadDown * width * channels), add);
          windows = at(windows, kernelHeight * size);
          continue;
        }
        for (let ki = 0; ki < kernelHeight; ki++) {
          const i = i0 + ki * spreadDown;
          for (let kj = 0; kj < kernelWidth; kj += span, windows = at(windows, size)) {
            const j = j0 + kj * spreadRight;
            // The elements first .. last of the run lie in the image.
            const last = <u32>i < <u32>height ? max(0, min(size, (width - j) * channels)) : 0;
            const first = min(last, max(0, -j * channels));
            const place = at(images, (i * width + j) * channels + first);
            if (add) addRun(at(windows, first), place, last - first);
            else {
              if (last - first < size) for (let c = 0; c < size; c++) store<Float>(at(windows, c), fill);
              copyRun(at(windows, first), place, last - first);
            }
          }
        }
      }
    }
  }
}

/**
 * out (n, outHeight, outWidth, kernelHeight, kernelWidth, channels) = the windows of x; `top` and `left` are how far
 * the first window begins outside the image.
 */
// biome-ignore format: sizes, then steps down and right for each
export function patches(out: usize, x: usize, n: i32, height: i32, width: i32, channels: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, down: i32, right: i32, top: i32, left: i32, spreadDown: i32, spreadRight: i32, fill: Float): void {
  walk(out, x, n, height, width, channels, kernelHeight, kernelWidth, outHeight, outWidth, down, right, top, left, spreadDown, spreadRight, fill, false);
}

/** out (n, height, width, channels) += every window of x at its place: the transpose of `patches` */
// biome-ignore format: sizes, then steps down and right for each
export function patchesAdd(out: usize, x: usize, n: i32, height: i32, width: i32, channels: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, down: i32, right: i32, top: i32, left: i32, spreadDown: i32, spreadRight: i32): void {
  walk(x, out, n, height, width, channels, kernelHeight, kernelWidth, outHeight, outWidth, down, right, top, left, spreadDown, spreadRight, 0, true);
}
