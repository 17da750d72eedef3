// The sine and the bell curve of plain numbers, in additions and multiplications alone, which have the same bits on every
// engine. A transient takes a million sines, one at a time: too few at once for the kernels of tensors.

/** The first 32 bits of pi, whose multiples are exact, and the rest of it. */
const [PI_HIGH, PI_LOW] = [3.1415926534682512, 1.2154201013012384e-10];

/** 1 / k! with the signs of the sine, for k = 21, 19, ... 3. */
const SINE = [21, 19, 17, 15, 13, 11, 9, 7, 5, 3].map((k) => {
  let factorial = 1;
  for (let i = 2; i <= k; i++) factorial *= i;
  return (k % 4 === 1 ? 1 : -1) / factorial;
});
const [S21, S19, S17, S15, S13, S11, S9, S7, S5, S3] = SINE;

/** The sine, to about two units in the last place for |x| below a million: by Taylor's series within half a turn. */
export function sine(x: number): number {
  const turns = Math.round(x / Math.PI);
  const y = x - turns * PI_HIGH - turns * PI_LOW;
  const z = y * y;
  const tail =
    (((((((((S21 * z + S19) * z + S17) * z + S15) * z + S13) * z + S11) * z + S9) * z + S7) * z + S5) * z + S3) * z;
  return (turns & 1) === 0 ? y + y * tail : -y - y * tail;
}

/** The cosine, as the sine of an angle a quarter of a turn further. */
export const cosine = (x: number): number => sine(x + Math.PI / 2);

/** exp(-x) for x of at least 0, by halving x until its series is short; 0 beyond 700. */
export function fading(x: number): number {
  if (x > 700) return 0;
  let [y, halvings] = [x, 0];
  while (y > 0.5) {
    y /= 2;
    halvings++;
  }
  let result = 1;
  for (let k = 16; k >= 1; k--) result = 1 - (result * y) / k;
  for (; halvings > 0; halvings--) result *= result;
  return result;
}
