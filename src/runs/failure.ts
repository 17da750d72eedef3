// Errors as data, so that they cross from thread to thread and keep their class, and the error for threads that die.
import { EngineError, InputError, MemoryError } from "../core/index.js";
import { Stopped } from "./kind.js";

/** A thread died, or does not answer: of a lack of memory, or killed from outside. What was done before is safe. */
export class ThreadError extends Error {
  override name = "ThreadError";
}

/** An error as data. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Its own fields. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A class of errors. Its constructor is not called when one of them is made again. */
export type ErrorClass = new (...args: never[]) => Error;

const CLASSES: readonly ErrorClass[] = [
  InputError,
  EngineError,
  MemoryError,
  RangeError,
  TypeError,
  Stopped,
  ThreadError,
];

/** An error as data. Of its own fields those are kept that are text, numbers or not there. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), fields: {} };
  const { name, message, stack } = error;
  const fields = Object.entries(error).filter(([, value]) => ["string", "number", "undefined"].includes(typeof value));
  return { name, message, stack, fields: Object.fromEntries(fields) };
}

/** The error again, of these classes or of ours if its name is that of one of them. */
export function errorOf({ name, message, stack, fields }: Failure, classes: readonly ErrorClass[] = []): Error {
  const found = [...classes, ...CLASSES].find((each) => each.name === name) ?? Error;
  const error: Error = Reflect.construct(Error, [message], found);
  Object.assign(error, fields);
  if (stack !== undefined) error.stack = stack;
  return error;
}
