// What is told apart: trains that differ in their rate, in their synchrony alone, and characters as trains.
import { type Key, scope, type Tensor } from "../../core/index.js";
import { glyphs } from "../../data/index.js";
import { imagesOf } from "../../nn/index.js";
import { add, avgPool, mul, random, reshape, tensor, where } from "../../ops/index.js";
import { bernoulliTrains } from "../../spiking/index.js";

/** Trains [n, steps, inputs] and their classes, 0 or 1. */
export interface Trains {
  readonly x: Tensor;
  readonly classes: readonly number[];
}

/** A task for two classes. */
export interface Task {
  readonly inputs: number;
  readonly steps: number;
  /** Examples, half of each class; those to test with are others than those to learn from. */
  draw(key: Key, count: number, use: "train" | "test"): Trains;
}

const alternating = (count: number): number[] => Array.from({ length: count }, (_, i) => i % 2);

/** The rates of both classes, that of trains which differ in synchrony alone, and the share of spikes from a common train. */
const [RATES, RATE, COMMON] = [[0.1, 0.13], 0.1, 0.35] as const;
const [INPUTS, STEPS] = [8, 100];

const rate: Task = {
  inputs: INPUTS,
  steps: STEPS,
  draw(key, count) {
    const classes = alternating(count);
    const p = tensor(classes.map((each) => new Array<number>(INPUTS).fill(RATES[each])));
    return { x: bernoulliTrains(key, p, STEPS), classes };
  },
};

const synchrony: Task = {
  inputs: INPUTS,
  steps: STEPS,
  draw(key, count) {
    const classes = alternating(count);
    const [ofOwn, ofCommon, ofChoice] = key.split(3);
    const own = random.bernoulli(ofOwn, RATE, [count, STEPS, INPUTS]);
    const common = random.bernoulli(ofCommon, RATE, [count, STEPS, 1]);
    const share = reshape(tensor(classes.map((each) => each * COMMON)), [count, 1, 1]);
    const chosen = random.bernoulli(ofChoice, add(share, mul(own, 0)), [count, STEPS, INPUTS]);
    return { x: where(chosen, add(common, mul(own, 0)), own), classes };
  },
};

/** Pixels along an edge after pooling, steps, spikes per step of ink, and images of a class for learning and for tests. */
const [EDGE, LENGTH, INK, TRAIN, TEST] = [7, 50, 0.4, 40, 40] as const;

/** A pair of classes of the built-in characters, in handwriting of its own. */
function characters(first: number, second: number): Task {
  const pixels: Partial<Record<"train" | "test", Float32Array[][]>> = {};
  const load = (): void => {
    const data = glyphs({ seed: 1, perClass: TRAIN + TEST });
    const examples = imagesOf(data);
    const of = (from: number, count: number): Float32Array[][] =>
      [first, second]
        .map((label) =>
          scope(() => {
            const { x } = examples.batch(Array.from(data.byClass[label].subarray(from, from + count)));
            return tensor(avgPool(x, 4).data(), { shape: [count, EDGE * EDGE] });
          }),
        )
        .map((rows) => Array.from({ length: count }, (_, i) => Float32Array.from(rows.row(i).data())));
    pixels.train = of(0, TRAIN);
    pixels.test = of(TRAIN, TEST);
  };
  return {
    inputs: EDGE * EDGE,
    steps: LENGTH,
    draw(key, count, use) {
      if (!pixels[use]) load();
      const [ofImage, ofTrain] = key.split();
      const classes = alternating(count);
      const rows = classes.map((each, i) => {
        const own = pixels[use]![each];
        return Array.from(own[Math.floor(ofImage.uniform(i) * own.length)], (ink) => INK * ink);
      });
      return { x: bernoulliTrains(ofTrain, tensor(rows), LENGTH), classes };
    },
  };
}

/** All tasks by name. The pairs of characters are 3 and 8, and 4 and 9. */
export const tasks = {
  rate,
  synchrony,
  "3 or 8": characters(3, 8),
  "4 or 9": characters(4, 9),
} as const satisfies Readonly<Record<string, Task>>;
/** The name of a task. */
export type TaskName = keyof typeof tasks;
