// A small network that learns digits with dendrites, beside the same without them, with dendrites that never learned, and a
// wider one with as many parameters.
import { Key, leavesOf, scope, type TreeOf } from "../../core/index.js";
import { type DendriteTree, grow, noDendrites, withDendrites } from "../../dendrites/index.js";
import {
  activation,
  dense,
  type Examples,
  evaluate,
  flatten,
  imagesOf,
  initialState,
  type Network,
  network,
  type Params,
  subset,
  train,
} from "../../nn/index.js";
import { mul, random } from "../../ops/index.js";
import { adam } from "../../optim/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";

/** How much is learned. */
export interface PerforatedConfig {
  /** Images to learn from. */
  readonly samples: number;
  /** Epochs before the first dendrites, of dendrites, and after each set of them. */
  readonly epochs: number;
  readonly growth: number;
  readonly after: number;
  /** How many sets of dendrites each neuron gets. */
  readonly cycles: number;
}

/** The rows of the table. */
export const arms = ["dendrites", "same network", "random dendrites", "wider network"] as const;
/** The name of a row. */
export type Arm = (typeof arms)[number];

/** What one network comes to. */
export interface Outcome {
  /** All numbers that it has, those of frozen dendrites included. */
  readonly parameters: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Accuracy on what it learned from. */
  readonly learned: number;
}

/** What one seed comes to. */
export interface PerforatedRow {
  readonly arms: Readonly<Record<Arm, Outcome>>;
  /** Loss and accuracy before the first dendrites. */
  readonly before: Pick<Outcome, "loss" | "accuracy">;
  /** The mean absolute correlation of each cycle's dendrites with the error, over layers that have them. */
  readonly correlation: readonly number[];
  /** The largest change of a logit when dendrites were accepted. */
  readonly accepted: number;
}

/** Units, batch, and the step sizes of neurons and dendrites. */
const [UNITS, BATCH, RATE, GROWTH_RATE] = [8, 64, 1e-3, 1e-2];

const countOf = <T extends TreeOf<T>>(tree: T): number =>
  leavesOf("perforated", tree).reduce((sum, { tensor: { size } }) => sum + size, 0);

/** Trains and measures everything of one seed. */
export async function perforate(
  { config, seed, data }: Cell<PerforatedConfig>,
  context: Context,
): Promise<PerforatedRow> {
  const images = await context.open(data!);
  const all = imagesOf(images);
  const [orderKey, initKey, trainKey, growKey, randomKey] = Key.of(seed).split(5);
  const order = orderKey.permutation(all.count);
  const held = Math.min(2000, Math.floor(all.count / 5));
  const test = subset(all, order.slice(0, held));
  const examples = subset(all, order.slice(held, held + config.samples));
  const made = (units: number): Network =>
    network({ input: all.shape, layers: [flatten(), dense(units), activation("relu"), dense(images.classes)] });
  const net = made(UNITS);

  const epochs = config.epochs + config.cycles * config.after;
  let done = 0;
  const learn = async (of: Network, start: Params, count: number, key: Key): Promise<Params> => {
    const how = { optimizer: adam({ lr: RATE }), epochs: count, batchSize: BATCH, key };
    const steps = train(of, initialState(of, start, how), examples, how);
    for (let step = 0; ; step++) {
      const next = steps.next();
      if (next.done) {
        done += count;
        context.progress(Math.min(1, done / (4 * epochs)));
        return next.value.params;
      }
      if (step % 20 > 0) continue;
      await yieldToEvents();
      if (context.signal.aborted) throw new Stopped();
    }
  };
  const scoreOf = (of: Network, params: Params, tree: DendriteTree): Outcome => {
    const { loss, metrics } = evaluate(of, params, test);
    const frozen = tree.flat().map(({ weights, earlier }) => ({ weights, earlier }));
    return {
      parameters: countOf(params) + (frozen.length > 0 ? countOf(frozen) : 0),
      ...{ loss, accuracy: metrics.accuracy },
      learned: evaluate(of, params, examples).metrics.accuracy,
    };
  };

  const first = await learn(net, net.init(initKey), config.epochs, trainKey.fold(0));
  const none = noDendrites(net);
  const before = scoreOf(net, first, none);
  /** Cycles of dendrites and neurons, or of neurons alone. */
  const cycled = async (
    next: (params: Params, tree: DendriteTree, cycle: number) => { params: Params; tree: DendriteTree },
  ) => {
    let now = { params: first, tree: none };
    for (let cycle = 0; cycle < config.cycles; cycle++) {
      now = next(now.params, now.tree, cycle);
      const params = await learn(withDendrites(net, now.tree), now.params, config.after, trainKey.fold(1 + cycle));
      now = { ...now, params };
    }
    return scoreOf(withDendrites(net, now.tree), now.params, now.tree);
  };

  const correlation: number[] = [];
  let accepted = 0;
  const dendrites = await cycled((params, tree, cycle) => {
    const how = { optimizer: adam({ lr: GROWTH_RATE }), epochs: config.growth, batchSize: BATCH };
    const grown = grow(net, params, tree, examples, { ...how, key: growKey.fold(cycle) });
    const some = grown.correlation.filter((_, i) => grown.tree[i].length > 0);
    correlation.push(some.reduce((sum, each) => sum + each / some.length, 0));
    accepted = Math.max(
      accepted,
      changeOf([withDendrites(net, tree), params], [withDendrites(net, grown.tree), grown.params], test),
    );
    return grown;
  });
  const same = await cycled((params, tree) => ({ params, tree }));
  // The same shapes as learned ones, normal with the variance 1 / n of a layer's inputs.
  const untaught = await cycled((params, tree, cycle) => {
    const how = { optimizer: adam({ lr: 0 }), epochs: 1, batchSize: examples.count };
    const few = subset(examples, [0, 1]);
    const grown = grow(net, params, tree, few, { ...how, key: randomKey.fold(cycle) });
    return { params: grown.params, tree: drawn(grown.tree, cycle, randomKey) };
  });
  const width = widthFor(
    dendrites.parameters,
    all.shape.reduce((a, b) => a * b, 1),
    images.classes,
  );
  const wide = made(width);
  const wider = scoreOf(wide, await learn(wide, wide.init(initKey), epochs, trainKey.fold(99)), noDendrites(wide));
  return {
    arms: { dendrites, "same network": same, "random dendrites": untaught, "wider network": wider },
    before: { loss: before.loss, accuracy: before.accuracy },
    ...{ correlation, accepted },
  };
}

/** The tree with its last dendrites drawn at the size of a layer's first weights. */
function drawn(tree: DendriteTree, cycle: number, key: Key): DendriteTree {
  return tree.map((all, layer) =>
    all.map((each, k) => {
      if (k < all.length - 1) return each;
      const { weight } = each.weights;
      const own = random.normal(key.fold(1000 + 10 * cycle + layer), weight.shape);
      return { ...each, weights: { ...each.weights, weight: scope(() => mul(own, 1 / Math.sqrt(weight.shape[0]))) } };
    }),
  );
}

/** The width of a network of two layers with at least so many numbers. */
const widthFor = (parameters: number, inputs: number, classes: number): number =>
  Math.ceil((parameters - classes) / (inputs + 1 + classes));

function changeOf(
  [one, first]: readonly [Network, Params],
  [other, second]: readonly [Network, Params],
  examples: Examples,
): number {
  return scope(() => {
    const { x } = examples.batch(Array.from({ length: Math.min(200, examples.count) }, (_, i) => i));
    return one.apply(first, x).sub(other.apply(second, x)).abs().max().item();
  });
}
