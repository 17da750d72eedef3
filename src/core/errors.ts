// Errors say the fact and the cure. A wrong kind is a TypeError, a wrong value a RangeError; what comes from outside
// the program (files, folders, flags) is an InputError, so that a command line can print it as one sentence.

/**
 * Something that was given from outside cannot be used: a file, a folder, a value in one of them.
 *
 * @example
 * try {
 *   throw new InputError("[mine] the file is empty");
 * } catch (error) {
 *   console.log(error instanceof InputError); // true
 * }
 */
export class InputError extends Error {
  override name = "InputError";
}

/**
 * The linear memory cannot grow by what was asked for. The heap stays usable.
 *
 * @example
 * try {
 *   zeros([2 ** 31]);
 * } catch (error) {
 *   console.log(error instanceof MemoryError); // true
 * }
 */
export class MemoryError extends RangeError {
  override name = "MemoryError";
}

/**
 * This engine cannot run the kernels, or this page does not let it: no WebAssembly, no SIMD, or a policy against them.
 *
 * @example
 * try {
 *   zeros([2, 3]); // the first use of tensors compiles the kernels
 * } catch (error) {
 *   console.log(error instanceof EngineError ? "this engine has no WebAssembly SIMD" : error);
 * }
 */
export class EngineError extends Error {
  override name = "EngineError";
}
