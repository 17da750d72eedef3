// Ctrl-C and `kill`: the first asks the work to stop at a point from which it can be resumed; the second ends the
// process at once.

/** A watch over SIGINT and SIGTERM. */
export interface Watch {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit code for the signal that arrived; undefined if none did. */
  code(): number | undefined;
  /** Gives the signals back to the system. */
  end(): void;
}

/** Watches until `end`; `onFirst` is called by the first signal, `onSecond` just before the process ends. */
export function watchSignals(onFirst: () => void, onSecond: () => void): Watch {
  const controller = new AbortController();
  let code: number | undefined;
  const handle = (own: number) => () => {
    if (code !== undefined) {
      onSecond();
      process.exit(own);
    }
    code = own;
    onFirst();
    controller.abort();
  };
  const handlers = { SIGINT: handle(128 + 2), SIGTERM: handle(128 + 15) } as const;
  const entries = Object.entries(handlers) as [keyof typeof handlers, () => void][];
  for (const [name, handler] of entries) process.on(name, handler);
  return {
    signal: controller.signal,
    code: () => code,
    end() {
      for (const [name, handler] of entries) process.off(name, handler);
    },
  };
}
