// How wide an interval of Student's distribution is (Student 1908): the error of an estimate is itself an estimate where the noise
// is, or where few recordings were drawn from.
import { fromNumbers, scope, type Tensor } from "../core/index.js";
import "../float64/index.js";
import { asin } from "../ops/index.js";
import { erfc, erfInv } from "../special/index.js";

const numberOf = (f: (x: Tensor) => Tensor, x: number): number =>
  scope(() => f(fromNumbers([x], [1], "float64")).item());

/** The chance of a normal number below x. */
export const normalBelow = (x: number): number => numberOf(erfc, -x / Math.SQRT2) / 2;

/** Half the width of the interval around 0 that holds a normal number of variance 1 with this chance. */
const normalWidth = (level: number): number => Math.SQRT2 * numberOf(erfInv, level);

/** With more degrees of freedom than these the expansion below has nine digits. */
const MANY = 100;

/** How likely |t| is below tan(angle) sqrt(freedom), by the sine of this angle (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
function chanceWithin(sine: number, freedom: number): number {
  const odd = freedom % 2;
  const square = 1 - sine * sine;
  let [term, sum] = [odd ? Math.sqrt(square) : 1, 0];
  for (let k = odd; k < freedom - 1; k += 2) {
    sum += term;
    term *= (square * (k + 1)) / (k + 2);
  }
  return odd ? (numberOf(asin, sine) + sine * sum) * (2 / Math.PI) : sine * sum;
}

/**
 * Half the width, in standard errors, of the interval that holds Student's t with this chance.
 *
 * @param freedom degrees of freedom, a whole number from 1, or Infinity for the normal distribution.
 */
export function studentWidth(level: number, freedom: number): number {
  const z = normalWidth(level);
  if (freedom === Number.POSITIVE_INFINITY) return z;
  if (freedom > MANY) {
    // Abramowitz and Stegun 1964, 26.7.5.
    const s = z * z;
    const terms = [
      (z * (s + 1)) / 4,
      (z * ((5 * s + 16) * s + 3)) / 96,
      (z * (((3 * s + 19) * s + 17) * s - 15)) / 384,
      (z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945)) / 92_160,
    ];
    return terms.reduceRight((sum, term) => (sum + term) / freedom, 0) + z;
  }
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (chanceWithin(middle, freedom) < level) low = middle;
    else high = middle;
  }
  return (low * Math.sqrt(freedom)) / Math.sqrt(1 - low * low);
}
