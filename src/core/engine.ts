// Which engine this is, where the answer decides what may be loaded, and what it can be asked to do.

/**
 * Whether modules of Node can be imported here: in Node, Bun and Deno, not in a page. A page may carry a stand-in called
 * `process`, even with versions; it is a plain object, where the real one calls itself "process". The pages of Electron
 * have the real one, but their `import` is that of the browser.
 *
 * @param process the object of that name; in the build for pages there is none.
 */
export function isNode(process: unknown = globalThis.process): boolean {
  if (Object.prototype.toString.call(process) !== "[object process]") return false;
  const { type, versions } = process as { type?: string; versions?: { node?: string } };
  return typeof versions?.node === "string" && type !== "renderer" && type !== "worker";
}

/** What Node offers, without an import of it that a bundler for pages would have to follow. */
interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/** What an engine can be told about garbage. */
export interface EngineCollector {
  /** Collects all garbage, and returns when that is done. */
  collect(): void;
  /**
   * Lets go of objects with weak references. Engines keep each from the making or the reading of such a reference until
   * the job ends, so that a loop that never ends its job would pile them up.
   */
  letGo(): void;
}

/** How to tell the engine about garbage; undefined where there is no way to. */
export function findCollector(): EngineCollector | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  try {
    const v8 = process?.getBuiltinModule?.("v8") as typeof import("node:v8") | undefined;
    const vm = process?.getBuiltinModule?.("vm") as typeof import("node:vm") | undefined;
    if (!v8?.setFlagsFromString || !vm?.Script) return undefined;
    v8.setFlagsFromString("--expose-gc");
    const collect = vm.runInNewContext("globalThis.gc");
    v8.setFlagsFromString("--no-expose-gc");
    if (typeof collect !== "function") return undefined;
    // The engine takes a checkpoint of microtasks for the end of a job: one of a context of its own will do, and runs
    // nobody else's.
    const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
    const checkpoint = new vm.Script("Promise.resolve().then(() => {})");
    const letGo = (): void => checkpoint.runInContext(context);
    return {
      letGo,
      collect() {
        letGo();
        collect();
      },
    };
  } catch {
    return undefined; // an engine that only looks like Node
  }
}
