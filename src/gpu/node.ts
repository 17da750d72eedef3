// WebGPU in Node: installs a binding where a browser has `navigator.gpu`, and lets the process end.
//
// Dawn, which the binding wraps, polls its devices in a `setImmediate` that it repeats for as long as a device is open.
// This keeps a processor busy for nothing, and a program that forgets to close never ends. So Dawn's immediates count
// only while something waits for the GPU. When the process ends, the device must be released before the object that
// made it, or the process crashes.

/** A WebGPU implementation for Node, as exported by the package `webgpu`. */
export interface WebGpuBinding {
  /** Makes the object that a browser has as `navigator.gpu`. */
  create(options: string[]): unknown;
  /** The interfaces that a browser has as globals. */
  readonly globals: object;
}

/** An installed binding. */
export interface Installed {
  /** Call this when something begins to wait for the GPU: Dawn then polls at once. */
  wake(): void;
  /** What to release when the process ends. */
  destroyAtExit(device: { destroy(): void }): unknown;
  /** Puts everything back. */
  remove(): void;
}

/**
 * Installs a binding where a browser has its own.
 *
 * @param busy whether something waits for the GPU now.
 */
export function install({ create, globals }: WebGpuBinding, busy: () => boolean): Installed {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const undo =
    typeof navigator === "undefined" ? define(globalThis, "navigator", { gpu }) : define(navigator, "gpu", gpu);
  const { setImmediate } = globalThis;
  const counted = (callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    const immediate = setImmediate(callback, ...args);
    if (!busy() && isDawns(callback)) immediate.unref();
    return immediate;
  };
  const restore = define(
    globalThis,
    "setImmediate",
    Object.defineProperties(counted, Object.getOwnPropertyDescriptors(setImmediate)),
  );
  const devices = new Set<{ destroy(): void }>();
  const atExit = (): void => {
    for (const device of devices) device.destroy();
  };
  process.once("exit", atExit);
  return {
    wake: () => {
      setImmediate(() => {});
    },
    destroyAtExit: (device) => devices.add(device),
    remove: () => {
      process.off("exit", atExit);
      restore();
      undo();
    },
  };
}

/** Functions made by native code have no name; those that `bind` makes have one. */
function isDawns(callback: { readonly name: string }): boolean {
  return callback.name === "" && String(callback).includes("[native code]");
}

function define(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}
