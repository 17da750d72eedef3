// A rule as a file: it comes back to the bit, and every other file is refused in a sentence that names it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, Key } from "../../src/index.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.js";
import { decodeRule, defaultTrainConfig, encodeRule, type RuleFile, valuesOf } from "../../src/meta/index.js";
import { initialRule, presets } from "../../src/plasticity/index.js";

const names = Object.keys(presets) as (keyof typeof presets)[];
const sizes = [9, 5, 4];

function fileOf(preset: keyof typeof presets, bias: "none" | "neuron" | "synapse" = "none"): RuleFile {
  const base = defaultTrainConfig(preset);
  const biased = base.plasticity.synapse === "chemical" ? bias : "none";
  const config = { ...base, hidden: [5], plasticity: { ...base.plasticity, bias: biased } } as const;
  const first = valuesOf(initialRule(config.plasticity, sizes));
  let at = 0;
  const rule = Object.fromEntries(
    Object.entries(first).map(([part, leaves]) => [
      part,
      leaves.map(({ shape, data }) => ({ shape, data: data.map(() => Key.of(1).uniform(at++) - 0.5) })),
    ]),
  ) as unknown as RuleFile["rule"];
  return { config, sizes, rule };
}

describe("a rule's file", () => {
  it.each(names)("gives back configuration and numbers: %s", (preset) => {
    for (const bias of ["none", "neuron", "synapse"] as const) {
      const file = fileOf(preset, bias);
      expect(decodeRule(encodeRule(file))).toEqual(file);
    }
  });

  const good = encodeRule(fileOf("rcn"));
  const { tensors, metadata } = decodeSafetensors(good);
  const changed = (about: Record<string, string>, more: typeof tensors = {}): Uint8Array =>
    encodeSafetensors({ ...tensors, ...more }, { ...metadata, ...about });

  it.each([
    [changed({ format: "2" }), /rule\.x has format "2", this version reads format 1\. Use the version/],
    [changed({ kind: "other" }), /rule\.x is no rule/],
    [encodeSafetensors({}, { episodes: "3", format: "1" }), /is the checkpoint of a run. Give the run's folder/],
    [changed({ sizes: "[9,1e99]" }), /has layers of \[9,1e\+99\] units/],
    [changed({ sizes: '"9"' }), /has layers of/],
    [changed({ config: "{" }), /the configuration in rule\.x is not JSON/],
    [changed({ config: metadata.config.replace('"rcn"', '"rcn","news":1') }), /no field .*news/],
    [changed({}, { "rule.K.0": { shape: [2], data: new Float32Array(2) } }), /has \[2\] as K, but .* needs \[2, 2\]/],
    [changed({}, { "rule.K.1": { shape: [2], data: new Float32Array(2) } }), /as K/],
    [changed({}, { more: { shape: [2], data: new Float32Array(2) } }), /1 tensors that are no part/],
    [changed({}, { "rule.v.0": { shape: [2], data: Float32Array.of(1, Number.NaN) } }), /holds the number NaN/],
    [changed({}, { "rule.v.0": { shape: [2], data: Float64Array.of(1, 2) } }), /other numbers than float32/],
  ])("of another kind, version or shape is refused in a sentence: %#", (bytes, sentence) => {
    expect(() => decodeRule(bytes, "rule.x")).toThrow(sentence);
    expect(() => decodeRule(bytes, "rule.x")).toThrow(InputError);
  });

  it("that is damaged is refused, or gives a rule of the same shapes", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = good.slice();
        bytes[at] ^= by;
        try {
          expect(decodeRule(bytes).rule.P[0].shape).toEqual([2, 7]);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is not made of numbers that do not belong to the configuration", () => {
    const file = fileOf("rcn");
    expect(() => encodeRule({ ...file, rule: { ...file.rule, v: [] } })).toThrow(/the rule has nothing as v/);
  });
});
