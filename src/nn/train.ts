// Training: batches in an order drawn from a key, gradients, an optimizer, and a hook that may change its steps. The state
// is a tree of tensors, so training can be stopped, saved and continued to the same bits.

import { valueAndGradAux } from "../autodiff/index.js";
import {
  advance,
  checkKind,
  checkMade,
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
import { checkAreExamples } from "./examples.js";
import { checkCount } from "./layer.js";
import type { Network, Params, States } from "./network.js";
import { checkNetwork } from "./network.js";

/** A step that the optimizer has taken and the hook may change; `H` is the hook's state. */
export interface Step<H extends object> {
  /** The parameters before the step. */
  readonly before: Params;
  /** The gradients that the optimizer got. */
  readonly grads: Params;
  /** The parameters after the step: the update is after - before. */
  readonly after: Params;
  /** The optimizer's state after the step, a tree of its own. */
  readonly optimizer: object;
  /** The hook's state. */
  readonly state: H;
  /** The step's own key. */
  readonly key: Key;
  /** The number of the step, counted from 0 over the whole training. */
  readonly step: number;
  /** The number of its epoch, from 0. */
  readonly epoch: number;
  /** The result of each layer for this batch; empty unless the hook sets `watches`. */
  readonly activations: readonly Tensor[];
}

/**
 * Acts on every step, for any optimizer: it gets the parameters before and after the step, and returns those to go on with.
 * It runs in its own scope. Its state is a tree of tensors, so that it is saved with the rest.
 */
export interface Hook<H extends object> {
  /** Whether it uses the activations, which must be copied for it; false by default. */
  readonly watches?: boolean;
  /** Its state before the first step. */
  init(params: Params): H;
  /** The parameters, the optimizer's state and the hook's state with which training goes on. */
  step(step: Step<H>): { readonly params: Params; readonly optimizer: object; readonly state: H };
}

/** Everything that is needed to continue training: a tree of tensors for `encode` and `decode`. */
export interface TrainState<H extends object = readonly []> {
  /** The parameters. */
  readonly params: Params;
  /** The optimizer's state, a tree of its own. */
  readonly optimizer: object;
  /** The hook's state; an empty list if there is no hook. */
  readonly hook: H;
  /** The states of the network's layers, such as running statistics. */
  readonly states: States;
  /** The number of finished steps: int32, shape []. */
  readonly step: Tensor;
}

/** Options of `train` and `fit`. */
export interface TrainOptions<H extends object = readonly []> extends MeasureOptions {
  /** The optimizer, or a function that gives it for each step, counted from 0: `(k) => adam({ lr: schedule(k) })`. */
  readonly optimizer: Scheduled<Params>;
  /** A hook that acts on each step; none by default. */
  readonly hook?: Hook<H>;
  /** How many times every example is seen. */
  readonly epochs: number;
  /** The examples of a batch; 32 by default. The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** The key from which the order of examples in each epoch and the random draws of layers follow. */
  readonly key: Key;
  /**
   * What the optimizer and the hook get in place of the gradient, from the parameters and a batch: a tree like the parameters that
   * points where the loss grows, such as `networkCredit` of `synaptape/credit` gives. By default the gradient of the loss.
   */
  readonly credit?: (params: Params, x: Tensor, y: Tensor) => Params;
}

/** The progress of training after a step. */
export interface Progress<H extends object = object> extends Scores {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** The number of all epochs. */
  readonly epochs: number;
  /** The number of finished steps in this epoch. */
  readonly step: number;
  /** The number of steps in an epoch. */
  readonly steps: number;
  /** The current state. It is freed at the next step, unless you `keep` it; or `encode` it. */
  readonly state: TrainState<H>;
}

/**
 * The state before the first step, for a network with these parameters. It also serves as the template for `decode`.
 *
 * @example
 * const net = network({ input: [4], layers: [dense(3)] });
 * initialState(net, net.init(Key.of(0)), { optimizer: sgd({ lr: 0.1 }) }).params[0].weight; // (4, 3)
 */
export function initialState<H extends object = readonly []>(
  net: Network,
  params: Params,
  options: Pick<TrainOptions<H>, "optimizer" | "hook">,
): TrainState<H> {
  checkNetwork("initialState", net);
  checkKind("initialState", "the parameters", params, "an object");
  checkMade(
    "initialState",
    "the last argument",
    options,
    ["optimizer"],
    "Give { optimizer: adam({ lr }) }, or another.",
  );
  const { optimizer, hook } = options;
  return {
    params,
    optimizer: optimizerAt(optimizer, 0).init(params),
    hook: hook ? hook.init(params) : ([] as unknown as H),
    states: net.states(),
    step: fromNumbers([0], [], "int32"),
  };
}

/** The names of the options of `train` and `fit`. */
const OPTIONS = [
  ...["optimizer", "hook", "epochs", "batchSize", "key", "credit"],
  ...["loss", "metrics", "validation", "onProgress"],
];

/**
 * Trains step by step: each `next()` is one step, so that a page can draw or a command can be stopped in between. The loss
 * and the measures that it yields are means since the beginning of the epoch, or of this call. The same start, key and
 * examples give the same bits, also if training is continued from a saved state.
 *
 * @param start the `initialState`, or the state to continue from. The caller keeps it.
 * @returns the last state, which belongs to the caller.
 * @throws RangeError for options out of their range, examples that do not fit the network, and a loss that is not finite;
 * TypeError for options that do not exist and for a missing key.
 * @example
 * const net = network({ input: [4], layers: [dense(3)] });
 * const options = { optimizer: sgd({ lr: 0.1 }), epochs: 2, key: Key.of(1) };
 * const start = initialState(net, net.init(Key.of(0)), options);
 * const examples = examplesOf(ones([6, 4]), zeros([6], { dtype: "int32" }));
 * for (const { epoch, loss } of train(net, start, examples, options)) console.log(epoch, loss);
 */
export function* train<H extends object = readonly []>(
  net: Network,
  start: TrainState<H>,
  examples: Examples,
  options: TrainOptions<H>,
): Generator<Progress<H>, TrainState<H>, undefined> {
  checkOptions("train", options, OPTIONS);
  const { epochs, batchSize = 32, key } = options;
  if (!(key instanceof Key)) throw new TypeError("[train] `key` is not a Key. Make one: { key: Key.of(0) }.");
  checkCount("train", "`epochs`", epochs);
  checkCount("train", "`batchSize`", batchSize);
  if (options.credit !== undefined) checkKind("train", "`credit`", options.credit, "a function");
  checkExamples(net, examples);
  const steps = Math.ceil(examples.count / batchSize);
  const { metrics } = measuresOf(options);
  const [orders, draws] = key.split();
  // Copies, which steps may free.
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
              "firstNaN of synaptape/debug finds the op that it comes from.",
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

/** What one step works on. */
interface StepInputs {
  readonly indices: readonly number[];
  readonly key: Key;
  readonly step: number;
  readonly epoch: number;
}

/** Takes one step: gives the next state, the loss, and the outputs of the network with their targets. */
function stepOf<H extends object>(
  net: Network,
  state: TrainState<H>,
  examples: Examples,
  options: TrainOptions<H>,
  { indices, key, step, epoch }: StepInputs,
): { next: TrainState<H>; loss: Tensor; outputs: Tensor; y: Tensor } {
  const { hook, credit } = options;
  const { loss } = measuresOf(options);
  const [layers, hooks] = key.split();
  const { x, y } = examples.batch(indices);
  const measured = (params: Params) => {
    const {
      y: outputs,
      activations,
      states,
    } = net.run(params, x, { training: true, key: layers, states: state.states });
    return [loss(outputs, y), { outputs, states, activations: hook?.watches ? activations : [] }] as const;
  };
  const credited = (assign: NonNullable<typeof credit>) => {
    const [value, aux] = measured(state.params);
    return { value, aux, grad: assign(state.params, x, y) };
  };
  const { value, grad: grads, aux } = credit ? credited(credit) : valueAndGradAux(measured)(state.params);
  const taken = optimizerAt(options.optimizer, step).step(state.params, grads, state.optimizer);
  const after = { params: taken.params, optimizer: taken.state, state: state.hook };
  const { activations, states } = aux;
  const { params, optimizer, ...rest } = hook
    ? hook.step({ before: state.params, grads, after: taken.params, ...after, key: hooks, step, epoch, activations })
    : after;
  const next = { params, optimizer, hook: rest.state, states, step: fromNumbers([step + 1], [], "int32") };
  return { next, loss: value, outputs: aux.outputs, y };
}

function checkExamples(net: Network, examples: Examples): void {
  if (examples.count === 0) throw new RangeError("[train] there are no examples. Give at least one.");
  if (!sameShape(examples.shape, net.description.input)) {
    throw new RangeError(
      `[train] examples have shape ${showShape(examples.shape)}, but the network's input is ` +
        `${showShape(net.description.input)}. Make both the same; flatten() as the first layer flattens images.`,
    );
  }
}

/** Options of `fit`. */
export interface FitOptions<H extends object = readonly []> extends TrainOptions<H> {
  /** Examples on which the network is evaluated after every epoch; none by default. */
  readonly validation?: Examples;
  /** Called after every step. */
  readonly onProgress?: (progress: Progress<H>) => void;
}

/** The scores of an epoch. */
export interface EpochScores extends Scores {
  /** The epoch, from 0. */
  readonly epoch: number;
  /** The scores of the validation examples after it, if there are any. */
  readonly validation?: Scores;
}

/** The result of `fit`. */
export interface Fitted<H extends object = readonly []> {
  /** The learned parameters. */
  readonly params: Params;
  /** The last states of the layers. Pass them to `apply` and `evaluate` if layers have any. */
  readonly states: States;
  /** The last state, from which training can be continued. */
  readonly state: TrainState<H>;
  /** The scores of every epoch. */
  readonly epochs: readonly EpochScores[];
}

/**
 * Trains a network to the end, from its first parameters or from a state. It runs `train`, and throws what that throws.
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
  checkNetwork("fit", net);
  checkKind("fit", "the parameters to start from", start, "an object");
  checkAreExamples("fit", examples);
  checkKind("fit", "what the training is given", options, "an object");
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
