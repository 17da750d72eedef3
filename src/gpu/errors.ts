// Errors of GPUs.

/** A mode of reaching a GPU that was tried, and why it is not available. */
export interface Refusal {
  /** `webgpu`, `webgl2` or `headlessgl`. */
  readonly mode: string;
  /** Why it cannot run here. */
  readonly reason: string;
}

/** No GPU is available. The message and `tried` say what was tried and what would help. */
export class GpuUnavailableError extends Error {
  override name = "GpuUnavailableError";
  constructor(
    message: string,
    /** Each mode that was tried, in order. */
    readonly tried: readonly Refusal[] = [],
  ) {
    super(message);
  }
}

/** The GPU went away, or its device was closed, while something needed it. The CPU is not affected. */
export class GpuLostError extends Error {
  override name = "GpuLostError";
}

/** The GPU cannot do what was asked: an op without a kernel, or an array beyond its limits. */
export class GpuUnsupportedError extends Error {
  override name = "GpuUnsupportedError";
}

/** Numbers kept on a GPU (`Placed`) were used after their disposal, or with another GPU than the one they are on. */
export class PlacedError extends Error {
  override name = "PlacedError";
}
