// The gradient of a compiled function. On the tape a call of it is one segment, like a checkpoint: its results are stored,
// and nothing in between. The sweep asks it for the cotangents of its arguments, which another program computes, traced from
// the function and the sweep over it. Where that would add cotangents in another order than a sweep over the function's own
// ops, or is itself differentiated, the function is run again and recorded, as a checkpoint is.
import { alias, apply, type Cotangent, followedBy, type Log, recorded, sweepParts } from "../autodiff/index.js";
import { mapTensors, type Tensor, withLeaves } from "../core/index.js";
import type { Program } from "./program.js";

/** How a program is found or made: `f` is traced at most once for each `key`. */
export interface Programs {
  of<A extends readonly unknown[], R>(
    key: string,
    f: (...args: A) => R,
    args: A,
    leaves: readonly Tensor[],
  ): Program<A, R>;
}

/** Runs `f` with nobody following it. */
export function unfollowed<T>(f: () => T): T {
  return followedBy({ recorder: undefined, pusher: undefined, batching: undefined }, f);
}

/** One call of a compiled function, to be recorded. */
interface Call<A extends readonly unknown[], R> {
  readonly f: (...args: A) => R;
  readonly args: A;
  /** The tensors of the arguments. */
  readonly leaves: readonly Tensor[];
  /** Of the arguments; see `signatureOf`. */
  readonly signature: string;
}

/** The tensors of a tree, in order. */
function tensorsIn(tree: unknown): Tensor[] {
  const tensors: Tensor[] = [];
  mapTensors(tree, (tensor) => {
    tensors.push(tensor);
    return tensor;
  });
  return tensors;
}

/** Runs the program of a call and records that as one segment. */
export function runRecorded<A extends readonly unknown[], R>(log: Log, programs: Programs, call: Call<A, R>): R {
  const { f, args, leaves, signature } = call;
  const { program, run } = unfollowed(() => {
    const found = programs.of(signature, f, args, leaves);
    return { program: found, run: found.run(leaves) };
  });
  const { places } = program;
  const outputsOf = (result: R): Tensor[] => {
    const all = tensorsIn(result);
    return places.map((at) => all[at]);
  };
  log.entries.push({
    kind: "segment",
    inputs: [...leaves, ...program.captured],
    outputs: run.made,
    steps: { from: 0, to: 1, op: "compile", names: [], step: () => ({ carry: [], kept: outputsOf(f(...args)) }) },
    carry: [],
    slots: undefined,
    pull: (cotangents, needs) => {
      // A tensor that the function closes over has no name in the trace of a gradient.
      if (needs.slice(leaves.length).includes(true)) return undefined;
      const wanted = leaves.map((_, i) => needs[i]);
      const reached = cotangents.map((cotangent) => cotangent !== undefined);
      const seeds = cotangents.filter((cotangent) => cotangent !== undefined);
      const pullback = (given: A, of: readonly Tensor[]): (Cotangent | undefined)[] => {
        const handles = tensorsIn(given).map((leaf, i) => (wanted[i] ? apply(alias, [leaf], undefined) : leaf));
        const { result, stretch } = recorded(() => f(...withLeaves(given, handles)));
        const results = outputsOf(result).filter((_, i) => reached[i]);
        const found = sweepParts(
          stretch,
          results,
          of,
          handles.filter((_, i) => wanted[i]),
        );
        let next = 0;
        return wanted.map((is) => (is ? found[next++] : undefined));
      };
      const key = `${signature} ${[...wanted, ...reached].map(Number).join("")}`;
      return unfollowed(() => {
        const all = [...leaves, ...seeds];
        return programs.of(key, pullback, [args, seeds], all).run(all).result;
      });
    },
  });
  return run.result;
}
