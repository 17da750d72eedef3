// Neurons and dendrites that learn in turn, as long as it helps on examples that neither learns from.
import {
  checkKey,
  checkKind,
  checkMade,
  checkOptions,
  disposeTree,
  type Key,
  keep,
  quote,
  scope,
} from "../core/index.js";
import {
  type Examples,
  evaluate,
  initialState,
  type MeasureOptions,
  type Network,
  type Params,
  type Scores,
  type States,
  train,
} from "../nn/index.js";
import type { Optimizer, Scheduled } from "../optim/index.js";
import { checkOptimizer } from "../optim/internal.js";
import { type Candidates, grow } from "./grow.js";
import { type DendriteTree, noDendrites, withDendrites } from "./perforated.js";

/** How neurons and dendrites learn in turn, and when they stop. */
export interface CyclesOptions extends MeasureOptions {
  /** The optimizer of neurons, and of how strongly they hear their dendrites. It starts from its initial state in every cycle. */
  readonly optimizer: Scheduled<Params>;
  /** The optimizer of dendrites, such as `adam({ lr: 1e-2 })`. */
  readonly growth: Optimizer<Candidates, object>;
  /** Examples that nothing is learned from. They decide when neurons stop, and whether dendrites are accepted. */
  readonly validation: Examples;
  /** The key of the order of examples, of the draws of layers, and of the first parameters of dendrites. */
  readonly key: Key;
  /** The examples of a batch; 64 by default. */
  readonly batchSize?: number;
  /** Neurons stop after so many epochs in a row without a better score; 10 by default. */
  readonly patience?: number;
  /** The epochs in which dendrites learn; 10 by default. */
  readonly growthEpochs?: number;
  /** The most epochs of neurons in one cycle; 1000 by default. */
  readonly mostEpochs?: number;
  /** The most dendrites that a neuron gets; 100 by default. */
  readonly mostDendrites?: number;
  /** How often in a row dendrites are drawn anew if those before did not help; 5 by default. */
  readonly tries?: number;
  /** What should become small on `validation`; the loss by default. `({ metrics }) => 1 - metrics.accuracy` is another. */
  readonly score?: (scores: Scores) => number;
  /** Called after every cycle. */
  readonly onCycle?: (cycle: Cycle) => void;
}

/** What came of one cycle: dendrites that learned, and then neurons. The first has neurons only. */
export interface Cycle {
  /** The dendrites of a neuron in this cycle. */
  readonly dendrites: number;
  /** The epochs in which neurons learned. */
  readonly epochs: number;
  /** The best scores on `validation`. */
  readonly validation: Scores;
  /** Whether the cycle made the score better, so that its dendrites stay. */
  readonly accepted: boolean;
}

/** A network that has grown as long as it helped. */
export interface Cycled {
  /** The accepted dendrites. */
  readonly tree: DendriteTree;
  /** The parameters of `withDendrites(net, tree)` with the best score. */
  readonly params: Params;
  /** The states of the layers that go with them. */
  readonly states: States;
  /** Every cycle, those without success included. */
  readonly cycles: readonly Cycle[];
}

/** A score is better if it is lower by more than this share of the best one, and by more than this much. */
const [SHARE, LEAST] = [1e-4, 1e-5];
const isBetter = (score: number, best: number): boolean =>
  best - score > SHARE * Math.abs(best) && best - score > LEAST;

/** A network as it was when its score was best. */
interface Best {
  readonly params: Params;
  readonly states: States;
  readonly scores: Scores;
  readonly score: number;
  /** The epochs in which it learned. */
  readonly epochs: number;
}

const WHOLE = ["batchSize", "patience", "growthEpochs", "mostEpochs", "mostDendrites", "tries"] as const;
const OTHERS = ["optimizer", "growth", "validation", "key", "loss", "metrics", "score", "onCycle"];

/** The options with their defaults. */
function settled(options: CyclesOptions) {
  const op = "growWhileItHelps";
  checkKind(op, "what it is given", options, "an object");
  checkOptions(op, options, [...WHOLE, ...OTHERS]);
  const {
    batchSize = 64,
    patience = 10,
    growthEpochs = 10,
    mostEpochs = 1000,
    mostDendrites = 100,
    tries = 5,
  } = options;
  const numbers = { batchSize, patience, growthEpochs, mostEpochs, mostDendrites, tries };
  for (const name of WHOLE) {
    if (Number.isSafeInteger(numbers[name]) && numbers[name] >= 1) continue;
    throw new RangeError(`[${op}] \`${name}\` is ${quote(numbers[name])}. Give a whole number of at least 1.`);
  }
  checkKey(op, options.key, "`key`");
  checkOptimizer(op, "`growth`", options.growth);
  const cure = "Make them with examplesOf() or imagesOf(), or take a part of yours with subset().";
  checkMade(op, "`validation`", options.validation, ["count", "batch"], cure);
  const { score = ({ loss }) => loss, ...rest } = options;
  return { ...rest, ...numbers, score };
}

/**
 * Lets neurons learn until their score on `validation` stops improving, gives each one dendrite more by `grow`, lets neurons
 * learn again, and so on. Each time the network goes on from where its score was best. Dendrites stay only if they make the
 * best score better; if not, others are tried, and after `tries` of them in a row the network is finished.
 *
 * ```ts
 * const optimizer = adam({ lr: 1e-3 });
 * const { tree, params, cycles } = growWhileItHelps(net, net.init(Key.of(0)), examples, {
 *   optimizer, growth: adam({ lr: 1e-2 }), validation, key: Key.of(1),
 * });
 * console.log(cycles.map(({ dendrites, validation: { loss } }) => [dendrites, loss]));
 * ```
 *
 * A better score is lower by more than a ten-thousandth of the best one and by more than 0.00001, as in the authors' code.
 * Their code also tries several learning rates after each change; here the optimizers stay as they are given.
 *
 * @returns the best network. Its tensors outlive every scope, until they are disposed of.
 * @throws RangeError if no layer can have dendrites, for numbers that cannot be and for a loss that is not finite; TypeError
 * for options that do not exist, and for an optimizer, a key or validation examples that are missing.
 */
export function growWhileItHelps(net: Network, params: Params, examples: Examples, options: CyclesOptions): Cycled {
  const { growth, growthEpochs, mostDendrites, tries, onCycle, ...rest } = settled(options);
  const { batchSize, key, loss } = rest;
  const cycles: Cycle[] = [];
  const note = (dendrites: number, { epochs, scores }: Best, accepted: boolean): void => {
    const cycle = { dendrites, epochs, validation: scores, accepted };
    cycles.push(cycle);
    onCycle?.(cycle);
  };
  let tree = noDendrites(net);
  let best = bestOf(withDendrites(net, tree), params, examples, { ...rest, key: key.fold(0) });
  note(0, best, true);
  for (let dendrites = 1, failed = 0; dendrites <= mostDendrites && failed < tries; ) {
    const [growKey, learnKey] = key.fold(cycles.length).split();
    const [grown, next] = scope(() => {
      const how = { optimizer: growth, epochs: growthEpochs, batchSize, key: growKey, states: best.states };
      const { tree: more, params: start } = grow(net, best.params, tree, examples, { ...how, ...(loss && { loss }) });
      return [more, bestOf(withDendrites(net, more), start, examples, { ...rest, key: learnKey })];
    });
    const accepted = isBetter(next.score, best.score);
    note(dendrites, next, accepted);
    if (accepted) {
      disposeTree([best.params, best.states]);
      [tree, best] = [grown, next];
    } else {
      disposeTree([next.params, next.states, grown.map((all, i) => all.slice(tree[i].length))]);
    }
    [dendrites, failed] = accepted ? [dendrites + 1, 0] : [dendrites, failed + 1];
  }
  return { tree, params: best.params, states: best.states, cycles };
}

/** What neurons need to learn. */
type Learning = Omit<ReturnType<typeof settled>, "growth" | "growthEpochs" | "mostDendrites" | "tries" | "onCycle">;

/** Trains until the score on `validation` has not become better for `patience` epochs; gives what was best, to be freed. */
function bestOf(net: Network, params: Params, examples: Examples, options: Learning): Best {
  const { validation, score, patience, mostEpochs, optimizer, batchSize, key, loss, metrics } = options;
  const measures = { ...(loss && { loss }), ...(metrics && { metrics }) };
  return scope(() => {
    const how = { optimizer, epochs: mostEpochs, batchSize, key, ...measures };
    const start = initialState(net, params, how);
    const looked = (epochs: number, { params, states }: Pick<Best, "params" | "states">): Best => {
      const scores = evaluate(net, params, validation, { ...measures, states });
      return { params, states, scores, score: score(scores), epochs };
    };
    const held = (found: Best): Best => ({ ...found, ...keep({ params: found.params, states: found.states }) });
    let best = held(looked(0, start));
    let [epochs, since] = [0, 0];
    for (const { step, steps, state } of train(net, start, examples, how)) {
      if (step < steps) continue;
      epochs++;
      const now = looked(epochs, state);
      since++;
      if (isBetter(now.score, best.score)) {
        disposeTree([best.params, best.states]);
        [best, since] = [held(now), 0];
      }
      if (since >= patience) break;
    }
    return { ...best, epochs };
  });
}
