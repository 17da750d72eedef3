// Networks of the papers that learn digits, by equilibrium propagation and by backpropagation through time, at the constants of
// the authors' code.
import { compile } from "../../compile/index.js";
import { advance, Key, leavesOf, type Shape, scope, sizeOf, type Tensor, withLeaves } from "../../core/index.js";
import {
  type ConvolutionalParams,
  continualEquilibriumPropagation,
  convolutionalModel,
  type DrawnModel,
  equilibriumPropagation,
  prototypicalModel,
  type SymmetricLayer,
  unrolledGradient,
} from "../../credit/index.js";
import { ticksOf } from "../../credit/internal.js";
import { type Examples, imagesOf, subset } from "../../nn/index.js";
import { argmax, mul, oneHot, reshape, sub } from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { pause } from "../pause.js";
import { rho } from "./training.js";

/** How a network is trained on digits. */
export interface DigitsConfig {
  /** Which network. */
  readonly network: NetworkName;
  /** The algorithm: equilibrium propagation of the network's kind, or backpropagation through time at the same rates. */
  readonly by: "ep" | "bptt";
  /** Hidden units, or the channels of each group of maps. */
  readonly widths: readonly number[];
  /** Images to learn from, and to test with; fewer if the data has fewer. */
  readonly samples: number;
  readonly tests: number;
  readonly epochs: number;
}

/** The result of a training: the share of test images that are wrong, in per cent, after each epoch. */
export interface DigitsRow {
  readonly digits: readonly number[];
}

type Params = readonly SymmetricLayer[] | ConvolutionalParams;

/** A network, and what it is trained with. */
interface Setting {
  model(images: Shape, widths: readonly number[], classes: number): DrawnModel<Params>;
  /** Whether a network sees images as rows of numbers. */
  readonly flat: boolean;
  /** Ticks of both phases, and the strength of nudging. */
  readonly phases: { readonly free: number; readonly nudged: number };
  readonly beta: number;
  /** The learning rate of each layer, beginning with the one next to the data, for the mean over a batch. */
  readonly rates: readonly number[];
  /** Whether weights move in every tick of the second phase. */
  readonly continual: boolean;
}

const layered = (images: Shape, widths: readonly number[], classes: number): DrawnModel<Params> =>
  prototypicalModel([sizeOf(images), ...widths, classes], rho) as DrawnModel<Params>;

/** By name, as in the papers. */
export const networks = {
  "P-1h": {
    ...{ model: layered, flat: true, phases: { free: 40, nudged: 15 }, beta: 0.1 },
    ...{ rates: [0.08, 0.04], continual: false },
  },
  "C-EP-1h": {
    ...{ model: layered, flat: true, phases: { free: 40, nudged: 15 }, beta: 0.2 },
    ...{ rates: [0.0056, 0.0028], continual: true },
  },
  "P-conv": {
    model: ([height, width, depth], channels, outputs) =>
      convolutionalModel({ input: [height, width, depth], channels, outputs }) as DrawnModel<Params>,
    ...{ flat: false, phases: { free: 200, nudged: 10 }, beta: 0.4 },
    ...{ rates: [0.15, 0.035, 0.015], continual: false },
  },
} satisfies Readonly<Record<string, Setting>>;

/** The name of a network. */
export type NetworkName = keyof typeof networks;

const BATCH = 20;
/** Images that are tested at once. */
const TESTED = 500;

/** What to learn from and what to test with: the set's own test images, or at most a fifth that is held out. */
async function imagesFor({ config, seed, data, test }: Cell<DigitsConfig>, context: Context) {
  const opened = await context.open(data!);
  const all = imagesOf(opened);
  const order = Key.of(seed).fold(1).permutation(all.count);
  const own = test && imagesOf(await context.open(test));
  const held = own ? 0 : Math.min(2000, Math.floor(all.count / 5));
  const tests = Math.min(config.tests, own ? own.count : held);
  return {
    classes: opened.classes,
    shape: all.shape,
    examples: subset(all, order.slice(held, held + config.samples)),
    tested: own ? subset(own, numbers(0, tests)) : subset(all, order.slice(0, tests)),
  };
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Trains a network of the cell's seed. */
export async function trainOnDigits(cell: Cell<DigitsConfig>, context: Context): Promise<DigitsRow> {
  const { network, by, widths, epochs } = cell.config;
  const { flat, phases, beta, rates, continual, ...setting }: Setting = networks[network];
  const { classes, shape, examples, tested } = await imagesFor(cell, context);
  const model = setting.model(shape, widths, classes);
  // Each layer has two parameters, and credit is added up over the batch.
  const rateOf = (leaf: number): number => rates[leaf >> 1] / BATCH;
  const update = compile((params: Params, x: Tensor, target: Tensor): Params => {
    const leaves = leavesOf("digits", params);
    if (continual && by === "ep") {
      const rate = leaves.map((_, i) => rateOf(i));
      return continualEquilibriumPropagation(model, params, x, target, { ...phases, beta, rate }).params;
    }
    const { credit } =
      by === "ep"
        ? equilibriumPropagation(model, params, x, target, { ...phases, beta })
        : unrolledGradient(model, params, x, target, phases);
    return withLeaves(
      params,
      leavesOf("digits", credit).map(({ tensor }, i) => sub(leaves[i].tensor, mul(tensor, rateOf(i)))),
    );
  });
  const answer = compile((params: Params, x: Tensor) => {
    const tick = ticksOf(model, params, x);
    let states = model.rest(params, x);
    for (let i = 0; i < phases.free; i++) states = tick(states);
    return argmax(states[states.length - 1], 1);
  });
  const batchOf = (of: Examples, indices: readonly number[]) => {
    const { x, y } = of.batch(indices);
    return { x: flat ? reshape(x, [indices.length, -1]) : x, y };
  };
  const [start, orders] = Key.of(cell.seed).fold(2).split(2);
  let carry = { params: model.init(start) };
  const wrong = async (): Promise<number> => {
    let count = 0;
    for (let from = 0; from < tested.count; from += TESTED) {
      const indices = numbers(from, Math.min(from + TESTED, tested.count));
      count += scope(() => {
        const { x, y } = batchOf(tested, indices);
        const [found, labels] = [answer(carry.params, x).data(), y.data()];
        return labels.filter((label, i) => label !== found[i]).length;
      });
      await pause(context, Math.min(1, digits.length / epochs));
    }
    return (100 * count) / tested.count;
  };
  const digits: number[] = [];
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = orders.fold(epoch).permutation(examples.count);
      for (let at = 0; at + BATCH <= order.length; at += BATCH) {
        carry = advance(carry, ({ params }) => {
          const { x, y } = batchOf(examples, order.slice(at, at + BATCH));
          return { params: update(params, x, oneHot(y, classes)) };
        });
        if (at % (10 * BATCH) === 0) await pause(context, (epoch + at / order.length) / epochs);
      }
      digits.push(await wrong());
    }
    return { digits };
  } finally {
    for (const program of [update, answer]) program.dispose();
  }
}
