import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listed, plain, quote } from "../../src/core/quote.js";
import { runs } from "../laws/settings.js";
import { computed } from "../timing.js";

/** What no message may contain: controls, line breaks, marks of direction, byte-order marks, halves of pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

/** A list in a list in a list, too deep for anything that calls itself. */
function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

describe("quote", () => {
  it("shows short values of JSON as JSON does", () => {
    const short = fc
      .json({ maxDepth: 2 })
      .map((json): unknown => JSON.parse(JSON.stringify(JSON.parse(json)))) // without -0, which JSON shows as 0
      .filter((value) => /^[ -~]{0,80}$/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(short, (value) => {
        expect(quote(value)).toBe(JSON.stringify(value));
      }),
      runs(500),
    );
  });

  it("is short, printable and well-formed for any value", () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true });
    const text = fc.string({ unit: "binary", maxLength: 300, size: "max" });
    fc.assert(
      fc.property(fc.oneof(anything, text), (value) => {
        for (const shown of [quote(value), quote([value, value])]) {
          // An escape is at most six characters long.
          expect(shown.length).toBeLessThan(6 * 80 + 40);
          expect(shown).not.toMatch(HARMFUL);
          expect(() => encodeURIComponent(shown)).not.toThrow(); // no half of a surrogate pair
        }
      }),
      runs(1000),
    );
  });

  it("says if a value was cut, and how long a text is", () => {
    expect(quote("x".repeat(81))).toBe(`"${"x".repeat(80)}"... (81 characters)`);
    expect(quote("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
    expect(quote(Array.from({ length: 100 }, (_, i) => i))).toMatch(/^\[0,1,2,3,.*\.\.\. \(cut\)$/);
    expect(quote({ a: "x".repeat(100), b: 1 })).toMatch(/^\{"a":"x{74}\.\.\. \(cut\)$/);
    expect(quote("\u{1f600}".repeat(50), 3)).toBe('"\u{1f600}"... (100 characters)');
  });

  it("takes no longer than it took to make the value, even if it is huge, deep, or contains itself", () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    expect(quote(circle)).toBe('{"a":1,"self":(itself)}');
    const timed = <T>(f: () => T): [T, number] => {
      const start = computed();
      return [f(), computed() - start];
    };
    const [values, making] = timed(() => [
      deep(1_000_000),
      Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key${i}`, i])),
      "x".repeat(2e7),
      new Array(1e7),
      new Float64Array(1e6),
      7n ** 100_000n,
    ]);
    const [shown, showing] = timed(() => values.map((value) => quote(value)));
    for (const text of shown) expect(text.length).toBeLessThan(120);
    // In one run and not in seconds: a busy machine slows both.
    expect(showing).toBeLessThan(making);
  });

  it("shows each kind", () => {
    const unreadable = {
      get a(): number {
        throw new Error("no");
      },
    };
    expect(
      [undefined, null, true, -0, Number.NaN, 5n, Symbol("s"), () => 1, new Map(), new (class {})(), unreadable].map(
        (v) => quote(v),
      ),
    ).toEqual([
      ...["undefined", "null", "true", "-0", "NaN", "5n", "Symbol(s)", "a function", "a Map", "an object"],
      '{"a":(unreadable)',
    ]);
    expect(quote(runInNewContext("({ a: [1] })"))).toBe('{"a":[1]}');
    expect(quote(Object.create(null))).toBe("{}");
  });

  it("escapes control characters of terminals", () => {
    expect(quote('\u001b[31m"\\\n\u202e\ud800')).toBe('"\\u001b[31m\\"\\\\\\n\\u202e\\ud800"');
  });
});

describe("plain and listed", () => {
  it("leave ordinary names alone, and cut and escape the others", () => {
    expect(plain("/home/ä b/train-images.gz")).toBe("/home/ä b/train-images.gz");
    expect(plain("a\tb\u0007")).toBe("a\\tb\\u0007");
    expect(plain("n".repeat(400))).toBe(`${"n".repeat(300)}... (400 characters)`);
  });

  it("show the first names of a long list", () => {
    expect(listed(["a", "b"])).toBe("a, b");
    expect(listed(Array.from({ length: 1000 }, (_, i) => `n${i}`))).toBe(
      "n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 990 more",
    );
  });
});
