// What the rules of pairs and of triplets share: who sends, the bounds of weights, and spikes that take time along the dendrite.
import { checkKind, quote, type Shape, type Tensor } from "../core/index.js";
import { add, clip, concat, mul, neg, reshape, slice, sub } from "../ops/index.js";

/** Options of all rules that depend on the times of spikes. */
export interface RuleOptions {
  /**
   * Who sends: "shared" (the default), an input sends to all units, `pre` is (inputs); "each", every synapse has a sender of
   * its own, `pre` is (inputs, units), as on a grid of cells, see `cellGrid`.
   */
  readonly senders?: "shared" | "each";
  /**
   * How many steps a spike of the receiver takes back to its synapses along the dendrite; 0 by default. A sender that spikes
   * so many steps later than the receiver is in time with it.
   */
  readonly delay?: number;
}

/** The least and the largest weight. */
export type Bounds = readonly [low: number, high: number];

/** The weights after they have grown and shrunk by these amounts, by what happens at the bounds. */
export const boundings = {
  hard: (w: Tensor, up: Tensor, down: Tensor, [low, high]: Bounds) => clip(sub(add(w, up), down), low, high),
  soft: (w: Tensor, up: Tensor, down: Tensor, [low, high]: Bounds) =>
    sub(add(w, mul(up, add(neg(w), high))), mul(down, sub(w, low))),
  none: (w: Tensor, up: Tensor, down: Tensor) => sub(add(w, up), down),
};

/** What may happen at the bounds. */
export type Bounding = keyof typeof boundings;

const SENDERS = ["shared", "each"];

/** Throws unless these are usable. */
export function checkRule(
  op: string,
  { senders, delay, bounds, bound }: Required<RuleOptions> & { readonly bounds: Bounds; readonly bound: Bounding },
): void {
  checkKind(op, "`bounds`", bounds, "a list");
  if (!(bounds[0] < bounds[1])) {
    throw new RangeError(
      `[${op}] \`bounds\` are ${quote(bounds[0])} and ${quote(bounds[1])}. Give the smallest weight first.`,
    );
  }
  if (!Number.isInteger(delay) || delay < 0) {
    throw new RangeError(`[${op}] \`delay\` is ${quote(delay)}. Give a whole number of steps from 0 up.`);
  }
  if (!Object.hasOwn(boundings, bound)) {
    throw new RangeError(`[${op}] \`bound\` is ${quote(bound)}. Use ${Object.keys(boundings).join(", ")}.`);
  }
  if (!SENDERS.includes(senders)) {
    throw new RangeError(`[${op}] \`senders\` is ${quote(senders)}. Use ${SENDERS.join(" or ")}.`);
  }
}

/** The shape of the senders' spikes for weights (inputs, units). */
export const sendersOf = ([inputs, units]: Shape, senders: RuleOptions["senders"]): Shape =>
  senders === "each" ? [inputs, units] : [inputs];

/** What belongs to senders, (inputs), as a column; a matrix is one already. */
export const column = (x: Tensor): Tensor => (x.rank === 2 ? x : reshape(x, [-1, 1]));
/** What belongs to receivers, (units), as a row; a matrix is one already. */
export const row = (x: Tensor): Tensor => (x.rank === 2 ? x : reshape(x, [1, -1]));

/** The receivers' spikes that reach their synapses in this step, and those that wait after it, (delay, units). */
export function arriving(
  waiting: Tensor | undefined,
  post: Tensor,
): { readonly arrived: Tensor; readonly next: { readonly waiting?: Tensor } } {
  if (!waiting) return { arrived: post, next: {} };
  return { arrived: waiting.row(0), next: { waiting: concat([slice(waiting, 1), row(post)], 0) } };
}
