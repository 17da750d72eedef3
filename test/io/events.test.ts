// Event files, read back by a reader of its own: see `read-events.ts`.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventHead, eventOf } from "../../src/io/internal.js";
import { crc32c, eventIn, recordsIn } from "./read-events.js";

describe("an event file", () => {
  it("is read with the checksums that RFC 3720 gives for its examples", () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aan);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43n);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794en);
  });

  it("begins with its form", () => {
    const [record] = recordsIn(eventHead(1.5));
    expect(eventIn(record)).toEqual({ time: 1.5, step: 0, form: "brain.Event:2", numbers: {} });
  });

  it("gives back every time, step, name and number", () => {
    const name = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => text !== "__proto__");
    const event = fc.record({
      time: fc.double({ min: 0, max: 1e10, noNaN: true }),
      step: fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 40 })),
      numbers: fc.dictionary(name, fc.float({ noNaN: true }), { noNullPrototype: true, maxKeys: 5 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), (events) => {
        const parts = events.map(({ time, step, numbers }) => eventOf(time, step, numbers));
        const read = recordsIn(Uint8Array.from(parts.flatMap((part) => [...part]))).map(eventIn);
        expect(read).toEqual(events.map((each) => ({ ...each, form: undefined })));
      }),
      { numRuns: 100 },
    );
  });
});
