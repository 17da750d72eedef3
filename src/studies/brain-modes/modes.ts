// A network that learned images upright and rotated is frozen, and then specialised to rotated ones through several small
// sets of parameters.
import { Key, leavesOf, scope } from "../../core/index.js";
import type { Dataset } from "../../data/index.js";
import { rotated } from "../../data/index.js";
import {
  type Adapter,
  activation,
  adapt,
  biases,
  dense,
  type Examples,
  evaluate,
  everything,
  flatten,
  gains,
  gates,
  imagesOf,
  initialState,
  lora,
  type Network,
  network,
  type Params,
  subset,
  train,
} from "../../nn/index.js";
import { adam } from "../../optim/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";

/** How long the networks learn. */
export interface ModesConfig {
  /** Images to learn from. */
  readonly samples: number;
  /** Epochs of the network that is then frozen. */
  readonly epochs: number;
  /** Epochs of each specialisation. */
  readonly specialise: number;
}

/** The result of one method. */
export interface Outcome {
  /** How many numbers it trains. */
  readonly trainable: number;
  /** Accuracy on rotated test images. */
  readonly rotated: number;
  /** Accuracy on upright test images. */
  readonly upright: number;
}

/** The results of one seed. */
export interface ModesRow {
  readonly methods: Readonly<Record<Method | "frozen" | "hard gates", Outcome>>;
  /** Whether the frozen parameters have the same bits after all specialisations. */
  readonly unchanged: boolean;
  /** The largest difference between the logits of the frozen network and those with untrained hard gates. */
  readonly parity: number;
  /** The share of units of the first layer whose gates are open, on rotated images. */
  readonly open: number;
  /** The share of units of the first layer whose gates are open and which are active, on rotated images. */
  readonly active: number;
}

/** The units of each hidden layer, the angle, the rank of low-rank adapters, and the images of a batch. */
const [UNITS, DEGREES, RANK, BATCH] = [128, 45, 4, 64];

/** The sets of parameters with their step sizes. Thresholds of gates begin at 0. */
const methods = {
  gains: { adapter: gains(), lr: 1e-2 },
  biases: { adapter: biases(), lr: 1e-2 },
  gates: { adapter: gates(), lr: 1e-2 },
  lora: { adapter: lora({ rank: RANK }), lr: 1e-3 },
  everything: { adapter: everything(), lr: 1e-3 },
} satisfies Readonly<Record<string, { adapter: Adapter; lr: number }>>;
/** The name of a set of parameters. */
export type Method = keyof typeof methods;
/** Their names. */
export const methodNames = Object.keys(methods) as Method[];

const sizeOf = (params: Params): number => leavesOf("modes", params).reduce((sum, { tensor }) => sum + tensor.size, 0);
const bitsOf = (params: Params): string =>
  JSON.stringify(leavesOf("modes", params).map(({ tensor }) => [...tensor.data()]));

interface Sets {
  readonly mixed: Examples;
  readonly turned: Examples;
  readonly upright: Examples;
  readonly test: { readonly upright: Examples; readonly rotated: Examples };
}

/** The examples of a seed: those to learn from, upright, rotated and half of them rotated, and others to test with. */
function setsOf(images: Dataset, key: Key, samples: number): Sets {
  const [orderKey, coinKey] = key.split();
  const upright = imagesOf(images);
  const turned = imagesOf(rotated(images, DEGREES));
  const mixed = imagesOf(rotated(images, (image) => (coinKey.uniform(image) < 0.5 ? DEGREES : 0)));
  const order = orderKey.permutation(upright.count);
  const held = Math.min(2000, Math.floor(upright.count / 5));
  const [forTest, forTraining] = [order.slice(0, held), order.slice(held, held + samples)];
  return {
    mixed: subset(mixed, forTraining),
    turned: subset(turned, forTraining),
    upright: subset(upright, forTraining),
    test: { upright: subset(upright, forTest), rotated: subset(turned, forTest) },
  };
}

/** Trains and measures everything of one seed. */
export async function specialise({ config, seed, data }: Cell<ModesConfig>, context: Context): Promise<ModesRow> {
  const images = await context.open(data!);
  const [setKey, initKey, trainKey, ownKey] = Key.of(seed).split(4);
  const sets = setsOf(images, setKey, config.samples);
  const net = network({
    input: sets.upright.shape,
    layers: [
      flatten(),
      ...[dense(UNITS, { init: "heUniform" }), activation("relu")],
      ...[dense(UNITS, { init: "heUniform" }), activation("relu")],
      dense(images.classes),
    ],
  });
  const parts = 1 + methodNames.length;
  let done = 0;
  const trained = async (of: Network, start: Params, examples: Examples, lr: number, epochs: number, key: Key) => {
    const how = { optimizer: adam({ lr }), epochs, batchSize: BATCH, key };
    const steps = train(of, initialState(of, start, how), examples, how);
    for (let step = 0; ; step++) {
      const next = steps.next();
      if (next.done) {
        done++;
        return next.value.params;
      }
      if (step % 20 > 0) continue;
      const { epoch, step: at, steps: all } = next.value;
      context.progress((done + (epoch + at / all) / epochs) / parts);
      await yieldToEvents();
      if (context.signal.aborted) throw new Stopped();
    }
  };
  const scoreOf = (of: Network, params: Params, trainable: number): Outcome => ({
    trainable,
    rotated: evaluate(of, params, sets.test.rotated).metrics.accuracy,
    upright: evaluate(of, params, sets.test.upright).metrics.accuracy,
  });

  const foundation = await trained(net, net.init(initKey), sets.mixed, 1e-3, config.epochs, trainKey.fold(0));
  const before = bitsOf(foundation);
  const outcomes: Record<string, Outcome> = { frozen: scoreOf(net, foundation, 0) };
  let [open, active] = [0, 0];
  for (const [i, name] of methodNames.entries()) {
    const { adapter, lr } = methods[name];
    const adapted = adapt(net, foundation, adapter);
    const own = adapted.init(ownKey.fold(i));
    const mode = await trained(adapted, own, sets.turned, lr, config.specialise, trainKey.fold(1 + i));
    outcomes[name] = scoreOf(adapted, mode, sizeOf(own));
    if (name !== "gates") continue;
    outcomes["hard gates"] = scoreOf(adapt(net, foundation, gates({ hard: true })), mode, sizeOf(own));
    ({ open, active } = openness(net, foundation, mode, sets.test.rotated));
  }
  return {
    methods: outcomes as ModesRow["methods"],
    unchanged: bitsOf(foundation) === before,
    parity: parityOf(net, foundation, sets.test.rotated),
    open,
    active,
  };
}

const someOf = (examples: Examples) =>
  examples.batch(Array.from({ length: Math.min(500, examples.count) }, (_, i) => i));

/** The largest difference between the logits of the network and those with untrained hard gates. */
function parityOf(net: Network, foundation: Params, examples: Examples): number {
  return scope(() => {
    const { x } = someOf(examples);
    const hard = adapt(net, foundation, gates({ hard: true }));
    return net
      .apply(foundation, x)
      .sub(hard.apply(hard.init(Key.of(0)), x))
      .abs()
      .max()
      .item();
  });
}

/** The shares of the gates of the first hidden layer that are open, and that are open with an active unit. */
function openness(
  net: Network,
  foundation: Params,
  mode: Params,
  examples: Examples,
): { open: number; active: number } {
  return scope(() => {
    const z = net.activations(foundation, someOf(examples).x)[1];
    const gate = z.greater(mode[2].threshold);
    return { open: gate.mean().item(), active: gate.mul(z.greater(0)).mean().item() };
  });
}
