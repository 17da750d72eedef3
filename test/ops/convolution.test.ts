// However many windows are laid out at a time, a convolution has the bits of all windows at once, times the filter.
import { describe, expect, it } from "vitest";
import { conv2d, Key, matmul, random, vjp } from "../../src/index.js";
import { patches } from "../../src/ops/patches.js";
import { bitsOf } from "../laws/oracle.js";

describe("conv2d", () => {
  it.each<[string, number, number, number, number, number, number, number]>([
    ["one image", 1, 28, 1, 8, 3, 1, 1],
    ["several images at a time, and a rest", 32, 28, 1, 8, 3, 1, 1],
    ["one image at a time", 5, 14, 16, 24, 3, 1, 1],
    ["some rows of an image at a time", 2, 32, 32, 20, 3, 1, 1],
    ["some rows with strides and padding, and a rest", 2, 61, 40, 5, 5, 2, 3],
    ["many outputs", 3, 20, 16, 80, 3, 1, 1],
    ["no image", 0, 5, 2, 2, 3, 1, 0],
  ])("of %s", (_, n, side, channels, outputs, kernel, stride, padding) => {
    const [kx, kf, ky] = Key.of(n).split(3);
    const x = random.normal(kx, [n, side, side, channels]);
    const filter = random.normal(kf, [kernel, kernel, channels, outputs]);
    const across = Math.floor((side + 2 * padding - kernel) / stride) + 1;
    const pair = (size: number): [number, number] => [size, size];
    const windows = {
      ...{ image: pair(side), grid: pair(across), kernel: pair(kernel) },
      ...{ stride: pair(stride), dilation: pair(1), before: pair(padding) },
    };
    const inner = kernel * kernel * channels;
    const plain = vjp(
      (p: { x: typeof x; filter: typeof x }) =>
        matmul(patches(p.x, windows).reshape([n * across * across, inner]), p.filter.reshape([inner, outputs])).reshape(
          [...[n, across, across, outputs]],
        ),
      { x, filter },
    );
    const fused = vjp((p: { x: typeof x; filter: typeof x }) => conv2d(p.x, p.filter, { stride, padding }), {
      x,
      filter,
    });
    expect(bitsOf([fused.value])).toEqual(bitsOf([plain.value]));
    const cotangent = random.normal(ky, plain.value.shape);
    const [a, b] = [fused, plain].map(({ pullback }) => pullback(cotangent));
    expect(bitsOf([a.x, a.filter])).toEqual(bitsOf([b.x, b.filter]));
    for (const { pullback } of [fused, plain]) pullback.dispose();
  });
});
