// Values of flags that stand in no table: what is read is what was written, and the rest is misuse that names the flag.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/cli/failure.js";
import { flagOf, list, text, whole, word } from "../../src/cli/values.js";

/** The refusal of a text; it must name the flag and the text. */
function refusal(read: (given: string) => unknown, flag: string, given: string): string {
  try {
    read(given);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(`${flag} is "${given}"`);
    return (error as Error).message;
  }
  throw new Error(`${flag} took ${given}`);
}

it("the name of a flag has a dash before each word, and leads back to the setting", () => {
  const key = fc.stringMatching(/^[a-z]{1,5}([A-Z][a-z]{0,4}){0,3}$/);
  fc.assert(
    fc.property(key, (name) => {
      const flag = flagOf(name);
      expect(flag).toMatch(/^--[a-z]+(-[a-z]+)*$/);
      expect(flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())).toBe(name);
    }),
  );
});

describe("a value", () => {
  it("is a whole number within its range, both ends included", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(120), (from, more, n) => {
        const read = whole("--tasks", from, from + more);
        if (from <= n && n <= from + more) expect(read(String(n))).toBe(n);
        else expect(refusal(read, "--tasks", String(n))).toContain(String(n < from ? from : from + more));
      }),
    );
    refusal(whole("--tasks", 0, 9), "--tasks", "1.5");
  });

  it("is one of the allowed words, or a text that is not empty", () => {
    const read = word("--scale", ["smoke", "full"]);
    expect(["smoke", "full"].map(read)).toEqual(["smoke", "full"]);
    expect(refusal(read, "--scale", "huge")).toMatch(/smoke or full/);
    expect(text("--out", "a folder")("a b")).toBe("a b");
    expect(refusal(text("--out", "a folder"), "--out", "")).toMatch(/Pass a folder/);
  });

  it("is a list of whole numbers in a range, without repeats if they must differ", () => {
    const options = { from: 1, to: 9, example: "1,5" };
    const [any, distinct] = [list("--shots", options), list("--shots", { ...options, distinct: true })];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 5 }), (numbers) => {
        const given = numbers.join(",");
        const within = numbers.every((n) => 1 <= n && n <= 9);
        if (within) expect(any(given)).toEqual(numbers);
        else expect(refusal(any, "--shots", given)).toContain("9");
        if (within && new Set(numbers).size === numbers.length) expect(distinct(given)).toEqual(numbers);
        else refusal(distinct, "--shots", given);
      }),
    );
  });
});
