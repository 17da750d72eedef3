// What each mechanism does: trains a network with it and without, on the same examples in the same order from the same
// weights, and measures what happened to its synapses.
import { grad } from "../../autodiff/index.js";
import {
  type Bio,
  type BioOptions,
  type BioState,
  bio,
  daleViolations,
  type Mechanism,
  mechanisms,
  type SynapseState,
  withMechanisms,
} from "../../bio/index.js";
import { Key, leavesOf, scope, type Tensor } from "../../core/index.js";
import {
  activation,
  classification,
  conv2d,
  dense,
  type Examples,
  evaluate,
  flatten,
  initialState,
  maxPool,
  type Network,
  network,
  type Params,
  train,
} from "../../nn/index.js";
import { adam, constant, type Optimizer, sgd, warmup } from "../../optim/index.js";
import { yieldToEvents } from "../../runs/index.js";

const relu = activation("relu");
const he = { init: "heUniform" } as const;
const hidden = (units: number) => [dense(units, he), relu];
const convolution = (channels: number) => [conv2d(channels, 5, { ...he, padding: "same" }), relu, maxPool(2)];

/**
 * The networks that can be trained: all layers of each except the last. With half as many channels, of which Dale's
 * principle makes only two inhibitory, all mechanisms together cost three points of accuracy on MNIST instead of one.
 */
const networks = {
  mlp: [flatten(), ...hidden(256), ...hidden(128)],
  conv: [...convolution(16), ...convolution(32), flatten(), ...hidden(64)],
} as const;
/** The name of one of these. */
export type NetworkKind = keyof typeof networks;
/** The names of all networks. */
export const networkKinds = Object.keys(networks) as NetworkKind[];
/** The optimizers, with their step sizes. */
export const optimizerKinds = {
  adam: { lr: 1e-3, make: (lr: number): Optimizer<Params, object> => adam({ lr }) },
  sgd: { lr: 0.05, make: (lr: number): Optimizer<Params, object> => sgd({ lr, momentum: 0.9 }) },
} as const;
/** The name of one of these. */
export type OptimizerKind = keyof typeof optimizerKinds;

/**
 * Steps over which the step size grows to its full value: under Dale's principle all units of a layer respond to the
 * first step in the same way, and a full step may silence them for good.
 */
const WARMUP = 100;

/** Everything that the result of a run depends on, except its arm, its seed and the images. */
export interface Setting {
  readonly network: NetworkKind;
  readonly optimizer: OptimizerKind;
  readonly epochs: number;
  readonly batchSize: number;
  /** Whether the published formulas are used, which scale gradients, instead of ours. */
  readonly reference: boolean;
}

/** A named set of mechanisms to train with. */
export interface Arm {
  readonly name: string;
  readonly mechanisms: readonly Mechanism[];
}

/** How a run ended. */
export interface Outcome {
  readonly arm: string;
  readonly seed: number;
  /** Share of the test images that are classified correctly. */
  readonly accuracy: number;
  /** Share of synapses whose rate was at least halved by crystallisation; null if that is off. */
  readonly frozen: number | null;
  /** How many times a synapse was replaced, on average; null if replacement is off. */
  readonly reborn: number | null;
  /** How many weights have the wrong sign; null without Dale's principle. */
  readonly violations: number | null;
  /** The standard deviation over synapses of their move divided by their move under the plain optimizer. */
  readonly spread: number;
}

/**
 * The arms: no mechanism, each mechanism by itself (unless `together`), and, if there are several, all of them
 * together.
 */
export function armsOf(chosen: readonly Mechanism[], together: boolean): Arm[] {
  const name = chosen.length === mechanisms.length ? "all" : chosen.join("+");
  const single = chosen.map((one) => ({ name: one, mechanisms: [one] }));
  const sum = { name, mechanisms: chosen };
  return [
    { name: "none", mechanisms: [] },
    ...(together ? [] : single),
    ...(together || single.length > 1 ? [sum] : []),
  ];
}

/** Examples to train on and to test with. */
export interface Split {
  readonly train: Examples;
  readonly test: Examples;
  readonly classes: number;
}

/** After this many steps, progress is shown and events such as signals are handled. */
const STEPS_BETWEEN_EVENTS = 10;

/**
 * Trains one arm from one seed. `onStep` gets the share of the steps that are done and the accuracy of the epoch so far,
 * and returns whether to continue. If it returns false, the outcome is undefined.
 */
export async function trainArm(
  arm: Arm,
  seed: number,
  setting: Setting,
  { train: examples, test, classes }: Split,
  onStep: (part: number, accuracy: number) => boolean,
): Promise<Outcome | undefined> {
  const { lr, make } = optimizerKinds[setting.optimizer];
  const rate = warmup(WARMUP, constant(lr));
  const options: BioOptions = withMechanisms(arm.mechanisms, { seed, reference: setting.reference });
  const net = network({ input: examples.shape, layers: [...networks[setting.network], dense(classes)] });
  const alive = bio(net, options, (step) => make(rate(step)));
  const [weights, order] = Key.of(seed).split();
  const { epochs, batchSize } = setting;
  const how = { optimizer: alive, hook: alive.hook, epochs, batchSize, key: order };
  const steps = train(alive.network, initialState(alive.network, alive.network.init(weights), how), examples, how);
  let progress = steps.next();
  for (let step = 1; !progress.done; step++, progress = steps.next()) {
    if (step % STEPS_BETWEEN_EVENTS !== 0) continue;
    await yieldToEvents();
    const { epoch, step: at, steps: all, metrics } = progress.value;
    if (!onStep((epoch + at / all) / epochs, metrics.accuracy)) return undefined;
  }
  const { params, optimizer: state } = progress.value;
  const living = state as BioState;
  const at = (path: string): Tensor => leavesOf("ablation", params).find((leaf) => leaf.path === path)!.tensor;
  const { crystallize, rejuvenate, dale } = alive.config;
  const size = alive.sites.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
  const total = (countIn: (synapses: SynapseState, i: number) => number): number =>
    living.synapses.reduce((sum, synapses, i) => sum + countIn(synapses, i), 0);
  const held = ({ crystal, fuzzy }: SynapseState): number =>
    Array.from((crystal ?? fuzzy)!.data()).filter((rate) => rate <= 0.5).length;
  return {
    arm: arm.name,
    seed,
    accuracy: evaluate(alive.network, params, test).metrics.accuracy,
    frozen: crystallize ? total(held) / size : null,
    reborn: rejuvenate ? total(({ reborn }) => reborn!.item()) / size : null,
    violations: dale ? total(({ signs }, i) => (signs ? daleViolations(at(alive.sites[i].path), signs) : 0)) : null,
    spread: spreadOfMoves(
      alive,
      params,
      living,
      (step) => make(rate(step)),
      gradients(alive.network, params, examples, batchSize),
    ),
  };
}

/**
 * The number of steps over which moves are compared. A few are enough, since both sides begin with a fresh optimizer.
 */
const STEPS = 5;

/** The gradients of the first batches, all at these parameters. */
function gradients(net: Network, params: Params, examples: Examples, batchSize: number): Params[] {
  return Array.from({ length: STEPS }, (_, k) =>
    scope(() => {
      const first = (k * batchSize) % examples.count;
      const batch = examples.batch(Array.from({ length: batchSize }, (_, i) => (first + i) % examples.count));
      return grad((p: Params) => classification(net.apply(p, batch.x), batch.y))(params);
    }),
  );
}

/**
 * How unevenly synapses learn. Both optimizers get the same gradients at the same parameters, and each synapse's move is
 * divided by its move under the plain optimizer. The result is the standard deviation of this ratio over all synapses
 * whose move is not negligible.
 */
export function spreadOfMoves(
  alive: Bio,
  params: Params,
  state: BioState,
  plain: (step: number) => Optimizer<Params, object>,
  grads: readonly Params[],
): number {
  return scope(() => {
    let [ours, theirs] = [params, params];
    // The count of steps starts from 0, so the only factors drawn again are those that are drawn at every step.
    let living = { ...state, step: alive.init(params).step, optimizer: plain(0).init(params) };
    let plainly = plain(0).init(params);
    for (const [step, grad] of grads.entries()) {
      ({ params: ours, state: living } = alive.step(ours, grad, living));
      ({ params: theirs, state: plainly } = plain(step).step(theirs, grad, plainly));
    }
    const weightsOf = (tree: Params): Float32Array[] =>
      alive.sites.map(
        ({ path }) =>
          leavesOf("ablation", tree)
            .find((leaf) => leaf.path === path)!
            .tensor.data() as Float32Array,
      );
    const [start, reached, reachedPlainly] = [weightsOf(params), weightsOf(ours), weightsOf(theirs)];
    const moves = reachedPlainly.flatMap((weights, i) => Array.from(weights, (w, j) => w - start[i][j]));
    const typical = Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / moves.length);
    let at = 0;
    const ratios: number[] = [];
    reached.forEach((weights, i) => {
      weights.forEach((w, j) => {
        const move = moves[at++];
        // If a synapse hardly moves, its ratio is mostly rounding.
        if (Math.abs(move) > 0.1 * typical) ratios.push((w - start[i][j]) / move);
      });
    });
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
    return Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / ratios.length);
  });
}
