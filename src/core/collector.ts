// Frees what nobody holds any more: blocks of the linear memory whose handles were dropped.
//
// The engine's collector does not see them. A handle is a few dozen bytes however large its block is, so nothing presses
// it to run; and while a synchronous loop runs, it tells nobody what it found. Three things help:
// - a FinalizationRegistry, which frees between turns of the event loop what was collected;
// - ballast: where blocks are large, an empty buffer of the block's size hangs on the handle. Engines count buffers, so that
//   dropped handles press them to collect as if the memory were theirs. It is never touched: it takes address space only.
// - where the engine can be told to collect at once (Node), that is done when as much was left since the last time as is in
//   use, and the handles are looked through: it works in the middle of a synchronous loop too. Elsewhere (pages), a buffer
//   larger than any heap is asked for then and given back, which makes engines collect; what they find is freed between
//   turns.
//
// Most handles of a loop are freed by hand soon, by `advance` or `dispose`. So a new handle is held fast for a moment: until
// the program comes to rest, or some more were made. Those that are freed by then have cost nothing. The others get weak
// references, and engines keep what these refer to until the job ends; so a loop that does not end is told to let go.

import { callSite, stackAbove } from "./call-site.js";
import { type EngineCollector, findCollector } from "./engine.js";
import { configuration } from "./runtime.js";

/** What is left between two collections at the least: bytes, and handles. */
const FEWEST_BYTES = 48 * 2 ** 20;
const FEWEST_HANDLES = 2 ** 14;

/** Collections that free little are made rarer, up to so many times. */
const RAREST = 4;

/** A buffer so large makes engines collect: it is never touched, so that it takes address space only. */
const PRESSING_BYTES = 2 ** 30;

/** New handles that are held fast at the most, and their bytes. */
const MOST_FRESH = 2 ** 10;
const MOST_FRESH_BYTES = 2 ** 22;

/** Handles at the most that the engine keeps for their weak references. */
const MOST_KEPT = 2 ** 12;

/** Blocks from this size on get ballast. */
const LARGE_BYTES = 2 ** 16;

/**
 * One in so many handles is asked where it comes from, once there are many; that takes some 5 µs. A prime, so that every
 * leaf of a tree has its turn.
 */
const SAMPLED = 31;
const MANY_HANDLES = 512;

/** Tensors of one place in the program that are worth a warning. */
const SUSPICIOUS = 256;

/** Something to free when its handle is gone. It must not lead to the handle, or that would never go. */
export interface Holding {
  readonly bytes: number;
  /** What is held. */
  readonly kind: "tensors" | "pullbacks" | "compiled programs";
  /** Its place in the collector's list; -1 when it is in none. Belongs to the collector. */
  index: number;
  /** The handle, while it is fresh. Belongs to the collector. */
  fresh: object | undefined;
  /** The handle, later, where there is a way to look after it. Belongs to the collector. */
  weak: WeakRef<object> | undefined;
  free(): void;
}

/** What comes from one place in the program. */
interface Share {
  count: number;
  bytes: number;
}

/** All handles that have something to free. */
class Collector {
  /** Bytes held now. */
  bytes = 0;
  /** Told of everything that is held from now on. Then nothing is collected, so that what is left can be counted. */
  witness: ((handle: object, holding: Holding) => void) | undefined;
  /** The function through which programs leave most: its caller is known even in a bundle. */
  entrance: (...args: never[]) => unknown = () => undefined;
  private readonly held: Holding[] = [];
  private readonly registry = new FinalizationRegistry<Holding>((holding) => this.drop(holding));
  private readonly ballast = new WeakMap<object, ArrayBuffer>();
  /** What came since the last collection and was not freed by hand. */
  private leftBytes = 0;
  private leftHandles = 0;
  private rarity = 1;
  private made = 0;
  private tapes = 0;
  private programs = 0;
  /** Bytes of compiled programs. */
  programBytes = 0;
  /** Where sampled handles were made. */
  private readonly sites = new WeakMap<Holding, string>();
  private warned = false;
  private readonly fresh: Holding[] = [];
  /** Whether the engine was asked to say when the program comes to rest. */
  private resting = false;
  private freshBytes = 0;
  private engine: EngineCollector | undefined;
  private searched = false;
  /** Handles that the engine may keep since their weak references were made or read. */
  private kept = 0;

  get handles(): number {
    return this.held.length;
  }

  /** How many tensors are held, and how many tapes of pullbacks. */
  get counts(): { readonly tensors: number; readonly tapes: number } {
    return { tensors: this.handles - this.tapes - this.programs, tapes: this.tapes };
  }

  /** From now on `holding` is freed when `handle` is gone, unless it is released before. */
  hold(handle: object, holding: Holding): void {
    // First, since what is made just now is no garbage, however large it is.
    const { rarity } = this;
    const usual = Math.max(FEWEST_BYTES, this.bytes - this.leftBytes);
    const many = Math.max(FEWEST_HANDLES, this.handles / 2);
    if (this.leftBytes > usual * rarity || this.leftHandles > many * rarity) this.collectInTime();
    holding.fresh = handle;
    holding.index = this.held.length;
    this.held.push(holding);
    if (!this.resting) {
      // One at a time: in a loop that never rests they would pile up.
      this.resting = true;
      queueMicrotask(() => {
        this.resting = false;
        this.letGo();
      });
    }
    this.fresh.push(holding);
    this.freshBytes += holding.bytes;
    if (this.fresh.length >= MOST_FRESH || this.freshBytes >= MOST_FRESH_BYTES) this.letGo();
    this.bytes += holding.bytes;
    this.count(holding, 1);
    this.leftBytes += holding.bytes;
    this.leftHandles++;
    if (++this.made % SAMPLED === 0 && this.handles > MANY_HANDLES) this.sample(holding);
    this.witness?.(handle, holding);
  }

  /** Forgets `holding`, which is freed by hand. */
  release(holding: Holding): void {
    if (holding.index < 0) return;
    if (holding.fresh) holding.fresh = undefined;
    else this.registry.unregister(holding);
    this.forget(holding);
    this.leftBytes = Math.max(0, this.leftBytes - holding.bytes);
    this.leftHandles = Math.max(0, this.leftHandles - 1);
  }

  /** Whether a collection may bring something: handles came since the last one, or those that are held are worth a try. */
  get promising(): boolean {
    return this.leftHandles > 0 || this.bytes > FEWEST_BYTES;
  }

  /** Frees what nobody holds; says whether that was possible. */
  collect(): boolean {
    this.leftBytes = 0;
    this.leftHandles = 0;
    this.letGo();
    if (!this.mayCollect()) return false;
    this.engine?.collect();
    for (let i = this.held.length - 1; i >= 0; i--) {
      const holding = this.held[i];
      if (holding.weak?.deref() !== undefined) continue;
      this.registry.unregister(holding);
      this.drop(holding);
    }
    this.kept = this.handles;
    return true;
  }

  /** Who holds so much, and what to do: two or three sentences for a message about memory. */
  report(): string {
    const kinds = this.sharesOf(({ kind }) => kind);
    const what = [...kinds].map(([kind, share]) => `${share.count} ${kind} hold ${megabytes(share.bytes)}`);
    const largest = [...this.sharesOfSites()].sort((a, b) => b[1].bytes - a[1].bytes).slice(0, 3);
    const where = largest.map(
      ([site, { count, bytes }]) =>
        `about ${count * SAMPLED} of them, ${megabytes(bytes * SAMPLED)}, come from ${site}`,
    );
    const cures = [
      "In a loop of your own write carry = advance(carry, step), which frees the carry before",
      kinds.has("pullbacks") ? "write `using` for a pullback or dispose() it" : "",
      kinds.has("compiled programs") ? "dispose() compiled functions that are done with" : "",
      "return less from scopes, or dispose() what is done with",
    ];
    return `Outside of scopes ${[what.join(" and "), ...where].join("; ")}. ${cures.filter(Boolean).join("; ")}.`;
  }

  /** Whether the engine can be told to collect. */
  private mayCollect(): boolean {
    if (!this.searched) {
      this.engine = findCollector();
      this.searched = true;
    }
    return this.engine !== undefined;
  }

  /** Fresh handles that were not freed by now are the collector's. */
  private letGo(): void {
    for (const holding of this.fresh) {
      const handle = holding.fresh;
      if (handle === undefined) continue;
      holding.fresh = undefined;
      this.registry.register(handle, holding, holding);
      if (this.mayCollect()) {
        holding.weak = new WeakRef(handle);
        this.kept++;
      } else if (holding.bytes >= LARGE_BYTES) this.weigh(handle, holding.bytes);
    }
    if (this.kept > MOST_KEPT) {
      this.engine?.letGo();
      this.kept = 0;
    }
    this.fresh.length = 0;
    this.freshBytes = 0;
  }

  private collectInTime(): void {
    if (this.witness) return;
    const [before, left] = [this.bytes, this.leftBytes];
    const hopeful = this.handles;
    if (this.collect()) {
      // Where most of it is really in use, looking again soon costs time and brings nothing.
      const freedMuch = before - this.bytes > left / 2 || hopeful - this.handles > hopeful / 4;
      this.rarity = freedMuch ? 1 : Math.min(RAREST, 2 * this.rarity);
    } else {
      press();
    }
  }

  private sample(holding: Holding): void {
    this.sites.set(holding, callSite(stackAbove(this.entrance)));
    const limit = configuration().maximumBytes / 4;
    if (this.warned || this.witness || this.bytes < limit) return;
    if (this.leftBytes > limit / 16) this.collect();
    if (this.bytes > limit) this.warn();
  }

  /** What is held, by the name that each has; without those that have none. */
  private sharesOf(name: (holding: Holding) => string | undefined): Map<string, Share> {
    const shares = new Map<string, Share>();
    for (const holding of this.held) {
      const key = name(holding);
      if (key === undefined) continue;
      const share = shares.get(key) ?? { count: 0, bytes: 0 };
      share.count++;
      share.bytes += holding.bytes;
      shares.set(key, share);
    }
    return shares;
  }

  /** What is held of what was sampled, by the place that made it. */
  private sharesOfSites(): Map<string, Share> {
    return this.sharesOf((holding) => this.sites.get(holding));
  }

  /** Once, where a quarter of all memory is held and much of it comes from one place. */
  private warn(): void {
    const suspicious = [...this.sharesOfSites().values()].some(
      ({ count, bytes }) => count * SAMPLED >= SUSPICIOUS && bytes * SAMPLED > this.bytes / 2,
    );
    if (!suspicious) return;
    this.warned = true;
    console.warn(`[memory] a quarter of the memory is in use. ${this.report()}`);
  }

  private drop(holding: Holding): void {
    if (holding.index < 0) return;
    this.forget(holding);
    holding.free();
  }

  /** Takes it off the list; the last one moves to its place. */
  private forget(holding: Holding): void {
    const last = this.held.pop()!;
    if (last !== holding) {
      this.held[holding.index] = last;
      last.index = holding.index;
    }
    holding.index = -1;
    this.bytes -= holding.bytes;
    this.count(holding, -1);
  }

  private count({ kind, bytes }: Holding, change: 1 | -1): void {
    if (kind === "pullbacks") this.tapes += change;
    if (kind !== "compiled programs") return;
    this.programs += change;
    this.programBytes += change * bytes;
  }

  private weigh(handle: object, bytes: number): void {
    try {
      this.ballast.set(handle, bufferOf(bytes));
    } catch {
      // No room for a buffer; the block itself is there.
    }
  }
}

/** Makes an engine that cannot be told to collect do so soon: it does when much memory is asked for at once. */
function press(): void {
  try {
    const buffer = bufferOf(PRESSING_BYTES) as ArrayBuffer & { transferToFixedLength?(bytes: number): ArrayBuffer };
    // Given back at once, so that the engine does not take it for the usual size of the heap. To a fixed length: Firefox
    // stalls for minutes where it is to stay resizable.
    buffer.transferToFixedLength?.(0);
  } catch {
    // No room for it: the engine has looked for some, which is what this is for.
  }
}

/** A buffer of zeros. One that could be resized is mapped from fresh pages, which nobody has to clear. */
function bufferOf(bytes: number): ArrayBuffer {
  const Resizable = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
  return new Resizable(bytes, { maxByteLength: bytes });
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toPrecision(3)} MiB`;

/** The process's collector. */
export const collector = new Collector();
