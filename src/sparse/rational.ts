// Exact fractions, for probabilities far smaller than a rounding error. A result that is a number has been rounded once.
import { quote } from "../core/index.js";

/** How many binary digits a positive whole number has; 0 for 0. */
export function bitLength(x: bigint): number {
  if (x === 0n) return 0;
  const digits = x.toString(16);
  return 4 * (digits.length - 1) + (32 - Math.clz32(Number.parseInt(digits[0], 16)));
}

/** x times 2 to the power of `exponent`. Nothing is rounded if the result is at least 2^-1022. */
function scaled(x: number, exponent: number): number {
  let result = x;
  for (let left = exponent; left > 0; left--) result *= 2;
  for (let left = exponent; left < 0; left++) result /= 2;
  return result;
}

/** The binary exponent of the smallest positive number of float64. */
const SMALLEST = -1074;
/**
 * The bits of a quotient before it is rounded: more than the 53 of float64, so that the last one can stand for all
 * later bits.
 */
const QUOTIENT_BITS = 66;
/** The binary digits of a logarithm after the point, without those that are added for fractions near 1. */
const LOG_BITS = 128;

/**
 * An exact fraction that is not negative, such as a probability or the ratio of two. Its arithmetic is exact.
 *
 * @example
 * const third = new Rational(1n, 3n);
 * third.plus(third).toString(); // "2/3"
 */
export class Rational {
  /** @internal Said once more, since bundlers give classes that name themselves other names. */
  static readonly name = "Rational";
  /**
   * @param numerator a bigint from 0 up.
   * @param denominator a bigint from 1 up; the two need not be in lowest terms.
   * @throws RangeError for a negative numerator or a denominator that is not positive; TypeError unless both are bigints.
   */
  constructor(
    /** The number above the line. */
    readonly numerator: bigint,
    /** The number below the line. */
    readonly denominator: bigint = 1n,
  ) {
    for (const part of [numerator, denominator]) {
      if (typeof part !== "bigint") {
        throw new TypeError(`[Rational] a part is ${quote(part)}. Give bigints, such as 3n; BigInt(x) makes one of x.`);
      }
    }
    if (numerator < 0n || denominator <= 0n) {
      throw new RangeError(
        `[Rational] ${quote(numerator)} / ${quote(denominator)} is not a fraction from 0 up. Make the numerator at least 0n and the denominator at least 1n.`,
      );
    }
  }

  /** The sum of both. */
  plus(other: Rational): Rational {
    if (this.denominator === other.denominator) {
      return new Rational(this.numerator + other.numerator, this.denominator);
    }
    const numerator = this.numerator * other.denominator + other.numerator * this.denominator;
    return new Rational(numerator, this.denominator * other.denominator);
  }

  /** The product of both. */
  times(other: Rational): Rational {
    return new Rational(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  /** -1 if this is the smaller one, 1 if it is the larger one, 0 if both are equal. */
  compare(other: Rational): -1 | 0 | 1 {
    const [left, right] = [this.numerator * other.denominator, other.numerator * this.denominator];
    return left < right ? -1 : left > right ? 1 : 0;
  }

  /** The nearest float64 number. Far below 5e-324 it is 0; `log10` still gives the size. */
  toNumber(): number {
    const { numerator: p, denominator: q } = this;
    if (p === 0n) return 0;
    const size = bitLength(p) - bitLength(q);
    // Below the normal range, the last bit has a fixed place, so fewer bits are kept.
    if (size < SMALLEST + 54) {
      const [doubled, unit] = [(p << BigInt(1 - SMALLEST)) / q, (p << BigInt(1 - SMALLEST)) % q];
      const up = (doubled & 1n) === 1n && (unit > 0n || (doubled & 2n) === 2n);
      return scaled(Number((doubled >> 1n) + (up ? 1n : 0n)), SMALLEST);
    }
    const shift = QUOTIENT_BITS - size;
    const [top, bottom] = shift >= 0 ? [p << BigInt(shift), q] : [p, q << BigInt(-shift)];
    const quotient = top / bottom;
    return scaled(Number(top % bottom === 0n ? quotient : quotient | 1n), -shift);
  }

  /** The logarithm to base 10 as a float64 number, correct to its last bit or the one before; -Infinity for 0. */
  log10(): number {
    const { numerator: p, denominator: q } = this;
    if (p === q) return 0;
    if (p === 0n) return Number.NEGATIVE_INFINITY;
    const apart = p > q ? p - q : q - p;
    // Near 1, the logarithm is about as small as the distance from 1, so that many more digits are needed.
    const bits = LOG_BITS + Math.max(0, bitLength(q) - bitLength(apart));
    const exponent = bitLength(p) - bitLength(q);
    const [a, b] = exponent >= 0 ? [p, q << BigInt(exponent)] : [p << BigInt(-exponent), q];
    const ln2 = 2n * areaTangent(1n, 3n, bits);
    const ln10 = 3n * ln2 + 2n * areaTangent(1n, 9n, bits); // 10 = 2^3 5/4
    const near = a >= b ? areaTangent(a - b, a + b, bits) : -areaTangent(b - a, a + b, bits);
    const ln = BigInt(exponent) * ln2 + 2n * near;
    const size = new Rational(ln < 0n ? -ln : ln, ln10).toNumber();
    return ln < 0n ? -size : size;
  }

  /** The fraction in lowest terms, as "3/4". */
  toString(): string {
    let [a, b] = [this.numerator, this.denominator];
    while (b > 0n) [a, b] = [b, a % b];
    return `${this.numerator / a}/${this.denominator / a}`;
  }
}

/**
 * artanh(p / q) in units of 2^-bits, by its series, for p / q from 0 to 1/3; ln x = 2 artanh((x - 1) / (x + 1)). Each term
 * adds at least three bits, and is rounded down by less than one unit.
 */
function areaTangent(p: bigint, q: bigint, bits: number): bigint {
  const guard = 16;
  const one = BigInt(bits + guard);
  const z = (p << one) / q;
  const square = (z * z) >> one;
  let sum = 0n;
  for (let [power, k] = [z, 1n]; power > 0n; power = (power * square) >> one, k += 2n) sum += power / k;
  return sum >> BigInt(guard);
}
