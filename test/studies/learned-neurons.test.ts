// The images of learned-neurons: which of them become trains, and what is refused.
import { describe, expect, it } from "vitest";
import { InputError, Key } from "../../src/core/index.js";
import { type Dataset, dataset } from "../../src/data/index.js";
import { tasks } from "../../src/studies/learned-neurons/tasks.js";

/** `each` images of every class, of which those of class c have ink c / 10 everywhere. */
function digits(each: number, classes = 10, side = 8, channels = 1): Dataset {
  const labels = Array.from({ length: each * classes }, (_, i) => i % classes);
  const size = side * side * channels;
  const pixels = Float32Array.from({ length: labels.length * size }, (_, i) => labels[Math.floor(i / size)] / 10);
  return dataset("ours", pixels, Uint8Array.from(labels), side, side, { channels });
}

describe("pairs of images", () => {
  it("become trains whose rate is that of the ink, alike for both classes in number", () => {
    for (const name of ["1 or 7", "3 or 8", "4 or 9"] as const) {
      const told = name.split(" or ").map(Number);
      const task = tasks[name].of(digits(6), 2);
      const { x, classes } = task.draw(Key.of(1), 40, "test");
      expect(x.shape).toEqual([40, task.steps, 4]);
      expect(classes.filter((each) => each === 1)).toHaveLength(20);
      const rates = Array.from(x.mean([1, 2]).data());
      for (const each of [0, 1]) {
        const of = rates.filter((_, i) => classes[i] === each);
        const mean = of.reduce((sum, rate) => sum + rate, 0) / of.length;
        expect(Math.abs(mean - (0.4 * told[each]) / 10)).toBeLessThan(0.04);
      }
    }
  });

  it("take colours as inputs of their own", () => {
    expect(tasks["1 or 7"].of(digits(4, 10, 8, 3), 2).inputs).toBe(12);
  });

  it("are refused if a class is missing, has one image, or if squares of pixels do not fit", () => {
    const of = (images: Dataset) => () => tasks["1 or 7"].of(images, 5);
    expect(of(digits(4, 2))).toThrow(/ours has 4 and 0 images of the classes 1 and 7.*Give images of ten digits/);
    expect(of(digits(1))).toThrow(/ours has 1 and 1 images/);
    expect(of(digits(4, 10, 10))).toThrow(/10 by 10 pixels.*multiples of 4/);
    expect(of(digits(4, 2))).toThrow(InputError);
  });
});
