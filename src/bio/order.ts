// The order of a step, enforced by types: each stage takes what the stage before gives, so a program that leaves one out,
// or changes their order, does not compile. A stage whose mechanism is off passes on what it got.
//
//   proposed     what the optimizer makes of the gradient: scaled gradients would be divided out again by Adam, whose step
//                does not depend on the size of gradients, so nothing touches them before
//   regulated    the update times all rates: scaling, volume, fuzzy rates, homeostasis, crystallisation
//   moved        the weight after that update. Rates first, then the move: an optimizer's decay and momentum are
//                regulated too, and a crystallised synapse stays where it is
//   remodelled   some synapses replaced: after the move, or the update of the old synapse would hit the new one
//   lawful       signs put right, always last: a move may cross zero, and a new synapse may have any sign
//
// The published order is another: gradients are regulated (volume, fuzzy, then crystallisation, which sees scaled
// gradients), then the optimizer moves. `regulateGradient` and `movedBy` are its first two stages.

import type { Tensor } from "../core/index.js";
import { add, mul, sub } from "../ops/index.js";
import { enforceDale, exponentialStep } from "./dale.js";

declare const stage: unique symbol;

/** What has come so far in a step, and no further. */
type At<Stage extends string, T> = T & { readonly [stage]: Stage };

/** A weight, and where the optimizer would put it. */
export type Proposed = At<"proposed", { readonly weight: Tensor; readonly next: Tensor }>;

/** A weight and its update; `next` instead where no rate applies, so that it stays the optimizer's to the bit. */
export type Regulated = At<"regulated", { readonly weight: Tensor; readonly next?: Tensor; readonly update?: Tensor }>;

/** A weight after its update. */
export type Moved = At<"moved", { readonly weight: Tensor }>;

/** A weight after remodelling. */
export type Remodelled = At<"remodelled", { readonly weight: Tensor }>;

/** A weight at the end of a step. */
export type Lawful = At<"lawful", { readonly weight: Tensor }>;

/** A gradient times all rates: the published order only. */
export type RegulatedGradient = At<"regulated gradient", { readonly gradient: Tensor }>;

const at = <Stage extends string, T>(value: T): At<Stage, T> => value as At<Stage, T>;

/** The first stage: a weight, and where the optimizer would put it. */
export const propose = (weight: Tensor, next: Tensor): Proposed => at({ weight, next });

/** The second stage: the update times the rates that it is given, which broadcast to it; to the bit as it is without. */
export function regulate({ weight, next }: Proposed, rateOf?: (update: Tensor) => Tensor | undefined): Regulated {
  if (!rateOf) return at({ weight, next });
  const update = sub(next, weight);
  const rate = rateOf(update);
  return at({ weight, update: rate ? mul(update, rate) : update });
}

/** The third stage: the weight after its update. With `signs`, it is the weight's logarithm that is updated. */
export function move({ weight, next, update }: Regulated, signs?: Tensor): Moved {
  if (signs) return at({ weight: exponentialStep(weight, update ?? sub(next!, weight), signs) });
  return at({ weight: next ?? add(weight, update!) });
}

/** The fourth stage: some synapses replaced by `replace`. */
export function remodel({ weight }: Moved, replace?: (weight: Tensor) => Tensor): Remodelled {
  return at({ weight: replace ? replace(weight) : weight });
}

/** The last stage: weights of the wrong sign are 0; without signs, as they are. */
export function obey({ weight }: Remodelled, signs?: Tensor): Lawful {
  return at({ weight: signs ? enforceDale(weight, signs) : weight });
}

/** The published first stage: the gradient times the rates that it is given. */
export function regulateGradient(g: Tensor, rateOf?: (g: Tensor) => Tensor | undefined): RegulatedGradient {
  const rate = rateOf?.(g);
  return at({ gradient: rate ? mul(g, rate) : g });
}

/** The published second stage: where the optimizer put the weight, given a regulated gradient. */
export const movedBy = (_: RegulatedGradient, weight: Tensor): Moved => at({ weight });
