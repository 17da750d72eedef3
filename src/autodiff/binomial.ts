// Which carries to store on the way back through a loop, when only so many may be stored: the binomial schedule of
// Griewank and Walther 2000, "Algorithm 799: revolve".
//
// With s carries, the first one included, and no step run forward more than t times, chains of at most
// beta(s, t) = C(s + t, s) steps can be reversed: a carry stored at `m` leaves beta(s - 1, t) steps behind it for the
// other carries, and beta(s, t - 1) steps before it once it is free again.

/** C(s + t, s); 0 for a negative t. */
export function reversible(s: number, t: number): number {
  if (t < 0) return 0;
  let product = 1;
  for (let i = 1; i <= s; i++) product = (product * (t + i)) / i;
  return Math.round(product);
}

/**
 * After how many of `steps` steps (2 or more) the next carry is stored, when `free` (1 or more) may be besides the one
 * at the beginning. The steps run again in all are then the fewest there can be.
 */
export function binomialSplit(steps: number, free: number): number {
  const s = free + 1;
  let t = 1;
  while (reversible(s, t) < steps) t++;
  return Math.max(1, steps - reversible(s - 1, t), reversible(s, t - 2));
}
