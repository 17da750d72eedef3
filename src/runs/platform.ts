// What Node and a page do differently, except for threads (`thread.ts`) and files (`node.ts`). No module that a page
// loads at its start imports from `node:`.
import { InputError, isNode } from "../core/index.js";

/** Whether this is Node, or an engine such as Bun that has its modules. */
export const inNode: boolean = isNode();

/** The Web Crypto API, which Node has too. Throws an InputError in a page that does not have it. */
export function cryptography(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle) return subtle;
  throw new InputError(
    "[train] SHA-256 is not available: browsers offer crypto.subtle only to secure pages. Serve the page over https, or " +
      "from localhost.",
  );
}

/** SHA-256, in hexadecimal digits, of these texts (in UTF-8) and the bytes of these arrays, joined in this order. */
export async function sha256(parts: readonly (string | ArrayBufferView)[]): Promise<string> {
  const encoder = new TextEncoder();
  const each = parts.map((part) => {
    if (typeof part === "string") return encoder.encode(part);
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  });
  const bytes = new Uint8Array(each.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of each) {
    bytes.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await cryptography().digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Lets the event loop run once, so that timers, input, signals and painting are handled. It uses a message, because
 * browsers delay `setTimeout`.
 *
 * @example
 * let sum = 0;
 * for (let i = 0; i < 3; i++) {
 *   sum += i; // some milliseconds of work
 *   await yieldToEvents();
 * }
 * sum; // 3
 */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
