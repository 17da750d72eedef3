import { describe, expect, it } from "vitest";
import { constant, cosine, exponential, linear, warmup } from "../../src/optim/index.js";

describe("schedules", () => {
  it("can be constant", () => expect([0, 1, 1000].map(constant(0.1))).toEqual([0.1, 0.1, 0.1]));

  it("can be linear, then constant", () => {
    expect([0, 1, 2, 3, 4, 5].map(linear(1, 0, 4))).toEqual([1, 0.75, 0.5, 0.25, 0, 0]);
  });

  it("can follow half a cosine, to the last bits of a double", () => {
    for (let step = 0; step <= 1000; step++) {
      const wanted = 0.25 + (0.75 * (1 + Math.cos((Math.PI * step) / 1000))) / 2;
      expect(Math.abs(cosine(1, 1000, 0.25)(step) - wanted)).toBeLessThan(1e-15);
    }
    expect(cosine(3, 10)(0)).toBeCloseTo(3, 14);
    expect([10, 11, 1e6].map(cosine(3, 10, 0.5))).toEqual([0.5, 0.5, 0.5]);
  });

  it("can decay by a factor per step, down to a floor", () => {
    for (const step of [0, 1, 2, 17, 1000]) expect(exponential(2, 0.99)(step) / (2 * 0.99 ** step)).toBeCloseTo(1, 12);
    expect([0, 1, 2, 3].map(exponential(1, 0.5, 0.2))).toEqual([1, 0.5, 0.25, 0.2]);
    expect(exponential(1, 0.5)(1e9)).toBe(0);
  });

  it("can warm up from above 0; the next schedule then starts at its own step 0", () => {
    expect([0, 1, 2, 3, 4, 5].map(warmup(4, linear(1, 0, 2)))).toEqual([0.25, 0.5, 0.75, 1, 1, 0.5]);
  });

  it("say what does not fit", () => {
    expect(() => linear(1, 0, 0)).toThrow("[linear] steps is 0: give a whole number of at least 1.");
    expect(() => exponential(1, 0)).toThrow("[exponential] factor is 0: give a number above 0 and at most 1.");
    expect(() => exponential(1, 1.01)).toThrow("[exponential] factor is 1.01");
    expect(exponential(2, 1)(7)).toBe(2);
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => linear(odd, 0, 1)).toThrow(`[linear] from is ${odd}`);
      expect(() => linear(0, odd, 1)).toThrow(`[linear] to is ${odd}`);
      expect(() => cosine(odd, 1)).toThrow(`[cosine] from is ${odd}`);
      expect(() => cosine(0, 1, odd)).toThrow(`[cosine] to is ${odd}`);
      expect(() => exponential(odd, 1)).toThrow(`[exponential] from is ${odd}`);
      expect(() => exponential(1, 1, odd)).toThrow(`[exponential] floor is ${odd}`);
    }
    expect(() => cosine(1, 0)).toThrow("[cosine] steps is 0");
    expect(warmup(1, constant(2))(0)).toBe(2);
    expect(() => constant(Number.NaN)).toThrow("[constant] rate is NaN: give a finite number.");
    expect(() => constant(1)(-1)).toThrow("[schedule] step -1: give a whole number of at least 0.");
    expect(() => warmup(2.5, constant(1))).toThrow("[warmup] steps is 2.5");
  });
});
