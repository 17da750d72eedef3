// Functions that compute something within a call: what an asynchronous function or a generator computes comes too late.
import { isPromise } from "./tree.js";

/** Whether values are still to be asked of it: no tree of tensors has a function. */
const isIterator = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "next" in value && typeof value.next === "function";

/** Throws if a function that should have computed something has only promised it. */
export function checkedSync<T>(op: string, result: T): T {
  if (isIterator(result)) {
    throw new TypeError(
      `[${op}] the function is a generator, which runs only when its values are asked for. Ask inside, or call ${op} in it.`,
    );
  }
  if (!isPromise(result)) return result;
  throw new TypeError(
    `[${op}] the function is asynchronous; it returned a promise, and what it made is freed by now. Await outside of it.`,
  );
}
