// The floating-point types of two bytes, which float32 holds exactly.

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** The value of the 16 bits of an IEEE 754 binary16 number (F16, `<f2`). NaN keeps the bits that it has. */
export function float16(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  // Exponents are biased by 15 here and by 127 in float32.
  if (exponent === 0) return (bits & 0x8000 ? -1 : 1) * fraction * 2 ** -24;
  words[0] = ((bits & 0x8000) << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  return floats[0];
}

/** The value of the 16 bits of a bfloat16 number (BF16): the upper half of a float32. */
export function bfloat16(bits: number): number {
  words[0] = bits << 16;
  return floats[0];
}
