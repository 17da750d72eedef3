// What is told apart: trains that differ in their rate, in their synchrony alone, and images as trains.
import { InputError, type Key, scope, type Tensor } from "../../core/index.js";
import type { Dataset } from "../../data/index.js";
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

/** Over how many pixels along each edge ink is averaged, steps, and spikes per step of ink. */
const [POOL, LENGTH, INK] = [4, 50, 0.4] as const;

/**
 * Two classes of images as trains, of which half are learned from and half are tested with.
 *
 * @throws InputError for images without these classes, with a class of one image, or of a size that cannot be averaged over squares.
 */
function pair(images: Dataset, classes: readonly number[], most: number): Task {
  const found = classes.map((label) => images.byClass[label]?.length ?? 0);
  if (Math.min(...found) < 2) {
    throw new InputError(
      `${images.name} has ${found.join(" and ")} images of the classes ${classes.join(" and ")}, which are told apart. Give images of ten digits, with two of each at least.`,
    );
  }
  const examples = imagesOf(images);
  const [rows, columns, channels] = examples.shape;
  if (rows % POOL !== 0 || columns % POOL !== 0) {
    throw new InputError(
      `${images.name} has images of ${rows} by ${columns} pixels, but ink is averaged over squares of ${POOL} by ${POOL}. Give images whose edges are multiples of ${POOL}.`,
    );
  }
  const half = Math.floor(Math.min(2 * most, ...found) / 2);
  const inputs = (rows / POOL) * (columns / POOL) * channels;
  const of = (from: number): number[][][] =>
    classes.map((label) =>
      scope(() => {
        const { x } = examples.batch(Array.from(images.byClass[label].subarray(from, from + half)));
        return reshape(avgPool(x, POOL), [half, inputs]);
      }).toArray(),
    ) as number[][][];
  const pixels = { train: of(0), test: of(half) };
  return {
    inputs,
    steps: LENGTH,
    draw(key, count, use) {
      const [ofImage, ofTrain] = key.split();
      const drawn = alternating(count);
      const rows = drawn.map((each, i) => {
        const own = pixels[use][each];
        return own[Math.floor(ofImage.uniform(i) * own.length)].map((ink) => INK * ink);
      });
      return { x: bernoulliTrains(ofTrain, tensor(rows), LENGTH), classes: drawn };
    },
  };
}

/** How a task is made: of nothing, or of two classes of images. */
interface Made {
  /** The classes of images that it tells apart; none if it needs no images. */
  readonly classes?: readonly number[];
  /** What is told apart, in words. */
  readonly about: string;
  /** The task; of images at most so many of a class to learn from, and as many to test with. */
  of(images: Dataset | undefined, most: number): Task;
}

const digits = (first: number, second: number): Made => ({
  classes: [first, second],
  about: `images of ${first} and ${second}`,
  of: (images, most) => pair(images!, [first, second], most),
});

/** All tasks by name. */
export const tasks = {
  rate: { about: "trains of two rates", of: () => rate },
  synchrony: { about: "trains that differ in synchrony alone", of: () => synchrony },
  "1 or 7": digits(1, 7),
  "3 or 8": digits(3, 8),
  "4 or 9": digits(4, 9),
} as const satisfies Readonly<Record<string, Made>>;
/** The name of a task. */
export type TaskName = keyof typeof tasks;

/** The tasks that need images. */
export const pairs = (Object.keys(tasks) as TaskName[]).filter((name) => "classes" in tasks[name]);
