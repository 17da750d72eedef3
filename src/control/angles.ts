// Sines and cosines of numbers, with the same bits on every engine, for simulations that keep no tensors.

/** pi / 2 in three parts; a multiple of the first two below 2^20 is exact. */
const [HIGH, MIDDLE, LOW] = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];
const QUARTERS = 2 / Math.PI;

/** The Taylor coefficients of sin r / r and cos r in r², highest first. */
const SINE = [-1 / 1307674368000, 1 / 6227020800, -1 / 39916800, 1 / 362880, -1 / 5040, 1 / 120, -1 / 6];
const COSINE = [1 / 20922789888000, -1 / 87178291200, 1 / 479001600, -1 / 3628800, 1 / 40320, -1 / 720, 1 / 24];
const [S15, S13, S11, S9, S7, S5, S3] = SINE;
const [C16, C14, C12, C10, C8, C6, C4] = COSINE;

/**
 * Writes the sines and cosines of `angles`. Each angle is taken to within 45 degrees of a multiple of 90, where Taylor's
 * series ends below the last bit.
 */
export function sinesAndCosines(angles: Float64Array, sines: Float64Array, cosines: Float64Array): void {
  for (let i = 0; i < angles.length; i++) {
    const angle = angles[i];
    const quarter = Math.round(angle * QUARTERS);
    const r = angle - quarter * HIGH - quarter * MIDDLE - quarter * LOW;
    const x = r * r;
    const sine = r + r * x * (S3 + x * (S5 + x * (S7 + x * (S9 + x * (S11 + x * (S13 + x * S15))))));
    const cosine = 1 - 0.5 * x + x * x * (C4 + x * (C6 + x * (C8 + x * (C10 + x * (C12 + x * (C14 + x * C16))))));
    // Angle by angle a quarter of a turn further: (s, c), (c, -s), (-s, -c), (-c, s).
    const turned = quarter & 3;
    const [s, c] = turned % 2 === 0 ? [sine, cosine] : [cosine, sine];
    sines[i] = turned < 2 ? s : -s;
    cosines[i] = turned === 1 || turned === 2 ? -c : c;
  }
}
