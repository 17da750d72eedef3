// A hook for `compile`: somebody who takes down what a function does with the memory, so that it can be done again.
// Without a tracer it costs a comparison.

/** Takes down what runs. Tensors are `object`s here, since their own module asks for the tracer. */
export interface Tracer {
  /** The address of `tensor` was asked for: what runs next may read it. */
  sees(tensor: object): void;
  /** The numbers of `tensor` were asked for, by the method `how`. */
  reads(tensor: object, how: string): void;
  /** The kernels of a module, with every call recorded. */
  kernels<K extends object>(module: K): K;
  /** See `traceable`. What `run` depends on besides its tensors is `like`: equal lists tell that it does the same. */
  step<T extends object>(outputs: readonly T[], inputs: readonly T[], run: Filling<T>, like: readonly unknown[]): void;
  /** See `untraced`. */
  aside<T>(f: () => T): T;
}

/** Fills the outputs from nothing but the inputs. */
export type Filling<T> = (outputs: readonly T[], inputs: readonly T[]) => void;

/** The tracer of now, if a function is being compiled. */
export let tracer: Tracer | undefined;

/** Runs `f` with `next` taking down what it does. */
export function tracedBy<T>(next: Tracer | undefined, f: () => T): T {
  const before = tracer;
  tracer = next;
  try {
    return f();
  } finally {
    tracer = before;
  }
}

/**
 * Runs `run`, which fills `outputs` from nothing but `inputs` and may look at their numbers. A compiled program that was
 * made of more than calls of kernels by then runs it again, with tensors in the same places.
 *
 * @param like what `run` depends on besides its tensors; equal lists tell that it does the same.
 */
export function traceable<T extends object>(
  outputs: readonly T[],
  inputs: readonly T[],
  run: Filling<T>,
  like: readonly unknown[] = [run],
): void {
  if (tracer) tracer.step(outputs, inputs, run, like);
  else run(outputs, inputs);
}

/** Runs `f`, which may look at numbers, for checks that a compiled program leaves out. */
export function untraced<T>(f: () => T): T {
  return tracer ? tracer.aside(f) : f();
}

/** The kernels of a module, for whoever runs them now. */
export function traced<K extends object>(module: K): K {
  return tracer ? tracer.kernels(module) : module;
}
