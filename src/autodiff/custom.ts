// A function with a derivative of the user's choice: surrogate gradients of spikes (Neftci, Mostafa and Zenke 2019),
// stable formulas, implicit differentiation.
//
// The forward function is recorded op by op, so that what its residuals depend on stays known and backward can be
// differentiated again; the value is then cut off from those ops and hangs on one entry whose rule is the user's.
import {
  checkedPair,
  checkKind,
  leavesOf,
  mapTensors,
  showShape,
  type Tensor,
  type TreeOf,
  tensorCount,
  withLeaves,
} from "../core/index.js";
import { leavesLike } from "./leaves-like.js";
import type { AnyOp, Op } from "./op.js";
import { zerosLike } from "./primitives.js";
import {
  type Batching,
  currentBatching,
  currentLog,
  currentPusher,
  declare,
  isDifferentiated,
  Log,
  recordingIn,
} from "./tape.js";

/** What `customGrad` takes. `A` are the arguments, `R` the value, `S` the residuals. */
export interface CustomGradient<A extends readonly unknown[], R, S> {
  /** What messages call it; "customGrad" by default. */
  readonly name?: string;
  /**
   * The value, a tensor or a tree of tensors, and whatever `backward` needs. A residual that is a tensor of the value,
   * and no argument, has the custom derivative too; any other depends on the arguments as the ops that made it say.
   */
  forward(...inputs: A): readonly [value: R, residuals: S];
  /**
   * For a cotangent like the value one like each argument, or undefined for an argument without a derivative. Written in
   * ops, it can be differentiated again.
   */
  backward(residuals: S, cotangent: R): { readonly [K in keyof A]: A[K] | undefined };
  /** The tangent of the value for tangents like the arguments. Without it forward mode refuses the function. */
  forwardMode?(residuals: S, tangents: A): R;
}

interface Call {
  readonly inputs: readonly unknown[];
  /** How many leaves the arguments have: the entry's inputs after them are what `forward` closed over. */
  readonly given: number;
  readonly value: unknown;
  readonly residuals: unknown;
}

/**
 * The function that computes `forward` and has the derivative `backward`. Arguments are tensors or trees of tensors;
 * what `forward` closes over is a constant.
 *
 * @throws TypeError from forward mode (`jvp`, `hvp`) if there is no `forwardMode` rule; from any derivative with respect
 * to a tensor that `forward` closes over, and for cotangents that are not like the arguments.
 * @example
 * const clipped = customGrad({
 *   forward: (x: Tensor) => [x, undefined],
 *   backward: (_, cotangent: Tensor) => [cotangent.clip(-1, 1)],
 * });
 * grad((x: Tensor) => clipped(x).mul(5).sum())(tensor([1])); // [1]
 */
export function customGrad<A extends readonly unknown[] & TreeOf<A>, R extends TreeOf<R>, S>(
  rule: CustomGradient<A, R, S>,
): (...inputs: A) => R {
  checkKind("customGrad", "the rule", rule, "an object");
  const name = rule.name ?? "customGrad";
  const op = opOf(name, rule as unknown as AnyGradient);
  return (...inputs) => {
    const leaves = leavesOf(name, inputs).map(({ tensor }) => tensor);
    const forward = () => checkedPair(name, "forward", "[value, residuals]", rule.forward(...inputs));
    if (!isDifferentiated()) return forward()[0];
    const log = currentLog() ?? new Log();
    const start = log.entries.length;
    const given = new Set(leaves);
    const witness = new Witness(log.entries, given);
    const [value, residuals] = recordingIn(witness, forward);
    const values = leavesOf(name, value).map(({ tensor }) => tensor);
    for (const entry of log.entries.slice(start)) if (entry.kind === "segment") witness.note(entry.inputs);
    witness.note(values);
    return hung(rule as unknown as AnyGradient, op, {
      inputs,
      leaves,
      captured: [...witness.captured],
      value,
      residuals,
    }) as R;
  };
}

/** What `forward` was given and gave. */
interface Made {
  readonly inputs: readonly unknown[];
  readonly leaves: readonly Tensor[];
  readonly captured: readonly Tensor[];
  readonly value: unknown;
  readonly residuals: unknown;
}

/** The value, cut off from the ops that made it and hung on one entry. */
function hung(rule: AnyGradient, op: Op<Call>, { inputs, leaves, captured, value, residuals }: Made): unknown {
  const given = new Set(leaves);
  const values = leavesOf(op.name, value).map(({ tensor }) => tensor);
  const around = currentBatching();
  const outputs = around?.differentiated
    ? hungAround(around, rule, { inputs, leaves, captured, value, residuals })
    : values.map((tensor) => tensor.view(tensor.shape));
  const whole = withLeaves(value, outputs);
  declare(op, [...leaves, ...captured], outputs, {
    inputs,
    given: leaves.length,
    value: whole,
    residuals: mapTensors(residuals, (tensor) =>
      given.has(tensor) ? tensor : (outputs[values.indexOf(tensor)] ?? tensor),
    ),
  });
  return whole;
}

/** The same around a `vmap`, whose examples have the custom derivative there, too. */
function hungAround(around: Batching, rule: AnyGradient, made: Made): Tensor[] {
  const whole = <T>(tree: T): T => mapTensors(tree, (tensor) => around.whole(tensor));
  const handle = <T>(tree: T): T => mapTensors(tree, (tensor) => around.handle(tensor));
  const { forwardMode } = rule;
  const stacked: AnyGradient = {
    ...rule,
    backward: (residuals, cotangent) =>
      around.inside(() => rule.backward(handle(residuals), handle(cotangent)).map((part) => part && whole(part))),
    ...(forwardMode && {
      forwardMode: (residuals: unknown, tangents: readonly unknown[]) =>
        around.inside(() => whole(forwardMode(handle(residuals), handle(tangents)))),
    }),
  };
  const name = rule.name ?? "customGrad";
  const value = around.outside(() => {
    const inputs = whole(made.inputs);
    return hung(stacked, opOf(name, stacked), {
      inputs,
      leaves: leavesOf(name, inputs).map(({ tensor }) => tensor),
      captured: whole(made.captured),
      value: whole(made.value),
      residuals: whole(made.residuals),
    });
  });
  return leavesOf(name, value).map(({ tensor }) => around.handle(tensor));
}

/** Records in a log, and notes what forward reads that was there before it and is no argument. */
class Witness extends Log {
  readonly captured = new Set<Tensor>();
  private readonly newest = tensorCount();
  private readonly pusher = currentPusher();

  constructor(
    entries: Log["entries"],
    private readonly given: ReadonlySet<Tensor>,
  ) {
    super(entries);
  }

  override record(op: AnyOp, inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: unknown): void {
    super.record(op, inputs, outputs, attributes);
    // The rules of tangents that come from outside run beneath the pusher of then; they read what forward does not.
    let pusher = currentPusher();
    while (pusher && pusher !== this.pusher) pusher = pusher.outer;
    if (pusher === this.pusher && op.name !== "stop") this.note(inputs);
  }

  note(tensors: readonly Tensor[]): void {
    for (const tensor of tensors) if (tensor.id <= this.newest && !this.given.has(tensor)) this.captured.add(tensor);
  }
}

type AnyGradient = CustomGradient<readonly unknown[], unknown, unknown>;

function opOf(name: string, rule: AnyGradient): Op<Call> {
  const refuseCaptured = (tensor: Tensor): never => {
    throw new TypeError(
      `[${name}] its forward function closes over a ${showShape(tensor.shape)} tensor that is being differentiated. ` +
        "Pass it as an argument, or stop() it.",
    );
  };
  return {
    name,
    shapes: (inputs) => inputs.map(({ shape }) => shape),
    view: () => 0,
    vjp: (cotangents, { inputs, outputs, attributes: call, needs }) => {
      inputs.forEach((input, i) => {
        if (i >= call.given && needs(i)) refuseCaptured(input);
      });
      const whole = withLeaves(
        call.value,
        cotangents.map((cotangent, i) => cotangent ?? zerosLike(outputs[i])),
      );
      const parts: unknown = rule.backward(call.residuals, whole);
      if (!Array.isArray(parts) || parts.length !== call.inputs.length) {
        const got = Array.isArray(parts) ? `${parts.length} cotangents` : "no list";
        throw new TypeError(
          `[${name}] backward returned ${got} for ${call.inputs.length} arguments. Return [cotangent, ...], undefined for none.`,
        );
      }
      return call.inputs.flatMap((input, i) =>
        parts[i] === undefined
          ? leavesOf(name, input).map(() => undefined)
          : returned(name, "backward", input, parts[i]),
      );
    },
    jvp: (tangents, { inputs, attributes: call }) => {
      if (!rule.forwardMode) {
        throw new TypeError(
          `[${name}] has no forward rule, so jvp, hvp and forward mode cannot pass it. ` +
            "Give customGrad a forwardMode, or nest grad instead.",
        );
      }
      tangents.forEach((tangent, i) => {
        if (i >= call.given && tangent) refuseCaptured(inputs[i]);
      });
      const along = inputs.slice(0, call.given).map((input, i) => tangents[i] ?? zerosLike(input));
      const pushed = rule.forwardMode(call.residuals, withLeaves(call.inputs, along));
      return returned(name, "forwardMode", call.value, pushed);
    },
    reference: () => {
      throw new TypeError(`[${name}] is a custom gradient; it has no reference. Compare it with differences.`);
    },
    domain: [],
  };
}

/** The tensors that a rule returned, in the order of the leaves of what they must be like. */
function returned(name: string, rule: string, like: unknown, part: unknown): Tensor[] {
  const words = { subject: rule, verb: "returned", cure: "Bring it to that shape." };
  return leavesLike(name, leavesOf(name, like), part, words).map(({ tensor }) => tensor);
}
