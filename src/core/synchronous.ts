// Functions that compute something within a call: what an asynchronous function or a generator computes comes too late.
import { isIterator, isPromise, kindOf } from "./tree.js";

/** Throws if a function that should have computed something has only promised it. */
export function checkedSync<T>(op: string, result: T): T {
  if (isIterator(result)) {
    throw new TypeError(
      `[${op}] the function is a generator, which runs only when its values are asked for. Pass a plain function.`,
    );
  }
  if (!isPromise(result)) return result;
  throw new TypeError(
    `[${op}] the function is asynchronous; it returned a promise, and what it made is freed by now. Await outside of it.`,
  );
}

/** Throws unless a function returned a list of two things; `form` says which. */
export function checkedPair<P extends readonly [unknown, unknown]>(
  op: string,
  who: string,
  form: string,
  result: P,
): P {
  const pair: unknown = checkedSync(op, result);
  if (Array.isArray(pair) && pair.length === 2) return result;
  throw new TypeError(`[${op}] ${who} returned ${kindOf(pair)}. Return ${form}.`);
}
