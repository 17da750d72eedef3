import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, random, scope } from "../../src/index.js";
import {
  bootstrap,
  bootstrapCurves,
  COVERAGE,
  compare,
  deviation,
  mean,
  movingAverage,
  prediction,
  quantile,
  resample,
  SEEDS_FOR_CLAIM,
  STUDENT_99,
  signed,
  statistic,
  statisticSpan,
  student,
  verdict,
} from "../../src/studies/statistics.js";

const number = fc.double({ min: -100, max: 100, noNaN: true, noDefaultInfinity: true });
const sample = (minLength = 2, maxLength = 12) => fc.array(number, { minLength, maxLength });
const close = (got: number, wanted: number, within = 1e-9) =>
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(within);

describe("moving averages", () => {
  it("of a straight line lag half a window behind it, once the window is full", () => {
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 30 }), (a, b, window) => {
        const line = Array.from({ length: 60 }, (_, i) => a + b * i);
        movingAverage(line, window).forEach((value, i) => {
          const behind = Math.min(i, window - 1) / 2;
          close(value, a + b * (i - behind), 1e-8);
        });
      }),
    );
  });

  it("give the published statistic: from averages of 20 episodes within 141 to 180, and no other episode", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 180, maxLength: 200 }),
        (values) => {
          // Its definition by weights: an episode counts as often as windows of 20 within the span contain it.
          let [sum, weights] = [0, 0];
          for (let first = 141; first + 19 <= 180; first++) {
            for (let episode = first; episode < first + 20; episode++, weights++) sum += values[episode - 1];
          }
          close(statistic(values), sum / weights);
          const outside = values.map((value, i) => (i < 140 || i >= 180 ? -1e6 : value));
          close(statistic(outside), sum / weights);
        },
      ),
      { numRuns: 50 },
    );
    expect(statisticSpan(180)).toEqual({ from: 141, to: 180 });
  });

  it("use the last quarter for shorter runs, and one window if that is short", () => {
    expect(statisticSpan(8)).toEqual({ from: 7, to: 8 });
    expect(statisticSpan(1)).toEqual({ from: 1, to: 1 });
    expect(statistic([0.25])).toBe(0.25);
    expect(statistic([9, 9, 9, 9, 9, 9, 1, 2])).toBe(1.5);
  });
});

describe("bootstrap intervals", () => {
  it("agree with a list of all resamples: three values", () => {
    const values = [1, 2, 7];
    const every = values
      .flatMap((a) => values.flatMap((b) => values.map((c) => (a + b + c) / 3)))
      .sort((a, b) => a - b);
    const { mean: middle, low, high } = bootstrap(values, resample(3, 20_000));
    close(middle, 10 / 3);
    // One in 27 resamples is the least value thrice: more than 1 %. So the ends are the extremes.
    expect([low, high]).toEqual([every[0], every[26]]);
  });

  it("have the ends of the exact distribution: four values, two different, by the binomial", () => {
    // Of n draws from {0, 1} with equal odds, the mean's distribution is binomial; n = 20, 1 % quantile 5, 99 % 15.
    const values = Array.from({ length: 20 }, (_, i) => i % 2);
    const { low, high } = bootstrap(values, resample(20, 20_000));
    expect([low, high]).toEqual([5 / 20, 15 / 20]);
  });

  it("lie within the values, contain their mean, shift and scale with them, and are the same each time", () => {
    fc.assert(
      fc.property(sample(), number, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, shift, scale) => {
        const draws = resample(values.length, 500);
        const { mean: middle, low, high, count } = bootstrap(values, draws);
        expect(count).toBe(values.length);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        close(middle, mean(values));
        const moved = bootstrap(
          values.map((v) => shift + scale * v),
          draws,
        );
        close(moved.low, shift + scale * low, 1e-7);
        close(moved.high, shift + scale * high, 1e-7);
        expect(bootstrap(values, draws)).toEqual({ mean: middle, low, high, count });
      }),
      { numRuns: 50 },
    );
  });

  it("approach the normal interval for many values", () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 20) / 20);
    const { mean: middle, low, high } = bootstrap(values);
    const half = (2.326 * deviation(values)) / Math.sqrt(400);
    expect(high - middle).toBeGreaterThan(0.85 * half);
    expect(high - middle).toBeLessThan(1.15 * half);
    expect(middle - low).toBeGreaterThan(0.85 * half);
  });

  it("do not exist for one value, and of equal values are that value", () => {
    expect(bootstrap([3])).toEqual({ mean: 3, low: Number.NaN, high: Number.NaN, count: 1 });
    expect(bootstrap([2, 2, 2, 2])).toMatchObject({ low: 2, high: 2 });
  });

  it("of curves are computed at each position", () => {
    const curves = [
      [1, 5, 9],
      [2, 5, 1],
      [6, 5, 2],
    ];
    const bands = bootstrapCurves(curves);
    expect(bands.map((band) => band.mean)).toEqual([3, 5, 4]);
    expect(bands[1]).toMatchObject({ low: 5, high: 5 });
    expect(bands[0]).toEqual(
      bootstrap(
        curves.map(([first]) => first),
        resample(3, 500),
      ),
    );
  });
});

describe("Student's quantiles", () => {
  /** The distribution function's complement at t, by Simpson's rule on x = tan u, where the density is a cosine power. */
  function above(t: number, degrees: number): number {
    const steps = 20_000;
    const integral = (from: number, to: number): number => {
      const h = (to - from) / steps;
      let sum = 0;
      for (let i = 0; i <= steps; i++) {
        const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
        sum += weight * Math.cos(from + i * h) ** (degrees - 1);
      }
      return (sum * h) / 3;
    };
    const quarter = Math.PI / 2;
    return integral(Math.atan(t / Math.sqrt(degrees)), quarter) / (2 * integral(0, quarter));
  }

  it("leave one in a hundred above them", () => {
    STUDENT_99.forEach((t, i) => {
      expect(above(t, i + 1)).toBeCloseTo(0.01, 4);
    });
    expect(COVERAGE).toBe(0.98);
  });

  it("give the interval of a worked example", () => {
    // mean 3, deviation sqrt(2.5), n = 5: 3 +- 3.747 * sqrt(0.5)
    const { mean: middle, low, high } = student([1, 2, 3, 4, 5]);
    close(middle, 3);
    close(high - 3, 3.747 * Math.sqrt(0.5), 1e-12);
    close(3 - low, high - 3, 1e-12);
    expect(student([4]).low).toBeNaN();
    // One further value varies about the mean as well: 3 +- 3.747 * sqrt(2.5 * (1 + 1 / 5)).
    const further = prediction([1, 2, 3, 4, 5]);
    close(further.high - 3, 3.747 * Math.sqrt(3), 1e-12);
    close(3 - further.low, 3.747 * Math.sqrt(3), 1e-12);
  });

  it("for one further value contain it as often as they say", () => {
    const [rows, seeds] = [4000, 5];
    const values = scope(() => random.normal(Key.of(0), [rows, seeds + 1], { std: 3 }).data());
    let held = 0;
    for (let row = 0; row < rows; row++) {
      const [further, ...known] = values.subarray(row * (seeds + 1), (row + 1) * (seeds + 1));
      const { low, high } = prediction(known);
      if (low <= further && further <= high) held++;
    }
    // 98 % of 4,000, give or take four standard deviations.
    expect(Math.abs(held / rows - COVERAGE)).toBeLessThan(0.009);
    expect(prediction([4]).low).toBeNaN();
  });
});

describe("comparisons", () => {
  it("claim nothing if an interval touches zero or seeds are few, and the same with the sides swapped", () => {
    fc.assert(
      fc.property(sample(1, 9), fc.array(number, { minLength: 9, maxLength: 9 }), (first, others) => {
        const second = others.slice(0, first.length);
        const forward = compare(first, second);
        const back = compare(second, first);
        expect(back.claim + forward.claim).toBe(0);
        close(back.difference.mean, -forward.difference.mean);
        const { difference, student: normal, claim } = forward;
        const oneSided =
          [difference, normal].every(({ low }) => low > 0) || [difference, normal].every((e) => e.high < 0);
        expect(claim !== 0).toBe(first.length >= SEEDS_FOR_CLAIM && oneSided);
        const text = verdict("a", "b", forward);
        expect(/above|below/.test(text)).toBe(claim !== 0);
        expect(text.startsWith("no claim")).toBe(claim === 0);
      }),
      { numRuns: 200 },
    );
  });

  it("use the pairing of seeds: they find a small steady gain in a large spread", () => {
    const base = [0.1, 0.9, 0.4, 0.7, 0.2];
    const gain = [0.05, 0.06, 0.05, 0.04, 0.05];
    const better = base.map((value, i) => value + gain[i]);
    const paired = compare(better, base);
    expect(paired.claim).toBe(1);
    expect(paired.larger).toBe(5);
    expect(verdict("A", "B", paired)).toBe("A is above B by 0.050");
    // Against another order of the seeds the same values say nothing.
    expect(compare(better, [0.9, 0.4, 0.7, 0.2, 0.1]).claim).toBe(0);
  });

  it("say why there is no claim", () => {
    expect(verdict("A", "B", compare([1], [0]))).toBe("no claim: one seed is too few");
    expect(verdict("A", "B", compare([1, 2, 3], [0, 1, 1]))).toBe("no claim: 3 seeds are too few");
    const text = verdict("A", "B", compare([1, 0, 1, 0, 1], [0, 1, 0, 1, 0]));
    expect(text).toBe("no claim: an interval contains zero");
  });

  it("refuse what cannot be paired", () => {
    expect(() => compare([1, 2], [1])).toThrow("[compare] 2 and 1 values cannot be paired.");
    expect(() => compare([], [])).toThrow("cannot be paired");
  });

  it("are shown with signs", () => {
    expect([signed(0.0123), signed(-0.5), signed(-0.0001), signed(0)]).toEqual([
      "+0.012",
      "−0.500",
      "+0.000",
      "+0.000",
    ]);
  });
});

describe("quantiles", () => {
  it("are interpolated linearly between the values", () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([1, 2, 3], 1)).toBe(3);
    expect(quantile([4], 0.3)).toBe(4);
  });
});
