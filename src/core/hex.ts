// Bytes written as hexadecimal text, as compiled kernels are kept.

/** What an engine may have of its own for this. */
export interface HexDecoders {
  readonly Uint8Array?: { readonly fromHex?: (text: string) => Uint8Array<ArrayBuffer> };
  readonly Buffer?: { readonly from: (text: string, encoding: "hex") => Uint8Array<ArrayBuffer> };
}

/**
 * The bytes of a text of lower-case hexadecimal digits, two a byte. Current browsers, Node, Bun and Deno decode it
 * themselves: a loop that runs once is interpreted, and took 5 ms of the 26 from the import to a first gradient.
 */
export function bytesOfHex(text: string, engine: HexDecoders = globalThis as HexDecoders): Uint8Array<ArrayBuffer> {
  if (engine.Uint8Array?.fromHex) return engine.Uint8Array.fromHex(text);
  if (engine.Buffer) return engine.Buffer.from(text, "hex");
  const digit = (i: number): number => (text.charCodeAt(i) & 15) + (text.charCodeAt(i) > 57 ? 9 : 0);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * digit(2 * i) + digit(2 * i + 1);
  return bytes;
}
