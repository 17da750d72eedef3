// The learners of the study, and how one of them is followed along its stream.
import { Key, scope } from "../../core/index.js";
import { type Examples, imagesOf, subset } from "../../nn/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import { type Epoch, firstParams, type Learner, learn, networkOf, type Stream } from "./learner.js";

/** One learner, and how long it learns. */
export interface ShiftConfig {
  /** Images of an epoch. */
  readonly samples: number;
  readonly epochs: number;
  /** The learner's name in the study. */
  readonly arm: Arm;
  readonly learner: Learner;
}

/** The results of one learner. */
export interface ShiftRow {
  readonly epochs: readonly Epoch[];
  /** Whether each decision left the rate as it was or changed it by exactly one step, or less where it reached 1e-8. */
  readonly sound: boolean;
}

/** The first learning rate of the authors' code, and a constant rate that was tuned. */
const [RATE, TUNED] = [0.001, 0.03];

/** The learners by name, without the shifts of their stream. */
export const arms = {
  constant: { regulation: "constant", rate: RATE, step: RATE, memory: 100, decides: "last" },
  homeostatic: { regulation: "homeostatic", rate: RATE, step: RATE, memory: 100, decides: "last" },
  random: { regulation: "random", rate: RATE, step: RATE, memory: 100, decides: "last" },
  tuned: { regulation: "constant", rate: TUNED, step: RATE, memory: 100, decides: "last" },
  "as released": { regulation: "homeostatic", rate: RATE, step: RATE / 10, memory: 20, decides: "first" },
  "random as released": { regulation: "random", rate: RATE, step: RATE / 10, memory: 20, decides: "first" },
} satisfies Readonly<Record<string, Omit<Learner, "every">>>;
/** The name of a learner. */
export type Arm = keyof typeof arms;

/** The kinds of streams: after how many samples two labels are exchanged; null for never. */
export const SHIFTS: readonly (number | null)[] = [null, 2000, 500];
/** The learners of a kind of stream: `all` of them, or the controls only where labels shift most. */
export const armsOf = (every: number | null, all: boolean): Arm[] =>
  all || every === 500 ? (Object.keys(arms) as Arm[]) : ["constant", "homeostatic"];

/** The widths of the hidden layers, as in the authors' code. */
const HIDDEN = [80, 60];
/** At most one image in so many is used for testing. */
const TEST_SHARE = 6;

/** The stream of a seed: images in a fixed random order, and others to test with. */
async function streamOf({ data, seed, config }: Cell<ShiftConfig>, context: Context): Promise<Stream> {
  const images = await context.open(data!);
  const examples = imagesOf(images);
  const labels = new Array<number>(examples.count);
  images.byClass.forEach((own, label) => {
    for (const i of own) labels[i] = label;
  });
  const order = Key.of(seed).fold(0).permutation(examples.count);
  const forTest = Math.min(2000, Math.floor(examples.count / TEST_SHARE));
  const part = (from: number, size: number): [Examples, number[]] => {
    const indices = order.slice(from, from + size);
    return [subset(examples, indices), indices.map((i) => labels[i])];
  };
  const [test, testClasses] = part(0, forTest);
  const [train, classes] = part(forTest, config.samples);
  return { train, classes, test, testClasses, count: images.classes };
}

/** Follows one learner along its stream. */
export async function follow(cell: Cell<ShiftConfig>, context: Context): Promise<ShiftRow> {
  const { config, seed } = cell;
  const { learner, epochs } = config;
  const stream = await streamOf(cell, context);
  const [, weightKey, key] = Key.of(seed).split(3);
  const net = networkOf([stream.train.shape.reduce((a, b) => a * b), ...HIDDEN, stream.count]);
  const first = scope(() => firstParams(net, weightKey));
  const rows: Epoch[] = [];
  let [rate, sound] = [learner.rate, true];
  const trace = (next: number): void => {
    sound &&= [rate, rate + learner.step, Math.max(1e-8, rate - learner.step)].includes(next) && next >= 1e-8;
    rate = next;
  };
  for (const epoch of learn(net, first, stream, learner, { epochs, key, trace })) {
    if (epoch) rows.push(epoch);
    context.progress(rows.length / epochs, `${config.arm}, seed ${seed}`);
    await yieldToEvents();
    if (context.signal.aborted) throw new Stopped();
  }
  return { epochs: rows, sound };
}
