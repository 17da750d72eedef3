import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesOfHex, type HexDecoders } from "../../src/core/hex.js";

/** `Uint8Array.fromHex` as browsers have it, for engines that do not. */
const fromHex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));

const engines: Readonly<Record<string, HexDecoders | undefined>> = {
  "this engine": undefined,
  "an engine with Uint8Array.fromHex": { Uint8Array: { fromHex } },
  "Node's Buffer": { Buffer },
  "no decoder": {},
};

it.each(Object.entries(engines))("the bytes of any text are those it was written from, with %s", (_name, engine) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200, size: "max" }), (bytes) => {
      const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const read = bytesOfHex(text, engine);
      expect([...read]).toEqual([...bytes]);
      expect(read).toBeInstanceOf(Uint8Array);
    }),
  );
});
