// What the specification demands of spiking studies at their full size, which takes minutes: held against the kept results.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readKept } from "../../docs/studies/ledger.js";
import { judged, studyNamed } from "../../src/studies/index.js";
import { root } from "../meta/fixtures.js";

const claimsOf = (name: string) => judged(studyNamed(name), readKept(name, join(root, "docs/studies")).results);

describe("learned internals (B5)", () => {
  const claims = claimsOf("learned-neurons").filter(({ claim }) => /^(rate|synchrony)-/.test(claim));

  it.each(claims.map((claim) => [claim.claim, claim] as const))("add accuracy over ten seeds: %s", (_, claim) => {
    expect(claim.seeds).toBe(10);
    expect(claim.value).toBeGreaterThan(0);
  });

  it("are claimed to help only where the interval excludes 0, and never by the published size", () => {
    expect(claims.length).toBeGreaterThanOrEqual(8);
    for (const { verdict, low, value } of claims) {
      expect(verdict).toBe(low! > 0 ? "holds" : "open");
      expect(value).toBeLessThan(0.135);
    }
  });
});

it("circuits and neurons of pulses agree at nine of ten points of a grid of biases on whether they are XOR (A9.6)", () => {
  const agreed = claimsOf("flux-quantum-xor").find(({ statement }) => statement.startsWith("Neurons of pulses"));
  expect(agreed?.value).toBeGreaterThanOrEqual(0.9);
  expect(agreed?.verdict).toBe("holds");
});
