// Random integers of 53 bits, of the key's stream as JAX reads it for 64 bits: both halves of an enciphered counter.
import { cipher, others } from "../cipher";

/** 53 bits of 64-bit words as integers; exact: each half of the bits stands in the mantissa of a power of two. */
@inline
function integers2(bits: v128): v128 {
  const kept = i64x2.shr_u(bits, 11);
  const high = v128.or(i64x2.shr_u(kept, 32), i64x2.splat(0x4530000000000000)); // 2^84 + 2^32 high
  const low = v128.or(v128.and(kept, i64x2.splat(0xffffffff)), i64x2.splat(0x4330000000000000)); // 2^52 + low
  return f64x2.add(f64x2.sub(high, f64x2.splat(1.9342813118337666e25)), low);
}

/** Where `drawIntegers` leaves four doubles. */
@lazy
export const DRAWS = memory.data(32, 16);

/** Draws i .. i + 3 of the key (k0, k1), as integers below 2^53. */
export function drawIntegers(k0: u32, k1: u32, i: i32): void {
  const first = cipher(k0, k1, i, true);
  v128.store(DRAWS, integers2(i32x4.shuffle(others, first, 0, 4, 1, 5)));
  v128.store(DRAWS, integers2(i32x4.shuffle(others, first, 2, 6, 3, 7)), 16);
}

