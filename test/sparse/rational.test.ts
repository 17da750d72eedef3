// Fractions as numbers and logarithms: rounded once, near 0, near 1 and out of the range of float64.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rational } from "../../src/sparse/index.js";

/** The fraction that a float64 number is. */
function exactly(x: number): Rational {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0];
  const [exponent, fraction] = [Number((bits >> 52n) & 0x7ffn), bits & ((1n << 52n) - 1n)];
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  const power = Math.max(exponent, 1) - 1075;
  return power >= 0 ? new Rational(mantissa << BigInt(power)) : new Rational(mantissa, 1n << BigInt(-power));
}

const positive = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });

describe("a fraction", () => {
  it("made of a float64 number gives that number back, however small", () => {
    fc.assert(fc.property(positive, (x) => void expect(exactly(x).toNumber()).toBe(x)));
    for (const x of [Number.MIN_VALUE, 2 ** -1022, 2 ** -1022 - Number.MIN_VALUE, Number.MAX_VALUE, 0, 1]) {
      expect(exactly(x).toNumber()).toBe(x);
    }
  });

  it("is rounded to the nearest float64 number", () => {
    fc.assert(
      fc.property(
        positive,
        fc.bigInt({ min: 1n, max: 2n ** 80n }),
        fc.bigInt({ min: 1n, max: 2n ** 80n }),
        (x, p, q) => {
          const fraction = exactly(x).times(new Rational(p, q));
          const number = fraction.toNumber();
          if (!Number.isFinite(number)) return;
          const bits = new BigUint64Array(Float64Array.of(number).buffer)[0];
          const off = (b: bigint): Rational => {
            const other = exactly(new Float64Array(BigUint64Array.of(b).buffer)[0]);
            const [a, c] = [fraction.numerator * other.denominator, other.numerator * fraction.denominator];
            return new Rational(a > c ? a - c : c - a, fraction.denominator * other.denominator);
          };
          if (bits > 0n) expect(off(bits).compare(off(bits - 1n))).toBeLessThanOrEqual(0);
          if (number < Number.MAX_VALUE) expect(off(bits).compare(off(bits + 1n))).toBeLessThanOrEqual(0);
        },
      ),
    );
  });

  it("has the logarithm of its number, to the last bits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        const reference = Math.log10(x);
        expect(Math.abs(exactly(x).log10() - reference)).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(reference)));
      }),
    );
  });

  it("has a logarithm if it is too small for float64, and an accurate one near 1", () => {
    expect(new Rational(1n, 10n ** 5000n).log10()).toBe(-5000);
    expect(new Rational(10n ** 5000n).log10()).toBe(5000);
    expect(new Rational(0n).log10()).toBe(Number.NEGATIVE_INFINITY);
    expect(new Rational(7n, 7n).log10()).toBe(0);
    // ln(1 + x) = x - x^2 / 2 + ...: with x = 10^-40 the first term is all of it.
    const tiny = new Rational(10n ** 40n + 1n, 10n ** 40n).log10();
    expect(Math.abs(tiny / (1e-40 * Math.LOG10E) - 1)).toBeLessThan(4e-16);
    expect(new Rational(10n ** 40n, 10n ** 40n + 1n).log10()).toBe(-tiny);
  });

  it("adds, multiplies and compares as fractions do, and shows itself in lowest terms", () => {
    const parts = fc.tuple(fc.bigInt({ min: 0n, max: 999n }), fc.bigInt({ min: 1n, max: 999n }));
    fc.assert(
      fc.property(parts, parts, ([a, b], [c, d]) => {
        const [x, y] = [new Rational(a, b), new Rational(c, d)];
        expect(x.plus(y).compare(new Rational(a * d + c * b, b * d))).toBe(0);
        expect(x.times(y).compare(new Rational(a * c, b * d))).toBe(0);
        expect(x.compare(y)).toBe(Math.sign(Number(a * d - c * b)));
        expect(new Rational(a * d, b * d).toString()).toBe(x.toString());
      }),
    );
    expect(new Rational(6n, 8n).toString()).toBe("3/4");
  });

  it("refuses invalid fractions", () => {
    expect(() => new Rational(1n, 0n)).toThrow(/1n \/ 0n is not a fraction from 0 up/);
    expect(() => new Rational(-1n, 2n)).toThrow(RangeError);
    expect(() => new Rational(1 as never)).toThrow(/a part is 1\. Give bigints/);
  });
});
