// Training: batches in an order drawn from a key, gradients, an optimizer, and whatever acts on its steps. The state is
// a tree of tensors, so training stops, is saved and goes on to the same bits.

import { valueAndGradAux } from "../autodiff/index.js";
import {
  advance,
  checkOptions,
  copyOutward,
  fromNumbers,
  Key,
  keep,
  leavesOf,
  sameShape,
  scope,
  showShape,
  type Tensor,
} from "../core/index.js";
import { optimizerAt, type Scheduled } from "../optim/index.js";
import { evaluate, type MeasureOptions, measuresOf, type Scores, Tally } from "./evaluate.js";
import type { Examples } from "./examples.js";
import { checkCount } from "./layer.js";
import type { Network, Params, States } from "./network.js";

/** A step that the optimizer has taken and the hook may change; `H` is the hook's state. */
export interface Step<H extends object> {
  /** The parameters before the step. */
  readonly before: Params;
  /** The gradients that the optimizer was given. */
  readonly grads: Params;
  /** The parameters after the step: the update is after - before. */
  readonly after: Params;
  /** The optimizer's state after the step, whatever tree it is. */
  readonly optimizer: object;
  /** The hook's state. */
  readonly state: H;
  /** A key of this step's own. */
  readonly key: Key;
  /** Which step it is, from 0 over the whole training. */
  readonly step: number;
  /** Which epoch it belongs to, from 0. */
  readonly epoch: number;
  /** What each layer gave for this batch; empty unless the hook `watches`. */
  readonly activations: readonly Tensor[];
}

/**
 * What acts on every step, whatever the optimizer: it sees the parameters before and after, and decides. It runs in a
 * scope of its own; its state is a tree of tensors, so that it is saved with the rest.
 */
export interface Hook<H extends object> {
  /** Whether it reads the activations, which costs their copies. Default false. */
  readonly watches?: boolean;
  /** Its state before the first step. */
  init(params: Params): H;
  /** The parameters, the optimizer's state and its own state after all. */
  step(step: Step<H>): { readonly params: Params; readonly optimizer: object; readonly state: H };
}

/** Everything that training goes on from: a tree of tensors for `encode` and `decode`. */
export interface TrainState<H extends object = readonly []> {
  /** The parameters. */
  readonly params: Params;
  /** The optimizer's state, whatever tree it is. */
  readonly optimizer: object;
  /** The hook's state; an empty list without one. */
  readonly hook: H;
  /** The states of the network's layers: running statistics. */
  readonly states: States;
  /** Steps done: int32, shape []. */
  readonly step: Tensor;
}

/** Options of `train` and `fit`. */
export interface TrainOptions<H extends object = readonly []> extends MeasureOptions {
  /** The optimizer, or the one for each step, counted from 0: `(k) => adam({ lr: schedule(k) })`. */
  readonly optimizer: Scheduled<Params>;
  /** What acts on each step. */
  readonly hook?: Hook<H>;
  /** How often every example is seen. */
  readonly epochs: number;
  /** Examples in a batch; the last one of an epoch may be smaller. Default 32. */
  readonly batchSize?: number;
  /** What the orders of examples and the layers' draws come from: epoch e is in the order of `key.fold(0).fold(e)`. */
  readonly key: Key;
}

/** Where training stands after a step. */
export interface Progress<H extends object = object> extends Scores {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** How many epochs there will be. */
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  /** Steps of an epoch. */
  readonly steps: number;
  /** The state now. It is freed at the next step: `keep` it, or `encode` it. */
  readonly state: TrainState<H>;
}

/** The state before the first step, of a network with these parameters; the template for `decode`. */
export function initialState<H extends object = readonly []>(
  net: Network,
  params: Params,
  { optimizer, hook }: Pick<TrainOptions<H>, "optimizer" | "hook">,
): TrainState<H> {
  return {
    params,
    optimizer: optimizerAt(optimizer, 0).init(params),
    hook: hook ? hook.init(params) : ([] as unknown as H),
    states: net.states(),
    step: fromNumbers([0], [], "int32"),
  };
}

/** The names of the options of `train` and `fit`. */
const OPTIONS = ["optimizer", "hook", "epochs", "batchSize", "key", "loss", "metrics", "validation", "onProgress"];

/**
 * Trains step by step: each `next()` is one, so a page can draw and a command line can be stopped in between. The loss
 * and the measures that it yields are means since the epoch (or this call) began. The same start, key and examples give
 * the same bits; a training that goes on from a saved state gives those of one that was never stopped.
 *
 * @param start the first parameters' `initialState`, or the state to go on from. It stays the caller's.
 * @returns the last state, which is the caller's.
 * @throws RangeError for options that make no sense, examples that do not fit, and a loss that is no number.
 */
export function* train<H extends object = readonly []>(
  net: Network,
  start: TrainState<H>,
  examples: Examples,
  options: TrainOptions<H>,
): Generator<Progress<H>, TrainState<H>, undefined> {
  checkOptions("train", options, OPTIONS);
  const { epochs, batchSize = 32, key } = options;
  if (!(key instanceof Key)) throw new TypeError("[train] `key` is no Key. Make one: { key: Key.of(0) }.");
  checkCount("train", "epochs", epochs);
  checkCount("train", "batchSize", batchSize);
  checkExamples(net, examples);
  const steps = Math.ceil(examples.count / batchSize);
  const { metrics } = measuresOf(options);
  const [orders, draws] = key.split();
  // Copies of our own, which steps may free.
  let state = advance<unknown>(undefined, () => copyOutward(start, () => true)) as TrainState<H>;
  for (let done = start.step.item(); done < steps * epochs; ) {
    const epoch = Math.floor(done / steps);
    const order = orders.fold(epoch).permutation(examples.count);
    const tally = new Tally(metrics);
    for (; done < steps * (epoch + 1); done++) {
      const at = batchSize * (done % steps);
      state = advance(state, (before) => {
        const { next, loss, outputs, y } = stepOf(net, before, examples, options, {
          indices: order.slice(at, at + batchSize),
          key: draws.fold(done),
          step: done,
          epoch,
        });
        const value = loss.item();
        if (!Number.isFinite(value)) {
          throw new RangeError(
            `[train] the loss is ${value} at step ${done} (epoch ${epoch}). Lower the learning rate or clip the gradients; ` +
              "firstNaN of synaptape/debug tells which op it comes from.",
          );
        }
        tally.add(value, outputs, y);
        return next;
      });
      yield { epoch, epochs, step: (done % steps) + 1, steps, state, ...tally.scores() };
    }
  }
  return state;
}

interface Turn {
  readonly indices: readonly number[];
  readonly key: Key;
  readonly step: number;
  readonly epoch: number;
}

/** One step: the next state, the loss, and what the network answered. */
function stepOf<H extends object>(
  net: Network,
  state: TrainState<H>,
  examples: Examples,
  options: TrainOptions<H>,
  { indices, key, step, epoch }: Turn,
): { next: TrainState<H>; loss: Tensor; outputs: Tensor; y: Tensor } {
  const { hook } = options;
  const { loss } = measuresOf(options);
  const [layers, hooks] = key.split();
  const { x, y } = examples.batch(indices);
  const found = valueAndGradAux((params: Params) => {
    const {
      y: outputs,
      activations,
      states,
    } = net.run(params, x, { training: true, key: layers, states: state.states });
    return [loss(outputs, y), { outputs, states, activations: hook?.watches ? activations : [] }] as const;
  })(state.params);
  const { grad: grads, aux } = found;
  const taken = optimizerAt(options.optimizer, step).step(state.params, grads, state.optimizer);
  const after = { params: taken.params, optimizer: taken.state, state: state.hook };
  const { activations, states } = aux;
  const { params, optimizer, ...rest } = hook
    ? hook.step({ before: state.params, grads, after: taken.params, ...after, key: hooks, step, epoch, activations })
    : after;
  const next = { params, optimizer, hook: rest.state, states, step: fromNumbers([step + 1], [], "int32") };
  return { next, loss: found.value, outputs: aux.outputs, y };
}

function checkExamples(net: Network, examples: Examples): void {
  if (examples.count === 0) throw new RangeError("[train] there is no example. Give at least one.");
  if (!sameShape(examples.shape, net.description.input)) {
    throw new RangeError(
      `[train] examples of shape ${showShape(examples.shape)} for a network whose input is ` +
        `${showShape(net.description.input)}. Make the input such; flatten() as the first layer makes images flat.`,
    );
  }
}

/** Options of `fit`. */
export interface FitOptions<H extends object = readonly []> extends TrainOptions<H> {
  /** Examples to be evaluated with after every epoch. */
  readonly validation?: Examples;
  /** Told after every step. */
  readonly onProgress?: (progress: Progress<H>) => void;
}

/** How an epoch went. */
export interface EpochScores extends Scores {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** What `evaluate` found after it, if there was anything to validate with. */
  readonly validation?: Scores;
}

/** What `fit` gives. */
export interface Fitted<H extends object = readonly []> {
  /** The parameters learned. */
  readonly params: Params;
  /** The states of the layers at the end: give them to `apply` and `evaluate` where layers have any. */
  readonly states: States;
  /** What training could go on from. */
  readonly state: TrainState<H>;
  /** Every epoch. */
  readonly epochs: readonly EpochScores[];
}

/**
 * Trains a network from its first parameters, or from a state, to the end; see `train`, which it drives.
 *
 * ```ts
 * const net = network({ input: [28, 28, 1], layers: [flatten(), dense(64), activation("relu"), dense(47)] });
 * const { params, epochs } = fit(net, net.init(Key.of(0)), imagesOf(glyphs()), {
 *   optimizer: adam({ lr: 1e-3 }), epochs: 5, key: Key.of(1),
 * });
 * ```
 */
export function fit<H extends object = readonly []>(
  net: Network,
  start: Params | TrainState<H>,
  examples: Examples,
  options: FitOptions<H>,
): Fitted<H> {
  const { validation, onProgress } = options;
  const given = isState(start);
  const first = given ? start : scope(() => keep(initialState(net, start, options)));
  const run = train(net, first, examples, options);
  const epochs: EpochScores[] = [];
  for (;;) {
    const { value, done } = run.next();
    if (!given) for (const { tensor } of leavesOf("fit", first)) tensor.dispose();
    if (done) return { params: value.params, states: value.states, state: value, epochs };
    onProgress?.(value);
    const { epoch, step, steps, loss, metrics, state } = value;
    if (step < steps) continue;
    const found = validation && evaluate(net, state.params, validation, { ...options, states: state.states });
    epochs.push({ epoch, loss, metrics, ...(found && { validation: found }) });
  }
}

const isState = <H extends object>(start: Params | TrainState<H>): start is TrainState<H> => !Array.isArray(start);
