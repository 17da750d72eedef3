// Addresses: what is shared comes back to the bit, and no address, however made, does harm or gets past the checks.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/index.js";
import { presets } from "../../src/plasticity/index.js";
import { checkSetup, initialValues, type Setup, setupOf, stepsOf } from "../../src/play/setup.js";
import { addressOf, sharedIn } from "../../src/play/share.js";
import { small } from "./setups.js";

const names = Object.keys(presets) as (keyof typeof presets)[];

/** Lives of every preset with numbers of any kind. */
const shared = fc
  .record({
    preset: fc.constantFrom(...names),
    seed: fc.maxSafeNat(),
    hidden: fc.array(fc.integer({ min: 1, max: 32 }), { maxLength: 4, size: "max" }),
    shots: fc.integer({ min: 1, max: 100 }),
    at: fc.integer({ min: 0, max: 100 }),
    numbers: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 9 }),
  })
  .map(({ preset, numbers, at, ...rest }) => {
    const setup: Setup = { ...small(preset), ...rest };
    const first = initialValues(setup);
    const rule = Object.fromEntries(
      Object.entries(first).map(([part, leaves]) => [
        part,
        leaves.map(({ shape, data }) => ({ shape, data: data.map((_, i) => numbers[i % numbers.length]) })),
      ]),
    );
    const whole = { ...setup, rule } as unknown as Setup;
    return { setup: whole, at: Math.min(at, stepsOf(whole)) };
  });

describe("an address", () => {
  it("gives back the life that was shared, to the bit", () => {
    fc.assert(
      fc.property(shared, (life) => {
        expect(sharedIn(addressOf(life))).toEqual(life);
      }),
    );
  });

  it("is short for a life that somebody only chose", () => {
    expect(addressOf({ setup: setupOf("rcn"), at: 12 }).length).toBeLessThan(200);
  });

  it("of any text ends in a sentence or in a life that can run", () => {
    const good = addressOf({ setup: small(), at: 3 });
    const damaged = fc
      .tuple(fc.nat(good.length), fc.nat(20), fc.string({ unit: "binary", maxLength: 20 }))
      .map(([at, cut, put]) => good.slice(0, at) + put + good.slice(at + cut));
    const pairs = fc
      .array(
        fc.tuple(fc.constantFrom("seed", "shots", "hidden", "at", "c", "set", "P", "b", "__proto__"), fc.string()),
        {
          maxLength: 9,
        },
      )
      .map((list) => `play=1&${new URLSearchParams(list)}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), damaged, pairs), (text) => {
        try {
          const { setup, at } = sharedIn(text);
          checkSetup(setup);
          expect(at).toBeLessThanOrEqual(stepsOf(setup));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toMatch(/\.$/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  const usual = addressOf({ setup: setupOf("bio"), at: 0 });
  const changed = (name: string, value: string): string => {
    const fields = new URLSearchParams(usual);
    fields.set(name, value);
    return fields.toString();
  };
  it.each([
    ["", /names no version/],
    [changed("play", "2"), /is of version "2", and this page reads 1/],
    [changed("shots", "1e9"), /"1e9" as shots; it takes a whole number from 1 to 100/],
    [changed("hidden", "9999999"), /widths of hidden layers/],
    [changed("hidden", "9.9.9.9.9.9"), /number of hidden layers is 5/],
    [changed("set", '{"chemicals":1000000,"synapse":"chemical"}'), /number of chemicals is 1000000/],
    [changed("set", '{"synapse":"constructor"}'), /no synapse is called/],
    [changed("set", `${"[".repeat(5000)}`), /./],
    [changed("set", '{"head":"linear","inputGate":"one"}'), /for regression/],
    [changed("c", "g1"), /number of characters is 1/],
    [changed("c", "g1.x<script>"), /"x<script>" as character 2/],
    [changed("c", "g1.s!!"), /character 2 is damaged/],
    [changed("P", "AAAA"), /holds 0.75 numbers as P, but its rule has 3/],
    [changed("P", "AACAfwAAAAAAAAAA"), /holds the number Infinity/],
    [changed("evil", "1"), /has "evil" where it should not/],
    [`${usual}&at=3`, /has "at" where it should not/],
    [`play=1&c=${"A".repeat(400_000)}`, /400009 letters/],
  ])("is refused in a sentence: %.300s", (text, sentence) => {
    expect(() => sharedIn(text)).toThrow(sentence);
    expect(() => sharedIn(text)).toThrow(InputError);
  });

  it("does not take a rule with a number for every synapse", () => {
    const base = setupOf("rcn");
    const plasticity = { ...base.plasticity, bias: "synapse" } as const;
    const setup = { ...base, plasticity };
    expect(() => addressOf({ setup: { ...setup, rule: initialValues(setup) }, at: 0 })).toThrow(
      /Save the rule as a file/,
    );
  });
});
