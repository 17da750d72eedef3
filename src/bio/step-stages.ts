// The order of a step, enforced by types: each stage takes the result of the stage before, so a program that leaves one
// out, or changes their order, does not compile. A stage whose mechanism is off passes on its input.
//
//   proposed     what the optimizer makes of the gradient: scaled gradients would be divided out again by Adam, whose step
//                does not depend on the size of gradients, so nothing touches them before
//   regulated    the update times all rates: scaling, volume, fuzzy rates, homeostasis, crystallisation
//   updated      the weight after that update. Rates first, then the move: an optimizer's decay and momentum are
//                regulated too, and a crystallised synapse stays where it is
//   remodelled   some synapses replaced: after the move, or the update of the old synapse would hit the new one
//   lawful       signs corrected, always last: a move may cross zero, and a new synapse may have any sign
//
// The published order is another: gradients are regulated (volume, fuzzy, then crystallisation, which sees scaled
// gradients), then the optimizer moves. `regulateGradient` and `updatedBy` are its first two stages.

import { checkKind, checkMade, type Tensor } from "../core/index.js";
import { mul, sub } from "../ops/index.js";
import { enforceDale, exponentialStep } from "./dale.js";
import { regulated } from "./regulated.js";

declare const stage: unique symbol;

/** A value that has passed the stages of a step up to this one. */
type At<Stage extends string, T> = T & { readonly [stage]: Stage };

/** A weight, and where the optimizer would put it. */
export type Proposed = At<"proposed", { readonly weight: Tensor; readonly next: Tensor }>;

/** A weight, where the optimizer would put it, and the rates of its synapses, if there are any. */
export type Regulated = At<"regulated", { readonly weight: Tensor; readonly next: Tensor; readonly rate?: Tensor }>;

/** A weight after its update. */
export type Updated = At<"updated", { readonly weight: Tensor }>;

/** A weight after remodelling. */
export type Remodelled = At<"remodelled", { readonly weight: Tensor }>;

/** A weight at the end of a step. */
export type Lawful = At<"lawful", { readonly weight: Tensor }>;

/** A gradient times all rates: the published order only. */
export type RegulatedGradient = At<"regulated gradient", { readonly gradient: Tensor }>;

const at = <Stage extends string, T>(value: T): At<Stage, T> => value as At<Stage, T>;

/** Throws for what the stage before did not make, which only plain JavaScript can pass. */
function checkStage(op: string, value: object, before: string): void {
  checkMade(op, "the first argument", value, ["weight"], `Give what ${before} returned.`);
}

/**
 * The first stage: a weight, and where the optimizer would put it.
 *
 * @example const { weight } = move(regulate(propose(tensor([1, 2]), tensor([1.5, 2])))) // [1.5, 2]
 */
export const propose = (weight: Tensor, next: Tensor): Proposed => at({ weight, next });

/**
 * The second stage: the rates that the update is multiplied by, which broadcast to it. `rateOf` may look at the update
 * first; without rates the optimizer's result is unchanged, to the bit.
 *
 * @example
 * const halved = regulate(propose(tensor([1, 2]), tensor([2, 2])), () => tensor([0.5, 0.5]));
 * move(halved); // { weight: [1.5, 2] }
 */
export function regulate(
  proposed: Proposed,
  rateOf: (update: () => Tensor) => Tensor | undefined = () => undefined,
): Regulated {
  checkStage("regulate", proposed, "propose()");
  checkKind("regulate", "the second argument", rateOf, "a function");
  const { weight, next } = proposed;
  const rate = rateOf(() => sub(next, weight));
  return at({ weight, next, ...(rate && { rate }) });
}

/**
 * The third stage: the weight after its update. With `signs`, it is the weight's logarithm that is updated.
 *
 * @example move(regulate(propose(tensor([1, 2]), tensor([2, 2])))) // { weight: [2, 2] }
 */
export function move(proposed: Regulated, signs?: Tensor): Updated {
  checkStage("move", proposed, "regulate()");
  const { weight, next, rate } = proposed;
  if (signs) {
    const update = sub(next, weight);
    return at({ weight: exponentialStep(weight, rate ? mul(update, rate) : update, signs) });
  }
  return at({ weight: rate ? regulated(weight, next, rate) : next });
}

/**
 * The fourth stage: some synapses replaced by `replace`.
 *
 * @example remodel(move(regulate(propose(tensor([1, 2]), tensor([2, 2]))))) // { weight: [2, 2] }
 */
export function remodel(updated: Updated, replace?: (weight: Tensor) => Tensor): Remodelled {
  checkStage("remodel", updated, "move()");
  if (replace !== undefined) checkKind("remodel", "the second argument", replace, "a function");
  const { weight } = updated;
  return at({ weight: replace ? replace(weight) : weight });
}

/**
 * The last stage: weights of the wrong sign become 0; without signs, nothing changes.
 *
 * @example obey(remodel(move(regulate(propose(tensor([1, 2]), tensor([2, 2])))))) // { weight: [2, 2] }
 */
export function obey(remodelled: Remodelled, signs?: Tensor): Lawful {
  checkStage("obey", remodelled, "remodel()");
  const { weight } = remodelled;
  return at({ weight: signs ? enforceDale(weight, signs) : weight });
}

/** The published first stage: the gradient times the rates that it is given. */
export function regulateGradient(g: Tensor, rateOf?: (g: () => Tensor) => Tensor | undefined): RegulatedGradient {
  if (rateOf !== undefined) checkKind("regulateGradient", "the second argument", rateOf, "a function");
  const rate = rateOf?.(() => g);
  return at({ gradient: rate ? mul(g, rate) : g });
}

/** The published second stage: where the optimizer put the weight, given a regulated gradient. */
export const updatedBy = (_: RegulatedGradient, weight: Tensor): Updated => at({ weight });
