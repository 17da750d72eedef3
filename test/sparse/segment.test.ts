// Bit sets against sets, random patterns against what is expected of them, and segments that run against exact chances.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key } from "../../src/index.js";
import {
  BitSet,
  falseMatch,
  missedMatch,
  Neuron,
  randomPattern,
  Segment,
  sampleOf,
  silenced,
} from "../../src/sparse/index.js";

const twoSets = fc.integer({ min: 1, max: 150 }).chain((size) => {
  const cells = fc.uniqueArray(fc.nat({ max: size - 1 }));
  return fc.tuple(fc.constant(size), cells, cells);
});
const ascending = (cells: Iterable<number>): number[] => [...cells].sort((a, b) => a - b);

describe("bit sets", () => {
  it("behave as sets of numbers", () => {
    fc.assert(
      fc.property(twoSets, ([size, a, b]) => {
        const [x, y] = [BitSet.of(size, a), BitSet.of(size, b)];
        const [inA, inB] = [new Set(a), new Set(b)];
        expect(x.cells()).toEqual(ascending(a));
        expect(x.count).toBe(a.length);
        expect(x.overlap(y)).toBe(a.filter((cell) => inB.has(cell)).length);
        expect(x.union(y).cells()).toEqual(ascending(new Set([...a, ...b])));
        expect(x.without(y).cells()).toEqual(ascending(a).filter((cell) => !inB.has(cell)));
        for (let cell = -1; cell <= size + 32; cell++) expect(x.has(cell)).toBe(inA.has(cell));
        const mask = Array.from({ length: size }, (_, cell) => inA.has(cell));
        expect(BitSet.fromMask(size, mask).words).toEqual(x.words);
      }),
    );
  });

  it("with different numbers of cells, masks of the wrong length and cells out of range are refused", () => {
    const set = BitSet.of(64, [1, 63]);
    expect(() => set.overlap(BitSet.of(65, []))).toThrow(
      /one set has a size of 64 cells and the other of 65\. Make both/,
    );
    expect(() => set.union([1] as never)).toThrow(TypeError);
    expect(() => BitSet.fromMask(64, [true])).toThrow(/the mask has 1 entries, but there are 64 cells/);
    expect(() => BitSet.of(64, [64])).toThrow(/there is no cell 64\. Give whole numbers from 0 to 63/);
    expect(() => BitSet.of(0, [])).toThrow(/`size` is 0/);
  });
});

describe("random patterns", () => {
  it("have as many cells as requested, and are the same for the same key", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), twoSets, (seed, [size, cells]) => {
        const [key, active] = [Key.of(seed), cells.length];
        const pattern = randomPattern(key, size, active);
        expect(pattern.count).toBe(active);
        expect(randomPattern(key, size, active).words).toEqual(pattern.words);
        const part = sampleOf(key, pattern, active >> 1);
        expect(part.count).toBe(active >> 1);
        expect(part.overlap(pattern)).toBe(part.count);
        const rest = silenced(key, pattern, active >> 1);
        expect(rest.union(part).words).toEqual(pattern.words);
        expect(rest.overlap(part)).toBe(0);
      }),
    );
  });

  it("are all equally likely", () => {
    const [trials, counts] = [12_000, new Map<string, number>()];
    for (let i = 0; i < trials; i++) {
      const name = randomPattern(Key.of(7).fold(i), 6, 3).cells().join();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const expected = trials / 20;
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(20);
    expect(chiSquare).toBeLessThan(43.8); // the 99.9th percentile of chi square with 19 degrees of freedom
  });

  it("with more active cells than there are cells are refused", () => {
    expect(() => randomPattern(Key.of(0), 10, 11)).toThrow(/`active` is 11\. Make it a whole number from 0 to `cells`/);
    expect(() => sampleOf(Key.of(0), BitSet.of(10, [1, 2]), 3)).toThrow(/`count` is 3.*the cells of the pattern \(2\)/);
  });
});

describe("segments", () => {
  it("fire exactly if enough of their synapses are active, and a neuron fires if one of its segments does", () => {
    fc.assert(
      fc.property(twoSets, fc.nat({ max: 160 }), ([size, a, b], t) => {
        const [synapses, pattern] = [BitSet.of(size, a), BitSet.of(size, b)];
        const threshold = t % (a.length + 1);
        const segment = new Segment(synapses, threshold);
        const fires = a.filter((cell) => b.includes(cell)).length >= threshold;
        expect(segment.fires(pattern)).toBe(fires);
        const never = new Segment(BitSet.of(size, [size - 1]), 1);
        expect(new Neuron([never, segment]).fires(pattern)).toBe(fires || b.includes(size - 1));
      }),
    );
    expect(new Neuron([]).fires(BitSet.of(3, [0]))).toBe(false);
  });

  it("fire on noise and miss what they learned as often as the exact probabilities say, within 4.5 standard errors", () => {
    const [cells, active, synapses, threshold, dead, trials] = [300, 64, 16, 8, 30, 8000];
    const key = Key.of(11);
    const learned = randomPattern(key.fold(0), cells, active);
    const segment = Segment.learn(key.fold(1), learned, { synapses, threshold });
    let [wrong, missed] = [0, 0];
    for (let i = 0; i < trials; i++) {
      wrong += Number(segment.fires(randomPattern(key.fold(2).fold(i), cells, active)));
      missed += Number(!segment.fires(silenced(key.fold(3).fold(i), learned, dead)));
    }
    const chances = [
      [wrong, falseMatch({ cells, active, synapses, threshold }).toNumber()],
      [missed, missedMatch({ active, synapses, threshold, silenced: dead }).toNumber()],
    ];
    for (const [count, p] of chances) {
      expect(Math.abs(count / trials - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / trials));
    }
  });

  it("recognise every pattern that they have learned", () => {
    const key = Key.of(3);
    const patterns = key.split(5).map((each) => randomPattern(each, 2000, 40));
    const [first, ...others] = patterns;
    const start = Segment.learn(key, first, { synapses: 20, threshold: 12 });
    const segment = others.reduce((grown, pattern, i) => grown.learn(key.fold(100 + i), pattern, 20), start);
    expect(patterns.every((pattern) => segment.fires(pattern))).toBe(true);
    expect(segment.synapses.count).toBeGreaterThan(80);
  });

  it("that could never fire are refused", () => {
    expect(() => new Segment(BitSet.of(9, [1, 2]), 3)).toThrow(/`threshold` is 3, which a segment of 2 synapses never/);
    expect(() => new Segment([1, 2] as never, 1)).toThrow(/`synapses` is \[1,2\]\. Give a BitSet/);
  });
});
