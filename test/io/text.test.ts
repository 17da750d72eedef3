import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { parseJson, textOf } from "../../src/io/index.js";
import { runs } from "../laws/settings.js";

/** The bytes of a text in UTF-16. */
function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return new Uint8Array(view.buffer);
}

describe("textOf", () => {
  it("decodes text in any encoding that a byte-order mark can announce, without the mark", () => {
    const texts = fc.string({ unit: "grapheme" }).filter((text) => !/^[\ufeff]/.test(text));
    fc.assert(
      fc.property(texts, (text) => {
        const utf8 = new TextEncoder().encode(text);
        expect(textOf(utf8)).toBe(text);
        expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8))).toBe(text);
        expect(textOf(Uint8Array.of(0xff, 0xfe, ...utf16(text, true)))).toBe(text);
        expect(textOf(Uint8Array.of(0xfe, 0xff, ...utf16(text, false)).buffer)).toBe(text);
      }),
      runs(200),
    );
  });

  it("removes one mark, not two", () => {
    expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 65))).toBe("\ufeffA");
  });

  it.each([
    ["bytes that are no UTF-8", [65, 0xff], "x.json is not text in UTF-8. Save it as UTF-8."],
    ["half a character of UTF-16", [0xff, 0xfe, 65], "x.json is not text in UTF-16LE. Save it as UTF-8."],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => textOf(Uint8Array.from(bytes), "x.json")).toThrow(InputError);
    expect(() => textOf(Uint8Array.from(bytes), "x.json")).toThrow(message);
  });

  it.each([
    ["a path", "x.json", '[textOf] "x.json" is not the bytes of a file. Pass what is in the file'],
    ["a Blob", new Blob([]), "[textOf] a Blob is not the bytes of a file. Pass `await blob.arrayBuffer()`."],
    ["a promise", Promise.resolve(), "[textOf] a Promise is not the bytes of a file. Await it first."],
    ["numbers", [1, 2], "[textOf] [1,2] is not the bytes of a file. Pass `Uint8Array.from(numbers)`."],
    ["nothing", undefined, "[textOf] undefined is not the bytes of a file. Pass a Uint8Array or an ArrayBuffer."],
  ])("gives the cure for %s", (_, value, message) => {
    expect(() => textOf(value as never)).toThrow(TypeError);
    expect(() => textOf(value as never)).toThrow(message);
  });
});

describe("parseJson", () => {
  it("gives what JSON.parse gives", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }),
        fc.constantFrom(undefined, 2),
        (value, space) => {
          const text = JSON.stringify(value, undefined, space);
          expect(parseJson(text)).toEqual(JSON.parse(text));
        },
      ),
      runs(500),
    );
  });

  it.each([
    ["what is no JSON", "{'a': 1}", "is not JSON"],
    ["a name twice", '{"a": 1, "b": {"a": 1}, "a": 2}', 'has "a" twice in one object'],
    ["a name twice, once escaped", '[{"a":1,"\\u0061" :2}]', 'has "a" twice in one object'],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}', 'has "__proto__" twice in one object'],
    ["a name twice after a string that looks like one", '{"}{\\"":1,"}{\\"":1}', 'has "}{\\"" twice in one object'],
    ["a million lists in each other", "[".repeat(1e6) + "]".repeat(1e6), "nests more than 100 lists and objects"],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseJson(text, "x.json")).toThrow(InputError);
    expect(() => parseJson(text, "x.json")).toThrow(`x.json ${message}`);
  });

  it("accepts the same name in several objects, and a depth of 100", () => {
    expect(parseJson('[{"a":1},{"a":{"a":"a"}}]')).toEqual([{ a: 1 }, { a: { a: "a" } }]);
    expect(() => parseJson("[".repeat(100) + "]".repeat(100))).not.toThrow();
    expect(() => parseJson("[".repeat(101) + "]".repeat(101))).toThrow("nests more than 100");
  });
});
