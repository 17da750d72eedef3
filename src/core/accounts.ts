// What the memory holds, and who left it there.

import { isCarried } from "./advance.js";
import { callSite, withDeepStacks } from "./call-site.js";
import { collector, type Holding } from "./collector.js";
import { heap } from "./heap.js";
import { arenaUse } from "./memory.js";
import { checkKind } from "./options.js";
import { memoryBytes } from "./runtime.js";
import type { Shape } from "./shape.js";
import { checkedSync } from "./synchronous.js";
import { Tensor } from "./tensor.js";

/** What `memory.stats()` tells, in bytes but for `live` and `tapes`. */
export interface MemoryStats {
  /** In blocks of the persistent store: kept tensors and gradients under way. */
  readonly persistentBytes: number;
  /** In scopes and tapes now. */
  readonly arenaBytes: number;
  /** The most there ever was in scopes and tapes. */
  readonly arenaPeak: number;
  /** Of those, in the plans of compiled functions. */
  readonly compiledBytes: number;
  /** Number of persistent tensors. */
  readonly live: number;
  /** Number of tapes that pullbacks hold, of 256 KiB or more each. */
  readonly tapes: number;
  /** What the whole linear memory has; it never shrinks. */
  readonly memoryBytes: number;
}

/** Something that was made and not freed. */
export interface Leak {
  /** File and line that made it. */
  readonly where: string;
  /** Shape of the tensor; [] for a pullback. */
  readonly shape: Shape;
  /** Bytes that it holds; for a pullback those of its tape. */
  readonly bytes: number;
}

/**
 * The state of the linear memory.
 *
 * @example
 * memory.leaks(() => scope(() => tensor([1, 2]).add(1).dispose())); // []
 * const [leak] = memory.leaks(() => keep(tensor([1, 2])));
 * leak.shape; // [2]
 */
export const memory = {
  /** What is held now. */
  stats(): MemoryStats {
    const { reserved, used, peak } = arenaUse();
    const { tensors, tapes } = collector.counts;
    return {
      persistentBytes: heap.used - reserved,
      compiledBytes: collector.programBytes,
      arenaBytes: used,
      arenaPeak: peak,
      live: tensors,
      tapes,
      memoryBytes: memoryBytes(),
    };
  },

  /**
   * Runs `f` and lists what it left outside of scopes: tensors (also kept ones and those that it returns) and pullbacks
   * that were not disposed, whether somebody holds them or they wait for the collector. The carry of `advance` is not
   * among them, since its next step frees it. Slow; for tests and for looking around.
   *
   * @throws TypeError for an asynchronous `f`.
   */
  leaks(f: () => unknown): Leak[] {
    checkKind("memory.leaks", "what it watches", f, "a function");
    const seen: { readonly handle: object; readonly holding: Holding; readonly where: string }[] = [];
    const before = collector.witness;
    collector.witness = (handle, holding) => {
      seen.push({ handle, holding, where: callSite(new Error()) });
      before?.(handle, holding);
    };
    try {
      checkedSync("memory.leaks", withDeepStacks(f));
    } finally {
      collector.witness = before;
    }
    return seen
      .filter(({ handle, holding }) => holding.index >= 0 && !(handle instanceof Tensor && isCarried(handle)))
      .map(({ handle, holding, where }) => ({
        where,
        shape: handle instanceof Tensor ? handle.shape : [],
        bytes: holding.bytes,
      }));
  },
};
