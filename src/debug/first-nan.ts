// Finds the op that made the first NaN or infinity.
import { type AnyOp, OuterProduct, type RuleParts, type Watcher, watchedBy } from "../autodiff/index.js";
import { callSite, checkKind, checkOptions, kernelsOf, type Tensor, withDeepStacks } from "../core/index.js";

/** What `firstNaN` finds. */
export interface NonFinite {
  /** Name of the op. In the backward pass: of the op whose derivative it is. */
  readonly op: string;
  /** "backward" if a cotangent was bad; values and the tangents of forward mode are "forward". */
  readonly pass: "forward" | "backward";
  /** The step of the loop, the innermost one, in which the op was applied; left out outside loops. */
  readonly step?: number;
  /** File and line that applied the op. */
  readonly at: string;
}

/** Options of `firstNaN`. */
export interface FirstNaNOptions {
  /** Whether infinities count too; true unless said. Say false where -Infinity is used on purpose, as in masks. */
  readonly infinities?: boolean;
}

/** Where and in which step an op was applied. */
interface Origin {
  readonly error: Error;
  readonly step: number | undefined;
}

/** Ends the run once something is found. */
class Found extends Error {}

class Finder implements Watcher {
  found: NonFinite | undefined;
  private readonly origins = new WeakMap<Tensor, Origin>();
  /** Where the op was applied whose rule runs now; what the rule does is its doing. */
  private inRule: Origin | undefined;
  private currentStep: number | undefined;

  constructor(private readonly infinities: boolean) {}

  applied(op: AnyOp, outputs: readonly Tensor[]): void {
    const origin = this.inRule ?? { error: new Error(), step: this.currentStep };
    for (const output of outputs) this.origins.set(output, origin);
    if (!this.inRule && !("view" in op)) this.check(op, "forward", origin, outputs);
  }

  rule<T extends RuleParts>(op: AnyOp, outputs: readonly Tensor[], pass: NonFinite["pass"], run: () => T): T {
    const before = this.inRule;
    const origin = this.origins.get(outputs[0]) ?? { error: new Error(), step: this.currentStep };
    this.inRule = origin;
    try {
      const parts = run();
      const tensors = parts.flatMap((part) =>
        part instanceof OuterProduct ? [part.left, part.right] : part ? [part] : [],
      );
      this.check(op, pass, origin, tensors);
      return parts;
    } finally {
      this.inRule = before;
    }
  }

  step<T>(index: number, run: () => T): T {
    const before = this.currentStep;
    this.currentStep = index;
    try {
      return run();
    } finally {
      this.currentStep = before;
    }
  }

  private check(op: AnyOp, pass: NonFinite["pass"], { error, step }: Origin, tensors: readonly Tensor[]): void {
    if (this.found || !tensors.some((tensor) => this.isBad(tensor))) return;
    this.found = { op: op.name, pass, ...(step === undefined ? {} : { step }), at: callSite(error) };
    throw new Found(`[firstNaN] found in ${op.name}.`);
  }

  private isBad(tensor: Tensor): boolean {
    if (!tensor.type.isFloat || kernelsOf(tensor).countNonFinite(tensor.address, tensor.size) === 0) return false;
    return this.infinities || tensor.elements.some(Number.isNaN);
  }
}

/**
 * Runs `f`, which computes values or derivatives of any kind, and tells where the first NaN or infinity came up:
 * `{ op, pass, step, at }`, or undefined if all numbers are finite. An op that is given such a number from outside is
 * named too. What `f` returns is dropped; it ends at the first find. Several times slower than `f` alone.
 *
 * @throws TypeError if `f` is asynchronous, and whatever `f` throws before something is found.
 * @example firstNaN(() => log(tensor([1, -1])))?.op // "log"
 */
export function firstNaN(f: () => unknown, given: FirstNaNOptions = {}): NonFinite | undefined {
  checkKind("firstNaN", "what it runs", f, "a function");
  checkOptions("firstNaN", given, ["infinities"]);
  const { infinities = true } = given;
  const finder = new Finder(infinities);
  try {
    const result = withDeepStacks(() => watchedBy(finder, f));
    if (result instanceof Promise) {
      throw new TypeError(
        "[firstNaN] the function is asynchronous; only what runs before it returns is seen. Await first.",
      );
    }
  } catch (error) {
    if (!finder.found) throw error;
  }
  return finder.found;
}
