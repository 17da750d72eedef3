// A thread, of Node or of a page, as seen by the code that gives it work.

/** Functions that are called when something comes from a thread. */
export interface ThreadListener {
  onMessage(message: unknown): void;
  /**
   * The thread died; this may be called twice for one thread. The reason is a text, or an error if the next thread
   * would fail too.
   */
  onDown(reason: string | Error): void;
}

/** A thread that was started. */
export interface Thread {
  /** Posts a message. Messages arrive in order, and may be posted as soon as the thread is started. */
  post(message: unknown): void;
  close(): Promise<void>;
}

/** Starts a thread. */
export type StartThread = (listener: ThreadListener) => Thread;

/**
 * The code at `path` in the built package, such as `runs/cell-worker.js`, for the module at `from`. That module may
 * itself have been built into the same folder as the code, into the folder above, or into the folder of chunks.
 */
export function codeOfPackage(path: string, code: Omit<ThreadCode, "name" | "places">): ThreadCode {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return { ...code, name: `synaptape/dist/${path}`, places: [`./${file}`, `./${path}`, `../${path}`] };
}

/** The code that threads run. */
export interface ThreadCode {
  /** The file, or in a page the address, that the user gave instead of those below. */
  readonly entry?: string | URL | undefined;
  /** What messages call the code if no address was given. */
  readonly name: string;
  /**
   * Where Node may find the file, relative to the module at `from`; the first one that exists is run. They are not
   * complete addresses, because bundlers for pages would try to resolve those.
   */
  readonly places: readonly string[];
  readonly from: string;
  /** Starts it in a page. Bundlers include the code where they see `new Worker(new URL("...", import.meta.url))`. */
  readonly inPage?: () => Worker;
}
