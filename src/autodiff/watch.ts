// A hook for debugging: somebody who is told of every op that is applied and every rule that is used. Without a watcher
// it costs one comparison an op.
import type { Tensor } from "../core/index.js";
import type { AnyOp, OuterProduct } from "./op.js";

/** What a rule gives: tangents, or cotangents. */
export type RuleParts = readonly (Tensor | OuterProduct | undefined)[];

export interface Watcher {
  /** `outputs` were just computed. A throw here ends what runs. */
  applied(op: AnyOp, outputs: readonly Tensor[]): void;
  /** Runs a rule of `op`, "forward" for tangents and "backward" for cotangents. */
  rule<T extends RuleParts>(op: AnyOp, outputs: readonly Tensor[], pass: "forward" | "backward", run: () => T): T;
  /** Runs the step `index` of a loop. */
  step<T>(index: number, run: () => T): T;
}

let watcher: Watcher | undefined;

/** The watcher of now, if there is one. */
export function currentWatcher(): Watcher | undefined {
  return watcher;
}

/** Runs `f` under the eyes of `next`. */
export function watchedBy<T>(next: Watcher | undefined, f: () => T): T {
  const before = watcher;
  watcher = next;
  try {
    return f();
  } finally {
    watcher = before;
  }
}
