// Windows over images, laid out as rows of a matrix, and their sums back: convolution and pooling are a product or a
// reduction of these. Images are (n, height, width, channels); a window that leaves the image sees `fill` there. The
// sums go through the windows in row-major order.
import { at } from "./simd";

/**
 * out (n, outHeight, outWidth, kernelHeight, kernelWidth, channels) = the windows of x; `top` and `left` are how far
 * the first window begins outside the image.
 */
// biome-ignore format: sizes, then steps down and right for each
export function patches(out: usize, x: usize, n: i32, height: i32, width: i32, channels: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, down: i32, right: i32, top: i32, left: i32, spreadDown: i32, spreadRight: i32, fill: f32): void {
  for (let image = 0; image < n; image++, x = at(x, height * width * channels)) {
    for (let oi = 0; oi < outHeight; oi++) {
      for (let oj = 0; oj < outWidth; oj++) {
        for (let ki = 0; ki < kernelHeight; ki++) {
          const i = oi * down - top + ki * spreadDown;
          for (let kj = 0; kj < kernelWidth; kj++) {
            const j = oj * right - left + kj * spreadRight;
            if (<u32>i < <u32>height && <u32>j < <u32>width) {
              const from = at(x, (i * width + j) * channels);
              for (let c = 0; c < channels; c++) store<f32>(at(out, c), load<f32>(at(from, c)));
            } else {
              for (let c = 0; c < channels; c++) store<f32>(at(out, c), fill);
            }
            out = at(out, channels);
          }
        }
      }
    }
  }
}

/** out (n, height, width, channels) += every window of x at its place: the transpose of `patches` */
// biome-ignore format: sizes, then steps down and right for each
export function patchesAdd(out: usize, x: usize, n: i32, height: i32, width: i32, channels: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, down: i32, right: i32, top: i32, left: i32, spreadDown: i32, spreadRight: i32): void {
  for (let image = 0; image < n; image++, out = at(out, height * width * channels)) {
    for (let oi = 0; oi < outHeight; oi++) {
      for (let oj = 0; oj < outWidth; oj++) {
        for (let ki = 0; ki < kernelHeight; ki++) {
          const i = oi * down - top + ki * spreadDown;
          for (let kj = 0; kj < kernelWidth; kj++, x = at(x, channels)) {
            const j = oj * right - left + kj * spreadRight;
            if (<u32>i >= <u32>height || <u32>j >= <u32>width) continue;
            const to = at(out, (i * width + j) * channels);
            for (let c = 0; c < channels; c++) store<f32>(at(to, c), load<f32>(at(to, c)) + load<f32>(at(x, c)));
          }
        }
      }
    }
  }
}
