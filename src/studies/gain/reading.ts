// A grid as a liquid: images become currents of its cells, and a linear read-out names their class from how often each cell
// spiked. The same read-out gets the pixels, blurred pixels, and cells without synapses, to know what the grid is good for.
import { loop } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, Key, scope, type Tensor } from "../../core/index.js";
import { glyphs } from "../../data/index.js";
import { solve } from "../../linalg/index.js";
import { imagesOf } from "../../nn/index.js";
import {
  add,
  argmax,
  avgPool,
  cast,
  concat,
  eye,
  matmul,
  mul,
  ones,
  pad,
  reshape,
  tensor,
  transpose,
  zeros,
} from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { type CellGrid, cellGrid, type GridState, type StdpState, stdp } from "../../spiking/index.js";
import { pause } from "../pause.js";
import { mean } from "../statistics.js";

/** How the read-outs are compared. */
export interface ReadingConfig {
  /** How many classes of characters. */
  readonly classes: number;
  /** Images of each class to learn from, and to test with; half as many of the first choose the penalty. */
  readonly train: number;
  readonly test: number;
  /** Images that the grid of the last arm sees while its synapses learn. */
  readonly seen: number;
}

/** What the read-out gets. */
export const arms = ["pixels", "blurred pixels", "cells alone", "grid", "grid, Dale", "grid, Dale, STDP"] as const;
/** The name of one of them. */
export type Arm = (typeof arms)[number];

/** The accuracy of each arm on new images. */
export interface ReadingRow {
  readonly accuracy: Readonly<Record<Arm, number>>;
  /** Weights of inhibitory cells that are above 0, and of excitatory ones below, after STDP. */
  readonly wrongSigns: number;
  /** The mean weight after STDP, from 8 before. */
  readonly weight: number;
}

/** Cells along an edge, steps of 0.5 ms, the current of ink, a spike's weight, and the share of inhibitory cells. */
const [SIDE, STEPS, INK, WEIGHT, INHIBITORY] = [14, 100, 20, 8, 0.2] as const;
const UNITS = SIDE * SIDE;
/** Penalties of the read-out among which images that are kept out choose. */
const PENALTIES = [1e-3, 1e-2, 0.1, 1, 10, 100, 1000] as const;

interface Images {
  readonly x: Tensor;
  readonly classes: readonly number[];
}
type Split = readonly [train: Images, choice: Images, test: Images];

/** Images of 14 by 14 pixels, in handwriting of this seed alone. */
function imagesFor({ classes, train, test }: ReadingConfig, seed: number): Split {
  const choice = Math.ceil(train / 2);
  const data = glyphs({ seed: seed + 1, perClass: train + choice + test });
  const examples = imagesOf(data);
  const part = (from: number, count: number): Images => {
    const own = data.byClass.slice(0, classes).flatMap((indices) => Array.from(indices.subarray(from, from + count)));
    const { x, y } = examples.batch(own);
    return { x: reshape(avgPool(x, 2), [own.length, UNITS]), classes: Array.from(y.data()) };
  };
  return [part(0, train), part(train, choice), part(train + choice, test)];
}

/** Means over each pixel and its eight neighbours. */
function blurred(x: Tensor): Tensor {
  const wide = pad(reshape(x, [-1, SIDE, SIDE, 1]), [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  return reshape(avgPool(wide, 3, { stride: 1 }), x.shape);
}

const cell = { cell: "fastSpiking" } as const;

/** How often each cell spikes for each image. */
function countsOf(grid: CellGrid, weight: Tensor, x: Tensor): Tensor {
  interface Carry {
    readonly state: GridState;
    readonly total: Tensor;
  }
  const current = mul(x, INK);
  const first: Carry = { state: grid.state({}, x.shape[0]), total: zeros(x.shape) };
  return loop(STEPS, first, ({ state, total }: Carry): Carry => {
    const next = grid.step({ weight }, state, current);
    return { state: next, total: add(total, next.h) };
  }).total;
}

/** The share of test images whose class a linear read-out of these features names, with a penalty chosen on other images. */
function accuracyOf(features: readonly Tensor[], [train, choice, test]: Split, classes: number): number {
  const [first] = features;
  const spread = Math.sqrt(mean(Array.from(first.data(), (each) => each * each))) || 1;
  const [learned, chosen, tested] = features.map((each) => {
    const doubles = mul(cast(each, "float64"), 1 / spread);
    return concat([doubles, ones([each.shape[0], 1], { dtype: "float64" })], 1);
  });
  const wanted = tensor(
    train.classes.map((own) => Array.from({ length: classes }, (_, k) => Number(k === own))),
    { dtype: "float64" },
  );
  const turned = transpose(learned);
  const [square, product] = [matmul(turned, learned), matmul(turned, wanted)];
  const share = (weights: Tensor, x: Tensor, { classes: own }: Images): number => {
    const named = argmax(matmul(x, weights), 1).data();
    return own.filter((each, i) => each === named[i]).length / own.length;
  };
  let best = { right: -1, accuracy: 0 };
  for (const penalty of PENALTIES) {
    const weights = solve(
      add(square, mul(eye(square.shape[0], square.shape[0], 0, { dtype: "float64" }), penalty)),
      product,
    );
    const right = share(weights, chosen, choice);
    if (right > best.right) best = { right, accuracy: share(weights, tested, test) };
  }
  return best.accuracy;
}

/** The weights of a grid after it saw some images, one after the other. */
async function learnt(grid: CellGrid, images: Tensor, report: (done: number) => Promise<void>): Promise<Tensor> {
  const rule = stdp({ senders: "each", plus: 0.02, minus: 0.024, tauPlus: 40, tauMinus: 40, bounds: [0, 2 * WEIGHT] });
  interface Carry {
    readonly weight: Tensor;
    readonly state: GridState;
    readonly rule: StdpState;
  }
  const see = compile((weight: Tensor, current: Tensor): Tensor => {
    const first: Carry = { weight, state: grid.state({}, 1), rule: rule.init(weight) };
    return loop(STEPS, first, (before: Carry): Carry => {
      const state = grid.step({ weight: before.weight }, before.state, current);
      const sent = reshape(grid.seen(state.h), [-1, UNITS]);
      const after = rule.step(before.weight, before.rule, sent, reshape(state.h, [UNITS]));
      return { weight: after.weights, state, rule: after.state };
    }).weight;
  });
  try {
    let carry = { weight: grid.init().weight };
    for (let i = 0; i < images.shape[0]; i++) {
      carry = advance(carry, ({ weight }) => ({ weight: see(weight, mul(reshape(images.row(i), [1, UNITS]), INK)) }));
      await report(i / images.shape[0]);
    }
    return carry.weight;
  } finally {
    see.dispose();
  }
}

/** Compares the read-outs. */
export async function readingRow({ config, seed }: Cell<ReadingConfig>, context: Context): Promise<ReadingRow> {
  const key = Key.of(seed);
  const signs = Array.from({ length: UNITS }, (_, i) => (key.uniform(i) < INHIBITORY ? -1 : 1));
  const [alone, plain] = [0, WEIGHT].map((weight) => cellGrid(SIDE, SIDE, { weight, cell }));
  const dale = cellGrid(SIDE, SIDE, { weight: WEIGHT, cell, signs, synapses: "each" });
  const split = imagesFor(config, seed);
  const order = key.fold(1).permutation(split[0].classes.length);
  const shown = Array.from(order.slice(0, config.seen), (i) => split[0].x.row(i));
  const weight = await learnt(
    dale,
    concat(
      shown.map((each) => reshape(each, [1, UNITS])),
      0,
    ),
    (done) => pause(context, 0.5 * done),
  );
  const of = (grid: CellGrid, own: Tensor) => (x: Tensor) => countsOf(grid, own, x);
  const features: Readonly<Record<Arm, (x: Tensor) => Tensor>> = {
    pixels: (x) => x,
    "blurred pixels": blurred,
    "cells alone": of(alone, alone.init().weight),
    grid: of(plain, plain.init().weight),
    "grid, Dale": of(dale, dale.init().weight),
    "grid, Dale, STDP": of(dale, weight),
  };
  const accuracy: Partial<Record<Arm, number>> = {};
  for (const [i, arm] of arms.entries()) {
    await pause(context, 0.5 + i / (2 * arms.length));
    accuracy[arm] = scope(() =>
      accuracyOf(
        split.map(({ x }) => features[arm](x)),
        split,
        config.classes,
      ),
    );
  }
  const sent = dale.dense({ weight }).data();
  return {
    accuracy: accuracy as Record<Arm, number>,
    wrongSigns: Array.from(sent).filter((w, i) => w * signs[Math.floor(i / UNITS)] < 0).length,
    weight: mean(weight.data()),
  };
}
