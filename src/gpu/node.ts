// WebGPU in Node: a binding where a browser has `navigator.gpu`, and a process that ends.
//
// Dawn, which the binding wraps, keeps Node's event loop turning for as long as a device is open, so a program that is
// done and forgot to close would never end. And a device must go before what made it, or the process ends badly.

/** A WebGPU implementation for Node: what the package `webgpu` exports. */
export interface WebGpuBinding {
  /** Makes the object that a browser has as `navigator.gpu`. */
  create(options: string[]): unknown;
  /** The interfaces that a browser has as globals. */
  readonly globals: object;
}

/** Whether this is Node, or something that passes for it. */
export const isNode = (): boolean => typeof process !== "undefined" && process.versions?.node !== undefined;

/** What keeps a loop turning besides work: Dawn itself, and the standard streams. */
const IDLE = new Set(["Immediate", "CloseReq", "PipeWrap", "TTYWrap"]);

/** Milliseconds between two looks at whether anything is left to do. */
const LOOK = 100;

/** Puts a binding where a browser has its own; returns what takes it off again. */
export function install({ create, globals }: WebGpuBinding): () => void {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  if (typeof navigator === "undefined") return define(globalThis, "navigator", { gpu });
  return define(navigator, "gpu", gpu);
}

function define(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

/**
 * Sees to it that the process ends: when it exits, `destroy` is called first; when nothing is left that could ever run
 * again, `close` is. Returns what ends the watch.
 */
export function watchProcess(busy: () => boolean, destroy: () => void, close: () => void): () => void {
  process.once("exit", destroy);
  const timer = setInterval(() => {
    const reading = ["data", "readable", "keypress"].some((event) => process.stdin.listenerCount(event) > 0);
    if (busy() || reading || process.connected || process.getActiveResourcesInfo().some((name) => !IDLE.has(name)))
      return;
    close();
  }, LOOK);
  timer.unref();
  return () => {
    clearInterval(timer);
    process.off("exit", destroy);
  };
}
