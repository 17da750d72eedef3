// Scalar twin of assembly/strided.ts.

export type Triple = readonly [number, number, number];

/** Writes x, read with strides `from`, into `out` with strides `to`, over a grid of `sizes`. */
export function copyStrided(out: Float32Array, x: Float32Array, sizes: Triple, to: Triple, from: Triple): void {
  for (let i = 0; i < sizes[0]; i++) {
    for (let j = 0; j < sizes[1]; j++) {
      for (let k = 0; k < sizes[2]; k++) {
        out[i * to[0] + j * to[1] + k * to[2]] = x[i * from[0] + j * from[1] + k * from[2]];
      }
    }
  }
}
