// How far a parameter may be off before a circuit fails.
import { checkOptions, kindOf, quote } from "../core/index.js";

/** How a margin is searched. */
export interface MarginOptions {
  /** The value that works. */
  readonly nominal: number;
  /** The least and the largest value that are tried; half and twice the nominal one by default. */
  readonly within?: readonly [low: number, high: number];
  /** How exact the ends are, as a share of the nominal value; 0.01 by default. */
  readonly tolerance?: number;
}

/** The range around a nominal value in which a circuit works. */
export interface Margin {
  /** The nominal value. */
  readonly nominal: number;
  /** The lowest value that works, and that is not farther than `tolerance` from one that does not, or is the least tried. */
  readonly low: number;
  /** The highest. */
  readonly high: number;
  /** Whether it worked at the least value that was tried, and at the largest: the margin may be wider. */
  readonly open: readonly [low: boolean, high: boolean];
}

/**
 * The margin of a value by bisection on either side, as is usual for circuits: it assumes that a circuit which fails
 * at some distance also fails farther away.
 *
 * ```ts
 * margin((jtl) => works(transient(circuit, { duration: 400, pulses, parameters: { jtl } })), { nominal: 0.75 });
 * ```
 *
 * @throws RangeError if it does not work at the nominal value, or the numbers are not usable.
 */
export function margin(works: (value: number) => boolean, options: MarginOptions): Margin {
  if (typeof works !== "function") {
    throw new TypeError(
      `[margin] the first argument is ${kindOf(works)}. Give a function that says whether a value works.`,
    );
  }
  checkOptions("margin", options, ["nominal", "within", "tolerance"]);
  const { nominal, tolerance = 0.01 } = options;
  if (!(Number.isFinite(nominal) && nominal !== 0)) {
    throw new RangeError(`[margin] nominal is ${quote(nominal)}: give a finite number other than 0.`);
  }
  const [low, high] = options.within ?? [Math.min(nominal / 2, nominal * 2), Math.max(nominal / 2, nominal * 2)];
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= nominal && nominal <= high)) {
    throw new RangeError(`[margin] within is ${quote(low)} to ${quote(high)}: give two numbers around ${nominal}.`);
  }
  if (!(tolerance > 1e-12 && tolerance < 1)) {
    throw new RangeError(`[margin] tolerance is ${quote(tolerance)}: give a share of the nominal value, such as 0.01.`);
  }
  if (!works(nominal)) {
    throw new RangeError(`[margin] it does not work at the nominal value ${nominal}. Begin with a value that works.`);
  }
  const end = (limit: number): [value: number, open: boolean] => {
    if (works(limit)) return [limit, true];
    let [good, bad] = [nominal, limit];
    while (Math.abs(good - bad) > tolerance * Math.abs(nominal)) {
      const middle = (good + bad) / 2;
      if (works(middle)) good = middle;
      else bad = middle;
    }
    return [good, false];
  };
  const [[least, openBelow], [most, openAbove]] = [end(low), end(high)];
  return { nominal, low: least, high: most, open: [openBelow, openAbove] };
}
