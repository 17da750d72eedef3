// The kernels of linear algebra: a separate module over the core's memory, compiled when first used. They compute in float64
// for tensors of any type, so that digits lost inside a factorisation do not show in float32 results.
import { moreKernels, type Tensor, traced, withScratch } from "../core/index.js";
import { type Kernels, wasmHex } from "./wasm.generated.js";

export type { Kernels };

let loaded: Kernels | undefined;

/** The compiled kernels of linear algebra. */
export function linalgKernels(): Kernels {
  if (!loaded) loaded = moreKernels<Kernels>(wasmHex);
  return traced(loaded);
}

/** Where the float64 operands of one matrix lie. */
export interface Doubles {
  /** An address for each input: its numbers, which may be overwritten. */
  readonly inputs: readonly number[];
  /** An address for each output, uninitialised. */
  readonly outputs: readonly number[];
  /** The address of the requested scratch memory. */
  readonly room: number;
}

/** Whether a tensor has the type that the kernels compute in. */
const isWide = ({ type }: Tensor): boolean => type.bytes === 8;

/**
 * Calls `run` for each of the `count` matrices in a stack, with the matrix's part of every tensor in float64, and rounds the
 * outputs. If an input holds NaN or an infinity, the outputs are NaN, and `run` is not called. Errors of `run` are passed on.
 *
 * @param room how many float64 numbers of scratch memory `run` needs.
 */
export function forEachMatrix(
  count: number,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  room: number,
  run: (kernels: Kernels, doubles: Doubles, index: number) => void,
): void {
  if (count === 0) return;
  const kernels = linalgKernels();
  const tensors = [...inputs, ...outputs];
  const sizes = tensors.map(({ size }) => size / count);
  const total = sizes.reduce((a, b) => a + b, room);
  withScratch(8 * total, (scratch) => {
    const starts = sizes.map((_, i) => scratch + 8 * sizes.slice(0, i).reduce((a, b) => a + b, 0));
    const doubles = {
      inputs: starts.slice(0, inputs.length),
      outputs: starts.slice(inputs.length),
      room: scratch + 8 * (total - room),
    };
    for (let index = 0; index < count; index++) {
      const place = (i: number): number => tensors[i].addressOf(index * sizes[i]);
      let finite = true;
      for (let i = 0; i < inputs.length; i++) {
        if (isWide(tensors[i])) kernels.copy(starts[i], place(i), sizes[i]);
        else kernels.widen(starts[i], place(i), sizes[i]);
        finite &&= kernels.finite(starts[i], sizes[i]) === 1;
      }
      if (finite) run(kernels, doubles, index);
      for (let i = inputs.length; i < tensors.length; i++) {
        if (finite) {
          if (isWide(tensors[i])) kernels.copy(place(i), starts[i], sizes[i]);
          else kernels.narrow(place(i), starts[i], sizes[i]);
        } else tensors[i].elements.fill(Number.NaN, index * sizes[i], (index + 1) * sizes[i]);
      }
    }
  });
}
