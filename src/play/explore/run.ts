// What runs an explorable, step by step. Its frames are plain data, which a worker sends to the page.

/** An explorable that runs. It may hold tensors until `end` is called. */
export interface Run<F> {
  /** Takes a step. */
  step(): void;
  /** What is seen now. */
  frame(): F;
  /** The numbers from which all later steps follow. */
  state(): readonly (Float32Array | Float64Array)[];
  /** Frees what it holds. */
  end(): void;
}
