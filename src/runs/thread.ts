// A thread, of Node or of a page, as those see it who give it work.

/** Who hears from a thread. */
export interface ThreadListener {
  onMessage(message: unknown): void;
  /**
   * The thread came down; of one thread this may be said twice. The reason is a text, or an error where the next thread
   * would fare no better.
   */
  onDown(reason: string | Error): void;
}

/** A thread that was started. */
export interface Thread {
  /** What is posted arrives in order, from the moment the thread is started. */
  post(message: unknown): void;
  close(): Promise<void>;
}

/** Starts a thread. */
export type StartThread = (listener: ThreadListener) => Thread;

/**
 * The code at `path` of the built package, `runs/cell-worker.js` say, for the module at `from`, which may itself have been
 * built into the folder of that code, beside it, or into the folder of chunks.
 */
export function codeOfPackage(path: string, code: Omit<ThreadCode, "name" | "places">): ThreadCode {
  const file = path.slice(path.lastIndexOf("/") + 1);
  return { ...code, name: `synaptape/dist/${path}`, places: [`./${file}`, `./${path}`, `../${path}`] };
}

/** The code that threads run. */
export interface ThreadCode {
  /** The file, or in a page the address, that the user gave instead of those below. */
  readonly entry?: string | URL | undefined;
  /** What messages call the code where no address was given. */
  readonly name: string;
  /**
   * Where its file may lie for Node, as seen from the module at `from`; the first that is there is run. Not as whole
   * addresses: bundlers for pages would want to know where they lead.
   */
  readonly places: readonly string[];
  readonly from: string;
  /** Starts it in a page. Bundlers take the code along where they see `new Worker(new URL("...", import.meta.url))`. */
  readonly inPage?: () => Worker;
}
