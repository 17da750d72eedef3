// Frees what nobody holds any more: blocks of the linear memory whose handles were dropped.
//
// The engine's collector does not see them. A handle is a few dozen bytes however large its block is, so nothing presses
// it to run; and while a synchronous loop runs, it tells nobody what it found. Three things help:
// - a FinalizationRegistry, which frees between turns of the event loop what was collected;
// - ballast: where blocks are large, an empty buffer of the block's size hangs on the handle. Engines count buffers, so that
//   dropped handles press them to collect as if the memory were theirs. (Untouched, it costs address space only.)
// - where the engine can be told to collect at once (Node), that is done when as much was made since the last time as is in
//   use, and the handles are looked through: it works in the middle of a synchronous loop too.

import { callSite } from "./call-site.js";

/** What is made between two collections at the least: bytes, and handles. */
const FEWEST_BYTES = 48 * 2 ** 20;
const FEWEST_HANDLES = 2 ** 14;

/** Blocks from this size on get ballast. */
const LARGE_BYTES = 2 ** 16;

/** One in so many handles is asked where it comes from, once there are many; that takes some 5 µs. */
const SAMPLED = 64;
const MANY_HANDLES = 512;

/** Something to free when its handle is gone. */
export interface Holding {
  readonly bytes: number;
  free(): void;
}

interface Held {
  readonly handle: WeakRef<object>;
  readonly holding: Holding;
}

/** A full collection, done when this returns; undefined where there is no way to ask for one. */
type CollectNow = () => void;

/** What Node offers, without an import of it that a bundler for pages would have to follow. */
interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

function findCollector(): CollectNow | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  try {
    const v8 = process?.getBuiltinModule?.("v8") as typeof import("node:v8") | undefined;
    const vm = process?.getBuiltinModule?.("vm") as typeof import("node:vm") | undefined;
    if (!v8?.setFlagsFromString || !vm?.Script) return undefined;
    v8.setFlagsFromString("--expose-gc");
    const collect = vm.runInNewContext("globalThis.gc");
    v8.setFlagsFromString("--no-expose-gc");
    if (typeof collect !== "function") return undefined;
    // An object with a new weak reference is kept until the next checkpoint of microtasks: one of a context of its own will
    // do, and runs nobody else's.
    const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
    const checkpoint = new vm.Script("Promise.resolve().then(() => {})");
    return () => {
      checkpoint.runInContext(context);
      collect();
    };
  } catch {
    return undefined; // an engine that only looks like Node
  }
}

/** All handles that have something to free. */
class Collector {
  /** What is held now: bytes, and handles. */
  bytes = 0;
  private readonly held = new Map<Holding, Held>();
  private readonly registry = new FinalizationRegistry<Holding>((holding) => this.drop(holding));
  private readonly ballast = new WeakMap<object, ArrayBuffer>();
  private madeBytes = 0;
  private madeHandles = 0;
  /** Where sampled handles were made, and how many there. */
  private readonly sites = new Map<string, number>();
  private collectNow: CollectNow | undefined;
  private searched = false;

  get handles(): number {
    return this.held.size;
  }

  /** From now on `holding` is freed when `handle` is gone, unless it is released before. */
  hold(handle: object, holding: Holding): void {
    this.held.set(holding, { handle: new WeakRef(handle), holding });
    this.registry.register(handle, holding, holding);
    this.bytes += holding.bytes;
    this.madeBytes += holding.bytes;
    this.madeHandles++;
    if (this.handles > MANY_HANDLES && this.madeHandles % SAMPLED === 0) {
      const site = callSite(new Error());
      this.sites.set(site, (this.sites.get(site) ?? 0) + 1);
    }
    const enough = Math.max(FEWEST_BYTES, this.bytes - this.madeBytes);
    if (this.madeBytes > enough || this.madeHandles > Math.max(FEWEST_HANDLES, this.handles / 2)) this.collect();
    if (holding.bytes >= LARGE_BYTES && !this.collectNow) this.weigh(handle, holding.bytes);
  }

  /** Who holds so much that nothing is left, and what to do: a sentence or two for a message about memory. */
  report(): string {
    const sites = [...this.sites].sort((a, b) => b[1] - a[1]);
    const where = sites.length > 0 ? `, most of them from ${sites[0][0]}` : "";
    return (
      `${this.handles} tensors that outlive their scopes hold ${this.bytes} bytes${where}. ` +
      "Carry the state of a loop through advance(), return less from scopes, or dispose() what is done with."
    );
  }

  /** Forgets `holding`, which is freed by hand. */
  release(holding: Holding): void {
    this.registry.unregister(holding);
    this.forget(holding);
  }

  /** Whether a collection may bring something: handles came since the last one, or those that are held are worth a try. */
  get promising(): boolean {
    return this.madeHandles > 0 || this.bytes > FEWEST_BYTES;
  }

  /** Frees what nobody holds; says whether that was possible. */
  collect(): boolean {
    this.madeBytes = 0;
    this.madeHandles = 0;
    if (!this.searched) {
      this.collectNow = findCollector();
      this.searched = true;
    }
    if (!this.collectNow) return false;
    this.collectNow();
    for (const { handle, holding } of this.held.values()) {
      if (handle.deref() !== undefined) continue;
      this.registry.unregister(holding);
      this.drop(holding);
    }
    return true;
  }

  private drop(holding: Holding): void {
    if (this.forget(holding)) holding.free();
  }

  private forget(holding: Holding): boolean {
    if (!this.held.delete(holding)) return false;
    this.bytes -= holding.bytes;
    return true;
  }

  private weigh(handle: object, bytes: number): void {
    try {
      this.ballast.set(handle, new ArrayBuffer(bytes));
    } catch {
      // No room for a buffer; the block itself is there.
    }
  }
}

/** The process's collector. */
export const collector = new Collector();
