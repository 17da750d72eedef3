import { describe, expect, it } from "vitest";
import { type RegressionKind, regressionShape, sampleRegression } from "../../src/data/index.js";
import { InputError, Key, memory } from "../../src/index.js";

const two: RegressionKind & { kind: "two-timescale" } = {
  kind: "two-timescale",
  inputs: 3,
  outputs: 2,
  segment: [4, 7],
  fast: 0.5,
};
const kinds: RegressionKind[] = [{ kind: "sinusoid" }, { kind: "teacher", inputs: 3, outputs: 2, width: 5 }, two];
const power = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, x) => sum + x * x, 0) / values.length;

describe.each(kinds)("the task $kind", (kind) => {
  const { inputs, outputs } = regressionShape(kind);

  it("has the sizes that it states, and is a function of its key", () => {
    const before = memory.stats().live;
    const task = sampleRegression(kind, Key.of(3), 20, 7);
    expect(task.inputs).toHaveLength(20 * inputs);
    expect(task.targets).toHaveLength(20 * outputs);
    expect(task.queryInputs).toHaveLength(7 * inputs);
    expect(task.queryTargets).toHaveLength(7 * outputs);
    expect(sampleRegression(kind, Key.of(3), 20, 7)).toEqual(task);
    expect(sampleRegression(kind, Key.of(4), 20, 7).targets).not.toEqual(task.targets);
    expect(memory.stats().live).toBe(before);
  });

  it("asks about new inputs; more queries do not change what is shown", () => {
    const [few, many] = [1, 9].map((queries) => sampleRegression(kind, Key.of(3), 20, queries));
    expect(many.targets).toEqual(few.targets);
    expect(few.queryInputs).not.toEqual(few.inputs.subarray(0, inputs));
  });
});

describe("sampleRegression", () => {
  it("draws sines as in the paper, scaled by five", () => {
    for (let seed = 0; seed < 20; seed++) {
      const key = Key.of(seed);
      const { inputs, targets } = sampleRegression({ kind: "sinusoid" }, key, 30, 1);
      const teacher = key.split(3)[0];
      const [amplitude, phase] = [0.1 + 4.9 * teacher.uniform(0), Math.PI * teacher.uniform(1)];
      targets.forEach((t, i) => {
        const x = inputs[2 * i];
        expect(Math.abs(x)).toBeLessThanOrEqual(1);
        expect(inputs[2 * i + 1]).toBe(1);
        expect(t).toBeCloseTo((amplitude * Math.sin(5 * x + phase)) / 5, 5);
      });
    }
  });

  it.each(kinds.slice(1))("has targets and inputs of variance 1: $kind", (kind) => {
    const tasks = Array.from({ length: 400 }, (_, seed) => sampleRegression(kind, Key.of(seed), 25, 1));
    expect(Math.abs(power(tasks.flatMap(({ targets }) => [...targets])) - 1)).toBeLessThan(0.1);
    expect(Math.abs(power(tasks.flatMap(({ inputs }) => [...inputs])) - 1)).toBeLessThan(0.05);
  });

  it("changes the fast part after segments of the given lengths, and never the slow part", () => {
    const kind = { ...two, inputs: 1, outputs: 1 };
    const lengths = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const task = sampleRegression(kind, Key.of(seed), 60, 2);
      // One number times the input: the factor is the teacher.
      const teachers = Array.from(task.targets, (t, i) => t / task.inputs[i]);
      const starts = teachers.flatMap((a, i) => (i === 0 || Math.abs(a - teachers[i - 1]) > 1e-4 ? [i] : []));
      for (let i = 1; i < starts.length; i++) lengths.add(starts[i] - starts[i - 1]);
      expect(task.queryTargets[0] / task.queryInputs[0]).toBeCloseTo(teachers[59], 4);
      const slow = Array.from(task.slowTargets ?? [], (t, i) => t / task.queryInputs[i]);
      expect(slow[0]).toBeCloseTo(slow[1], 4);
    }
    expect([...lengths].sort()).toEqual([4, 5, 6, 7]);
  });

  it("gives the fast part its share of the variance", () => {
    const differences = (fast: number): number[] =>
      Array.from({ length: 400 }, (_, seed) => sampleRegression({ ...two, fast }, Key.of(seed), 8, 5)).flatMap((task) =>
        Array.from(task.queryTargets, (t, i) => t - (task.slowTargets ?? [])[i]),
      );
    expect(Math.abs(power(differences(0.2)) - 0.2)).toBeLessThan(0.03);
    expect(power(differences(0))).toBe(0);
  });

  it.each<[RegressionKind, string]>([
    [{ ...two, inputs: 0 }, "inputs is 0. Give a whole number"],
    [{ ...two, segment: [0, 3] }, "the shortest segment is 0"],
    [{ ...two, segment: [5, 3] }, "segments have 5 to 3 steps"],
    [{ ...two, fast: -1 }, "fast is -1. Give a share from 0 to 1"],
    [{ kind: "teacher", inputs: 2, outputs: 1.5, width: 3 }, "outputs is 1.5"],
    [{ kind: "teacher", inputs: 2, outputs: 1, width: 0 }, "width is 0"],
    [
      { kind: "sine" } as never,
      'no regression task is called "sine". Use one of sinusoid, teacher, two-timescale, own.',
    ],
    [{ kind: "toString" } as never, 'no regression task is called "toString"'],
  ])("refuses %j", (kind, message) => {
    expect(() => sampleRegression(kind, Key.of(0), 5, 5)).toThrow(InputError);
    expect(() => sampleRegression(kind, Key.of(0), 5, 5)).toThrow(message);
  });
});
