// What a gradient is made of. The gradient of a weight that multiplies activities is a sum of outer products of these with
// cotangents. Here the sum is not taken: whoever needs only products of gradients with one another can use the factors.
import { copyOf, currentPlace, holding, type Place, type Tensor, within } from "../core/index.js";
import { type Stretch, TapeSweep } from "./backward.js";
import type { AnyOp, OuterProduct } from "./op.js";
import { Pool } from "./pool.js";
import { sweeping } from "./sweep.js";
import { type Entry, isDifferentiated } from "./tape.js";
import type { RuleParts } from "./watch.js";

/** An application of an op to a target, and what came back to it. */
export interface Use {
  /** The op. */
  readonly op: AnyOp;
  /** What it was applied to. */
  readonly inputs: readonly Tensor[];
  /** What it was applied with besides. */
  readonly attributes: unknown;
  /** Which of the inputs is the target. */
  readonly at: number;
  /** The cotangent of its result. */
  readonly cotangent: Tensor;
}

/** The gradient of a target: the sum of what its uses would give, and of the rest. */
export interface Gathered {
  /** Uses by ops whose uses are asked for. */
  readonly uses: readonly Use[];
  /** What came by other ops, in one piece; undefined if nothing did. */
  readonly rest: Tensor | undefined;
}

class GatheringSweep extends TapeSweep {
  readonly uses = new Map<Tensor, Use[]>();

  constructor(
    pool: Pool | undefined,
    targets: readonly Tensor[],
    private readonly gathers: (op: AnyOp) => boolean,
    private readonly lasting: (tensor: Tensor) => Tensor,
    private readonly kept: (tensor: Tensor) => Tensor,
  ) {
    super(pool);
    for (const target of targets) this.uses.set(target, []);
  }

  protected override rule(
    entry: Entry,
    cotangents: readonly (Tensor | undefined)[],
    products: readonly (readonly OuterProduct[])[],
    needs: (i: number) => boolean,
  ): RuleParts {
    const { op, inputs, attributes } = entry;
    if (!this.gathers(op) || !inputs.some((input) => this.uses.has(input))) {
      return super.rule(entry, cotangents, products, needs);
    }
    const given = inputs.map((input) => (this.uses.has(input) ? input : this.kept(input)));
    const cotangent = this.lasting(cotangents[0]!);
    inputs.forEach((input, at) => {
      this.uses.get(input)?.push({ op, inputs: given, attributes, at, cotangent });
    });
    return super.rule(entry, cotangents, products, (i) => needs(i) && !this.uses.has(inputs[i]));
  }
}

/**
 * What the gradients of `targets` are made of, for this cotangent of `result`, in the current place.
 *
 * @param gathers the ops whose uses are wanted as they are. Each has one result, and takes no outer products.
 * @param place where the inputs of uses live.
 */
export function gather(
  stretch: Stretch,
  result: Tensor,
  seed: Tensor,
  targets: readonly Tensor[],
  gathers: (op: AnyOp) => boolean,
  place: Place = currentPlace(),
): Gathered[] {
  const pool = isDifferentiated() ? undefined : new Pool();
  const copiedTo =
    (to: Place) =>
    (tensor: Tensor): Tensor =>
      pool ? within(to, () => copyOf(tensor)) : tensor;
  const lasting = copiedTo(currentPlace());
  const sweep = new GatheringSweep(pool, targets, gathers, lasting, copiedTo(place));
  const run = (): Gathered[] =>
    sweep
      .gradients(stretch, [result], [seed], targets, (sum) => lasting(sweep.cotangents.whole(sum)))
      .map((rest, i) => ({ uses: sweep.uses.get(targets[i])!, rest }));
  try {
    return sweeping(() => (pool ? within(pool, () => holding(false, run)) : run()));
  } finally {
    sweep.close();
  }
}
