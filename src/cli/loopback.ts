// Pages that a command serves to this machine only: nothing but its own files, read only.
import type { IncomingMessage, Server } from "node:http";
import { InputError } from "../core/index.js";

/** Headers of every answer, besides the page's policy. */
export const SAFE_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/**
 * The status with which a request is refused, if it is.
 *
 * @param found whether what it asks for is there.
 */
export function refusal({ method, headers: { host = "" } }: IncomingMessage, found: boolean): number | undefined {
  // A page of another site that has its name point here would send its own name.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return 403;
  if (method !== "GET" && method !== "HEAD") return 405;
  return found ? undefined : 404;
}

/** Waits until the server listens, on this machine only; port 0 is a free one. */
export function listening(command: string, server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      failed(
        new InputError(`[${command}] port ${port} cannot be used (${error.code}). Choose another --port.`, {
          cause: error,
        }),
      ),
    );
    server.listen(port, "127.0.0.1", done);
  });
}
