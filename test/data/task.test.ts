import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { Key } from "../../src/core/key.js";
import {
  checkTasks,
  sampleSequence,
  sampleTask,
  splitClasses,
  type Task,
  type TaskOptions,
} from "../../src/data/index.js";
import { counted, spelt } from "./fixtures.js";

const data = counted([...new Array(20).fill(30)]);
const labelOf = (image: number): number => data.byClass.findIndex((own) => own.includes(image));
const lived = (task: Task): number[] => Array.from({ length: task.steps }, (_, i) => spelt(task.images, 4 * i));
const asked = (task: Task): number[] => Array.from({ length: task.queries }, (_, i) => spelt(task.queryImages, 4 * i));

const seeds = fc.nat(0xffff);
const sizes = fc.record({
  ways: fc.integer({ min: 1, max: 4 }),
  shots: fc.integer({ min: 1, max: 15 }),
  queries: fc.integer({ min: 1, max: 15 }),
});

describe("sampleTask, strict", () => {
  const sides = fc.constantFrom("train", "heldout") as fc.Arbitrary<"train" | "heldout">;

  it("draws distinct classes from its split, distinct images, and different images for learning and for queries", () => {
    fc.assert(
      fc.property(seeds, sizes, sides, (seed, size, classes) => {
        const task = sampleTask(data, Key.of(seed), { protocol: "strict", ...size, classes });
        expect(new Set(task.classes).size).toBe(size.ways);
        for (const c of task.classes) expect(splitClasses(20)[classes]).toContain(c);
        const all = [...lived(task), ...asked(task)];
        expect(new Set(all).size).toBe(size.ways * (size.shots + size.queries));
        for (const image of all) expect(task.classes).toContain(labelOf(image));
      }),
    );
  });

  it("gives each class its own output unit, with `shots` images to learn from and `queries` queries", () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, size) => {
        const task = sampleTask(data, Key.of(seed), { protocol: "strict", ...size });
        const unit = new Map(task.classes.map((c) => [c, new Set<number>()]));
        lived(task).forEach((image, i) => {
          unit.get(labelOf(image))?.add(task.labels[i]);
        });
        asked(task).forEach((image, i) => {
          unit.get(labelOf(image))?.add(task.queryLabels[i]);
        });
        const units = [...unit.values()].flatMap((set) => [...set]);
        expect(units).toHaveLength(size.ways);
        expect(new Set(units).size).toBe(size.ways);
        for (const u of units) {
          expect(u).toBeGreaterThanOrEqual(0);
          expect(u).toBeLessThan(20);
          expect(task.labels.filter((l) => l === u)).toHaveLength(size.shots);
          expect(task.queryLabels.filter((l) => l === u)).toHaveLength(size.queries);
        }
      }),
    );
  });

  it("draws output units with a separate key, so that they say nothing about the classes", () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, size) => {
        const task = sampleTask(data, Key.of(seed), { protocol: "strict", ...size });
        const units = Key.of(seed).split(4)[3].permutation(20);
        expect([...task.queryLabels]).toEqual(asked(task).map((image) => units[labelOf(image)]));
      }),
    );
  });

  it("redraws images, units and order in every episode, from all that there are", () => {
    const options = { protocol: "strict", ways: 4, shots: 10, queries: 5 } as const;
    const tasks = Array.from({ length: 200 }, (_, i) => sampleTask(data, Key.of(7).fold(i), options));
    const images = new Set(tasks.flatMap((task) => [...lived(task), ...asked(task)]));
    expect(images.size).toBe(16 * 30); // every image of every training class
    expect(new Set(tasks.flatMap((task) => [...task.labels])).size).toBe(20); // every output unit
    expect(new Set(tasks.map((task) => task.labels.join())).size).toBe(200);
  });
});

describe("sampleTask, faithful", () => {
  it("learns from the first images of a class and uses the next ones as queries, under global labels", () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, { ways, shots, queries }) => {
        const task = sampleTask(data, Key.of(seed), { protocol: "faithful", ways, shots, queries });
        const expected = task.classes.flatMap((c) => [...data.byClass[c].subarray(0, shots)]);
        expect(lived(task).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        expect(asked(task)).toEqual(task.classes.flatMap((c) => [...data.byClass[c].subarray(shots, shots + queries)]));
        expect([...task.labels]).toEqual(lived(task).map(labelOf));
        expect([...task.queryLabels]).toEqual(asked(task).map(labelOf));
      }),
    );
  });

  it("draws with replacement: five of 47 classes are distinct in 80 % of the episodes", () => {
    const wide = counted(new Array(47).fill(2));
    const options = { protocol: "faithful", ways: 5, shots: 1, queries: 1 } as const;
    let distinct = 0;
    for (let i = 0; i < 2000; i++)
      distinct += Number(new Set(sampleTask(wide, Key.of(3).fold(i), options).classes).size === 5);
    // 47 * 46 * 45 * 44 * 43 / 47^5 = 0.803, and three standard deviations of 2000 draws are 0.027.
    expect(Math.abs(distinct / 2000 - 0.803)).toBeLessThan(0.027);
  });
});

describe("sampleTask, both", () => {
  it("depends on the key and on nothing else", () => {
    for (const protocol of ["faithful", "strict"] as const) {
      const options = { protocol, ways: 3, shots: 4, queries: 2 };
      const once = sampleTask(data, Key.of(11), options);
      sampleTask(data, Key.of(12), options);
      expect(sampleTask(data, Key.of(11), options)).toEqual(once);
      expect(sampleTask(data, Key.of(12), options)).not.toEqual(once);
    }
  });

  it("shuffles the order of learning and gives pixels as byte / 255 in float32", () => {
    const task = sampleTask(data, Key.of(0), { protocol: "faithful", ways: 4, shots: 10, queries: 1 });
    expect([...task.labels]).not.toEqual([...task.labels].sort((a, b) => a - b));
    const image = lived(task)[0];
    expect(task.images[0]).toBe(Math.fround((image & 255) / 255));
    expect([task.steps, task.queries, task.pixels]).toEqual([40, 4, 4]);
  });

  it("never draws a label that no image bears", () => {
    const gaps = counted([0, 5, 0, 5, 5, 0, 5, 5, 5, 5]);
    for (let i = 0; i < 100; i++) {
      const task = sampleTask(gaps, Key.of(i), { protocol: "faithful", ways: 5, shots: 3, queries: 2 });
      for (const c of task.classes) expect(gaps.byClass[c].length).toBe(5);
    }
  });
});

describe("splitClasses", () => {
  it("is a partition with a fifth held out", () => {
    for (const count of [1, 2, 3, 5, 8, 9, 10, 13, 26, 47, 48, 62, 64]) {
      const { train, heldout } = splitClasses(count);
      expect([...train, ...heldout].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      // To the nearest whole number: 2 classes of 8, not 1; no fifth of a whole number ends in a half.
      expect(Math.abs(heldout.length - count / 5)).toBeLessThan(0.5);
    }
  });

  it("never changes, because old rules would then be tested on classes that they were trained on", () => {
    expect(splitClasses(47).heldout).toEqual([2, 16, 17, 18, 25, 27, 34, 35, 43]);
    expect(splitClasses(10).heldout).toEqual([2, 3]);
  });
});

describe("checkTasks", () => {
  const good = { protocol: "strict", ways: 3, shots: 4, queries: 2 } as const;
  const { train, heldout } = splitClasses(10);
  const poorIn = (c: number) =>
    counted(
      Array.from({ length: 10 }, (_, i) => (i === c ? 5 : 6)),
      "poor",
    );

  it("accepts valid options, up to the last image", () => {
    expect(() => checkTasks(counted(new Array(10).fill(6)), good)).not.toThrow();
  });

  it("counts only classes that can be drawn", () => {
    expect(() => checkTasks(poorIn(heldout[0]), good)).not.toThrow();
    expect(() => checkTasks(poorIn(train[0]), { ...good, ways: 2, classes: "heldout" })).not.toThrow();
    expect(() => checkTasks(poorIn(heldout[0]), { ...good, ways: 2, classes: "heldout" })).toThrow(InputError);
    expect(() => checkTasks(poorIn(heldout[0]), { ...good, protocol: "faithful" })).toThrow(InputError);
  });

  it("names the class with too few images, its count, how many are needed, and the cure", () => {
    expect(() => checkTasks(poorIn(train[2]), good)).toThrow(
      `[task] class ${train[2]} of poor has 5 images, but 4 shots and 2 queries need 6. ` +
        "Lower `shots` or `queries`, or use other data.",
    );
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["too many ways", { ways: 9 }, /`ways` 9 is more than the 8 training classes of ten/],
    ["too many held-out ways", { ways: 3, classes: "heldout" }, /`ways` 3 is more than the 2 held-out classes of ten/],
    ["too many faithful ways", { ways: 11, protocol: "faithful" }, /`ways` 11 is more than the 10 classes of ten/],
    ["no way", { ways: 0 }, /`ways` is 0. Make it a whole number/],
    ["half a shot", { shots: 0.5 }, /`shots` is 0.5. Make it a whole number/],
    ["queries that are no number", { queries: Number.NaN }, /`queries` is NaN. Make it a whole number/],
    ["endless shots", { shots: Number.POSITIVE_INFINITY }, /`shots` is Infinity. Make it a whole number/],
    ["an unknown protocol", { protocol: "lax" }, /no protocol is called "lax".*faithful or strict/],
    ["an unknown side", { classes: "test" }, /no classes are called "test"/],
    ["held-out classes under faithful", { protocol: "faithful", classes: "heldout" }, /Use the `protocol` strict/],
  ])("refuses %s", (_, change, message) => {
    const ten = counted(new Array(10).fill(8), "ten");
    const options = { ...good, ...change } as TaskOptions;
    expect(() => checkTasks(ten, options)).toThrow(InputError);
    expect(() => checkTasks(ten, options)).toThrow(message);
    expect(() => sampleTask(ten, Key.of(0), options)).toThrow(message);
  });
});

describe("what may differ from the protocol", () => {
  const options = { protocol: "faithful", ways: 3, shots: 4, queries: 2 } as const;

  it("output units: the same images under other labels, among the units that there are", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 20, max: 47 }), (seed, outputs) => {
        const plain = sampleTask(data, Key.of(seed), options);
        const task = sampleTask(data, Key.of(seed), { ...options, relabel: true, outputs });
        expect(task.images).toEqual(plain.images);
        const unit = new Map(Array.from(plain.labels, (label, i) => [label, task.labels[i]]));
        task.labels.forEach((label, i) => {
          expect(label).toBe(unit.get(plain.labels[i]));
          expect(label).toBeLessThan(outputs);
        });
        task.queryLabels.forEach((label, i) => {
          expect(label).toBe(unit.get(plain.queryLabels[i]));
        });
        expect(new Set(unit.values()).size).toBe(unit.size);
      }),
    );
    const strict = { ...options, protocol: "strict", relabel: false } as const;
    const task = sampleTask(data, Key.of(1), strict);
    lived(task).forEach((image, i) => {
      expect(task.labels[i]).toBe(labelOf(image));
    });
  });

  it("images: without the first ones, which are left out", () => {
    for (const protocol of ["faithful", "strict"] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const task = sampleTask(data, Key.of(seed), { ...options, protocol, skip: 24 });
        for (const image of [...lived(task), ...asked(task)]) {
          expect(data.byClass[labelOf(image)].indexOf(image)).toBeGreaterThanOrEqual(24);
        }
      }
    }
  });

  it.each<[Partial<TaskOptions>, string]>([
    [{ skip: 25 }, "4 shots and 2 queries need 6 after the first 25"],
    [{ skip: -1 }, "-1 images cannot be left out"],
    [{ outputs: 19 }, "19 output units are too few for the 20 classes"],
    [{ outputs: 2, relabel: true }, "2 output units are too few"],
  ])("accepts %j", (change, message) => {
    expect(() => checkTasks(data, { ...options, ...change })).toThrow(InputError);
    expect(() => checkTasks(data, { ...options, ...change })).toThrow(message);
  });
});

describe("sampleSequence", () => {
  it("shows the images of one task with twice the classes, first those of the first half", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom("strict", "faithful"), (seed, protocol) => {
        const options = { protocol, ways: 2, shots: 3, queries: 2 } as const;
        const task = sampleSequence(data, Key.of(seed), options);
        const whole = sampleTask(data, Key.of(seed), { ...options, ways: 4 });
        expect(lived(task).sort()).toEqual(lived(whole).sort());
        expect(asked(task)).toEqual(asked(whole));
        const label = new Map(lived(whole).map((image, i) => [image, whole.labels[i]]));
        lived(task).forEach((image, i) => {
          expect(task.labels[i]).toBe(label.get(image));
        });
        const first = new Set(whole.classes.slice(0, 2));
        lived(task).forEach((image, i) => {
          expect(first.has(labelOf(image))).toBe(i < task.firstSteps);
        });
        if (protocol === "strict") expect(task.firstSteps).toBe(6);
      }),
    );
  });
});
