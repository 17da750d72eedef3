// What an op does that looks at numbers is run again as a whole. Two such runs that differ in their addresses only are
// recognised as one piece of work, so that loops of them fold.
import { type ElementType, type Filling, type Owner, type Region, type Shape, Tensor } from "../core/index.js";
import type { Call, Work } from "./fold.js";

/** Tensors of a program are freed with the program, not one by one. */
export const noDisposal: Owner = { dispose: () => false };

/** Whether two plain values are equal: numbers by their bits, lists and records part by part, all else by identity. */
function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const prototype: object | null = Object.getPrototypeOf(a);
  if (prototype !== Object.getPrototypeOf(b) || (prototype !== Object.prototype && prototype !== Array.prototype))
    return false;
  const [mine, others] = [Object.entries(a), Object.entries(b)];
  return (
    mine.length === others.length && mine.every(([key, value], i) => key === others[i][0] && alike(value, others[i][1]))
  );
}

interface Known {
  readonly like: readonly unknown[];
  readonly work: Work;
}

/** The fillings of one program. */
export class Fillings {
  /** By the first thing that tells one from another: the op's record, or the function itself. */
  private readonly known = new Map<unknown, Known[]>();

  /** @param region where the program's tensors live. */
  constructor(private readonly region: Region) {}

  /**
   * A call that runs `run` again on tensors in the same places.
   *
   * @param like what `run` depends on besides its tensors.
   */
  call(outputs: readonly Tensor[], inputs: readonly Tensor[], run: Filling<Tensor>, like: readonly unknown[]): Call {
    const tensors = [...outputs, ...inputs];
    const forms = tensors.map(({ shape, type }) => ({ shape, type }));
    const all = [...like, outputs.length, forms.map(({ shape, type }) => [shape, type.name])];
    const list = this.known.get(like[0]) ?? [];
    this.known.set(like[0], list);
    const known = list.find((other) => alike(other.like, all));
    const work = known?.work ?? this.work(forms, outputs.length, run);
    if (!known) list.push({ like: all, work });
    return { kind: "call", work: work, numbers: tensors.map(({ address }) => address) };
  }

  /** Runs `run` on tensors at the given addresses. Handles are made anew only when an address has changed. */
  private work(forms: readonly { shape: Shape; type: ElementType }[], count: number, run: Filling<Tensor>): Work {
    let outputs: readonly Tensor[] = [];
    let inputs: readonly Tensor[] = [];
    let before: readonly number[] = [];
    return (...addresses) => {
      if (before.length === 0 || addresses.some((address, i) => address !== before[i])) {
        before = addresses;
        const made = forms.map(({ shape, type }, i) => new Tensor(shape, type, addresses[i], this.region, noDisposal));
        outputs = made.slice(0, count);
        inputs = made.slice(count);
      }
      run(outputs, inputs);
    };
  }
}
