// The bytes that a reader of files was given, whatever holds them.
import { quote } from "./quote.js";

/** The name of a built-in class, the same in every realm (a page's frames, Node's vm): "Uint8Array", "Blob". */
export const builtInName = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** What to do with what is not bytes yet. */
const CURES: Readonly<Record<string, string>> = {
  Blob: "Pass `await blob.arrayBuffer()`.",
  File: "Pass `await file.arrayBuffer()`.",
  Response: "Pass `await response.arrayBuffer()`.",
  Promise: "Await it first.",
  Array: "Pass `Uint8Array.from(numbers)`.",
  String: "Pass what is in the file, for instance `await readFile(path)`.",
};

/**
 * A view on the bytes of an ArrayBuffer, a SharedArrayBuffer, a Buffer or any other view, of this realm or another; no
 * copy is made.
 *
 * @param op the function that was called, for the message.
 * @throws TypeError for anything else, with the way to get bytes of it.
 */
export function bytesOf(op: string, value: unknown): Uint8Array {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const kind = builtInName(value);
  if (kind === "ArrayBuffer" || kind === "SharedArrayBuffer") return new Uint8Array(value as ArrayBuffer);
  const cure = CURES[kind] ?? "Pass a Uint8Array or an ArrayBuffer.";
  throw new TypeError(`[${op}] ${quote(value)} is not the bytes of a file. ${cure}`);
}

/** These bytes in base64 (RFC 4648). */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(text);
}
