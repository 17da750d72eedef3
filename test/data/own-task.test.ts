// Tasks of a program's own: what they draw is what is learned from, and what is odd in it is named.
import { describe, expect, it } from "vitest";
import {
  defineTask,
  noImages,
  type OwnTask,
  ownTasks,
  regressionShape,
  sampleRegression,
} from "../../src/data/index.js";
import { Key, random, tensor } from "../../src/index.js";
import { defaultTrainConfig, parseTrainConfig, train } from "../../src/meta/index.js";
import { withTask } from "../../src/meta/internal.js";

const task = (name: string, change: Partial<OwnTask> = {}): OwnTask => ({
  ...{ name, summary: "sines, once more", inputs: 2, outputs: 1, shots: 6, queries: 3 },
  draw: (key, { steps, queries }) => sampleRegression({ kind: "sinusoid" }, key, steps, queries),
  ...change,
});

const drawn = (name: string) => () => sampleRegression({ kind: "own", name }, Key.of(3), 6, 3);

describe("a task of a program's own", () => {
  it("that draws what a task of the package draws is learned with the same bits", async () => {
    defineTask(task("sines"));
    expect(ownTasks().map(({ name }) => name)).toContain("sines");
    expect(regressionShape({ kind: "own", name: "sines" })).toEqual({ inputs: 2, outputs: 1 });
    const base = { ...withTask(defaultTrainConfig("rcn"), "sines"), hidden: [4], episodes: 3, metaBatch: 1 };
    expect(base).toMatchObject({ task: { kind: "own", name: "sines" }, shots: 6, queries: 3, ways: 1 });
    expect(parseTrainConfig(JSON.parse(JSON.stringify(base)))).toEqual(base);
    const own = await train(noImages, base, { workers: 1 });
    const built = await train(noImages, { ...base, task: { kind: "sinusoid" } }, { workers: 1 });
    expect(own.ruleHash).toBe(built.ruleHash);
  });

  it("may give lists, arrays and tensors", () => {
    const lists = (key: Key, { steps, queries }: { steps: number; queries: number }) => ({
      inputs: random.uniform(key, [steps, 2]),
      targets: new Float64Array(steps).fill(0.5),
      queryInputs: Array.from({ length: 2 * queries }, (_, i) => i),
      queryTargets: tensor(new Array(queries).fill(1)),
    });
    defineTask(task("lists", { draw: lists as OwnTask["draw"] }));
    const { inputs, targets, queryInputs, queryTargets } = drawn("lists")();
    expect([...inputs]).toEqual([...random.uniform(Key.of(3), [6, 2]).data()]);
    expect([targets, queryInputs, queryTargets].map((part) => [...part])).toEqual([
      [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      [0, 1, 2, 3, 4, 5],
      [1, 1, 1],
    ]);
  });

  it.each<[string, Partial<Record<string, unknown>>, RegExp]>([
    ["few", { targets: [1, 2] }, /`targets` of the task few has 2 numbers\. Give 6\./],
    ["none", { queryInputs: undefined }, /`queryInputs` of the task none is undefined\. Give 6\./],
    ["words", { targets: ["a", 1, 1, 1, 1, 1] }, /`targets` of the task words has "a" at 0\. Give finite numbers\./],
    ["infinite", { queryTargets: [1, Infinity, 2] }, /`queryTargets` of the task infinite has Infinity at 1/],
  ])("that draws odd numbers is named: %s", (name, odd, said) => {
    const draw: OwnTask["draw"] = (key, counts) => ({ ...task(name).draw(key, counts), ...odd }) as never;
    defineTask(task(name, { draw }));
    expect(drawn(name)).toThrow(said);
  });

  it("is refused if it is none, and where its name is taken or unknown", () => {
    defineTask(task("once"));
    expect(() => defineTask(task("once"))).toThrow(/a task is called "once" already/);
    expect(() => defineTask(task("no name"))).toThrow(/`name` is "no name"\. Give letters/);
    expect(() => defineTask(task("nothing", { inputs: 0 }))).toThrow(/`inputs` is 0\. Give a whole number/);
    expect(() => defineTask({} as never)).toThrow(TypeError);
    expect(drawn("nowhere")).toThrow(/no task is called "nowhere" here\. Call defineTask first, or .* --module/);
    const unknown = { ...withTask(defaultTrainConfig("rcn"), "once"), task: { kind: "own", name: "nowhere" } };
    expect(() => parseTrainConfig(unknown)).toThrow(/config\.json: no task is called "nowhere" here/);
  });
});
