// How the consoles of browsers show tensors: DevTools of Chromium and of Firefox ask the functions in a list of the page,
// `devtoolsFormatters`, about each object that they print. Node asks the tensor itself.
import { Tensor } from "../core/index.js";

/** A piece of what DevTools print: a tag, its attributes, and what is in it. */
type Piece = readonly [tag: string, attributes: object, ...inside: (Piece | string)[]];

/** What DevTools ask: the line of an object, whether there is more, and what more; null where another may answer. */
interface Formatter {
  header(value: unknown): Piece | null;
  hasBody(value: unknown): boolean;
  body(value: unknown): Piece | null;
}

/** Numbers of a tensor that are unfolded at the most; DevTools stall at millions. */
const MOST_NUMBERS = 100_000;

const formatter: Formatter = {
  header: (value) => (value instanceof Tensor ? ["span", {}, value.describe()] : null),
  hasBody: (value) => value instanceof Tensor && value.alive && value.rank > 0 && value.size <= MOST_NUMBERS,
  // A reference to an ordinary value: DevTools show the nested arrays as they show any.
  body: (value) => ["object", { object: (value as Tensor).toArray() } as object],
};

/**
 * Makes `console.log(tensor)` show type, shape and first numbers in a browser's console, and all numbers when it is
 * unfolded. The browser must be told to use what pages bring for this: in Chromium's DevTools, Settings > Preferences >
 * Console > Custom formatters; in Firefox's, Settings > Advanced settings > Enable custom formatters. Without that, print
 * `String(x)`. In Node nothing is needed.
 *
 * @returns what takes it back.
 * @example
 * const off = formatInConsole(); // browsers' consoles now show tensors with their shapes
 * off();
 */
export function formatInConsole(): () => void {
  const page = globalThis as { devtoolsFormatters?: Formatter[] };
  page.devtoolsFormatters ??= [];
  const formatters = page.devtoolsFormatters;
  if (!formatters.includes(formatter)) formatters.push(formatter);
  return () => {
    const at = formatters.indexOf(formatter);
    if (at >= 0) formatters.splice(at, 1);
  };
}
