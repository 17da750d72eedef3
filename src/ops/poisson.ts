// One Poisson count, by the recursions of J. H. Ahrens and U. Dieter, "Computer methods for sampling from gamma, beta,
// Poisson and binomial distributions" (1974): the time of the m-th of many arrivals is a gamma draw, and how many of those
// before it fall into a shorter time is binomial, which beta draws halve again and again.

import { type Key, quote } from "../core/index.js";
import { random } from "./random.js";

/** Means up to here are counted arrival by arrival, and binomials up to here one by one. */
const FEW = 16;

/** A gamma draw of shape `alpha`. */
const gammaOf = (key: Key, alpha: number): number => random.gamma(key, alpha, []).item();

/** How many of `count` independent events of probability `p` happen. */
function binomialOf(key: Key, count: number, p: number): number {
  let [n, chance, happened] = [count, p, 0];
  let level = key;
  while (n > FEW) {
    // Of n uniform numbers, the a-th smallest is beta of a and n + 1 - a.
    const a = 1 + Math.floor(n / 2);
    const [drawn, next] = level.split();
    const middle = random.beta(drawn, a, n + 1 - a, []).item();
    if (middle >= chance) [n, chance] = [a - 1, chance / middle];
    else [n, chance, happened] = [n - a, (chance - middle) / (1 - middle), happened + a];
    level = next;
  }
  for (let i = 0; i < n; i++) if (level.uniform(i) < chance) happened++;
  return happened;
}

/**
 * A Poisson count of this mean.
 *
 * @throws RangeError for a mean below 0, above 10^9, or NaN.
 */
export function poissonOf(key: Key, mean: number): number {
  if (!(mean >= 0 && mean <= 1e9)) {
    throw new RangeError(`[random.poisson] mean ${quote(mean)}: a number from 0 to 10^9 is needed.`);
  }
  let [left, count, level] = [mean, 0, key];
  while (left > FEW) {
    const arrivals = Math.floor((left * 7) / 8);
    const [time, rest] = level.split();
    const last = gammaOf(time, arrivals);
    if (last > left) return count + binomialOf(rest, arrivals - 1, left / last);
    [left, count, level] = [left - last, count + arrivals, rest];
  }
  // The product of uniform numbers falls below e^-left after as many as there are arrivals (Knuth).
  const least = exponentialOf(-left);
  let product = 1;
  for (let i = 0; ; i++) {
    product *= (level.bits(i) + 0.5) / 2 ** 32;
    if (product <= least) return count + i;
  }
}

/** e^x for -16 <= x <= 0, by its series of x / 2^7 squared seven times: the same bits on every engine. */
function exponentialOf(x: number): number {
  const y = x / 128;
  let [term, total] = [1, 1];
  for (let n = 1; n < 16; n++) {
    term *= y / n;
    total += term;
  }
  for (let i = 0; i < 7; i++) total *= total;
  return total;
}
