// Errors as data, which keep their class when they are sent between threads, and the error for threads that die.
import { EngineError, InputError, MemoryError } from "../core/index.js";
import { Stopped } from "./kind.js";

/**
 * A thread died or does not answer: it ran out of memory, or was killed from outside. What was finished before is safe.
 *
 * @example
 * const square: CellKind<number, number> = { name: "square", run: ({ config }) => config ** 2 };
 * const cells = [2, 3].map((config) => ({ kind: "square", config, seed: 0 }));
 * const { failures } = await runCells(cells, { store: memoryStore(), executor: here([square]) });
 * failures.some(({ error }) => error instanceof ThreadError); // false
 */
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

/** A class of errors. Its constructor is not called when an error is rebuilt from data. */
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

/** An error as data. Of its own fields, those are kept that are strings, numbers or undefined. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), fields: {} };
  const { name, message, stack } = error;
  const fields = Object.entries(error).filter(([, value]) => ["string", "number", "undefined"].includes(typeof value));
  return { name, message, stack, fields: Object.fromEntries(fields) };
}

/** An error as data for other machines: without the places in the code, which differ there. */
export function travellingFailure(error: unknown): Failure {
  const { stack: _, ...failure } = failureOf(error);
  return failure;
}

/** Rebuilds the error. If its name is that of one of these classes, or of ours, it has that class. */
export function errorOf({ name, message, stack, fields }: Failure, classes: readonly ErrorClass[] = []): Error {
  const found = [...classes, ...CLASSES].find((each) => each.name === name) ?? Error;
  const error: Error = Reflect.construct(Error, [message], found);
  Object.assign(error, fields);
  if (stack !== undefined) error.stack = stack;
  return error;
}
