// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"), four
// counters at a time, with the counters and the folding of JAX's partitionable draw.

/** The parity constant of Threefish's key schedule (Skein 1.3, section 3.3.2), its low 32 bits. */
const PARITY: u32 = 0x1bd11bda;

/** The second half of a round: y rotated left by r, mixed with the new x. */
@inline
function mix(x: v128, y: v128, r: i32): v128 {
  return v128.xor(v128.or(i32x4.shl(y, r), i32x4.shr_u(y, 32 - r)), x);
}

/** The second halves that `cipher` left. */
@lazy
export let others: v128 = i32x4.splat(0);

/**
 * The counters (0, i) .. (0, i + 3) enciphered under the key (k0, k1): the exclusive or of their halves, or with `apart`
 * the first halves, and the second in `others`.
 */
@inline
export function cipher(k0: u32, k1: u32, i: i32, apart: bool): v128 {
  let x = i32x4.splat(k0);
  let y = i32x4.add(i32x4.splat(<u32>i + k1), i32x4(0, 1, 2, 3));
  // The key words for the next addition, in rotation: k1, k2, k0.
  let first = i32x4.splat(k1);
  let second = i32x4.splat(k0 ^ k1 ^ PARITY);
  let third = x;
  // Twenty rounds, the rotations those of Salmon et al. 2011, table 2; after every fourth, key words and a count.
  for (let count = 1; ; count += 2) {
    x = i32x4.add(x, y);
    y = mix(x, y, 13);
    x = i32x4.add(x, y);
    y = mix(x, y, 15);
    x = i32x4.add(x, y);
    y = mix(x, y, 26);
    x = i32x4.add(x, y);
    y = mix(x, y, 6);
    x = i32x4.add(x, first);
    y = i32x4.add(i32x4.add(y, second), i32x4.splat(count));
    if (count == 5) break;
    x = i32x4.add(x, y);
    y = mix(x, y, 17);
    x = i32x4.add(x, y);
    y = mix(x, y, 29);
    x = i32x4.add(x, y);
    y = mix(x, y, 16);
    x = i32x4.add(x, y);
    y = mix(x, y, 24);
    x = i32x4.add(x, second);
    y = i32x4.add(i32x4.add(y, third), i32x4.splat(count + 1));
    const spare = third;
    third = second;
    second = first;
    first = spare;
  }
  if (!apart) return v128.xor(x, y);
  others = y;
  return x;
}

/** Words i .. i + 3 of the stream of key (k0, k1). */
@inline
export function bits4(k0: u32, k1: u32, i: i32): v128 {
  return cipher(k0, k1, i, false);
}

