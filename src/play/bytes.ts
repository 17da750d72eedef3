// Bytes as text that an address can hold: base64 with - and _ (RFC 4648, section 5), without padding.
import { base64Of, InputError } from "../core/index.js";

/** The text of these bytes. */
export function textOfBytes(bytes: Uint8Array): string {
  return base64Of(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The bytes of such a text. Throws an InputError for any other text, and for one of too many bytes. */
export function bytesOfText(text: string, what: string, most: number): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) {
    throw new InputError(`[play] ${what} is damaged in this address. Copy the whole address again.`);
  }
  if (text.length > Math.ceil((4 * most) / 3)) {
    throw new InputError(`[play] ${what} is too long in this address: ${text.length} letters. Copy the address again.`);
  }
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

/** The bytes of numbers, little-endian. */
export const bytesOfFloats = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
