// The tape of a function as text.
import {
  type AnyOp,
  alias,
  apply,
  type Entry,
  Log,
  type RuleParts,
  recordingIn,
  replay,
  type Segment,
  type Watcher,
  watchedBy,
} from "../autodiff/index.js";
import {
  checkKind,
  holding,
  leavesOf,
  openScope,
  showShape,
  type Tensor,
  type TreeOf,
  within,
  withLeaves,
} from "../core/index.js";

/** Remembers in which step of which loop each tensor was made, as `loop 2, step 7`, one part a level. */
class StepNotes implements Watcher {
  private readonly steps = new WeakMap<Tensor, string>();
  private path: readonly string[] = [];

  applied(_op: AnyOp, outputs: readonly Tensor[]): void {
    for (const output of outputs) this.steps.set(output, this.path.join(" of "));
  }

  rule<T extends RuleParts>(_op: AnyOp, _outputs: readonly Tensor[], _pass: string, run: () => T): T {
    return run();
  }

  step<T>(index: number, run: () => T): T {
    const before = this.path;
    this.path = [`step ${index}`, ...before];
    try {
      return run();
    } finally {
      this.path = before;
    }
  }

  of({ outputs }: Entry | Segment): string {
    return (outputs[0] && this.steps.get(outputs[0])) ?? "";
  }
}

interface Sums {
  saved: number;
  entries: number;
  recomputed: number;
  again: number;
}

/** `340 B`, `12.5 kB`, `3.1 MB`. */
function show(bytes: number): string {
  if (bytes < 10_000) return `${bytes} B`;
  return bytes < 10_000_000 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const bytesOf = (tensors: readonly Tensor[]): number =>
  [...new Set(tensors.map(({ base }) => base))].reduce((sum, { bytes }) => sum + bytes, 0);

function opLine({ op, inputs, outputs }: Entry): string {
  const shapes = (tensors: readonly Tensor[]): string => tensors.map(({ shape }) => showShape(shape)).join(" ");
  const made = "view" in op ? "view" : show(bytesOf(outputs));
  return `${op.name.padEnd(14)} ${`${shapes(inputs)} -> ${shapes(outputs)}`.padEnd(44)} ${made}`;
}

/** Ops and bytes of a segment that is run again; segments in it are run again too. */
function rerun(segment: Segment): { ops: number; bytes: number } {
  const log = new Log();
  const scope = openScope();
  try {
    within(scope, () => holding(true, () => recordingIn(log, () => replay(segment.steps, segment.carry))));
    let ops = 0;
    let bytes = 0;
    for (const entry of log.entries) {
      const inner = entry.kind === "segment" ? rerun(entry) : undefined;
      ops += inner ? inner.ops : 1;
      bytes += inner ? inner.bytes : "view" in (entry as Entry).op ? 0 : bytesOf(entry.outputs);
    }
    return { ops, bytes };
  } finally {
    scope.close();
  }
}

function segmentLine(segment: Segment, sums: Sums): string {
  const { steps, outputs, slots } = segment;
  const { ops, bytes } = rerun(segment);
  sums.recomputed += bytes;
  sums.again += ops;
  const which = steps.to - steps.from === 1 ? `step ${steps.from}` : `steps ${steps.from} to ${steps.to - 1}`;
  const way = slots === undefined ? "" : `, binomially with ${slots} carries`;
  return `segment        ${which}: ${show(bytesOf(outputs))} stored; ${ops} ops again, ${show(bytes)} recomputed${way}`;
}

/** Entries of one step. */
interface Group {
  readonly step: string;
  readonly lines: string[];
}

function describe(log: Log, notes: StepNotes, sums: Sums): string[] {
  const groups: Group[] = [];
  for (const entry of log.entries) {
    const step = notes.of(entry);
    if (groups.at(-1)?.step !== step) groups.push({ step, lines: [] });
    sums.entries++;
    sums.saved += entry.kind === "op" && "view" in entry.op ? 0 : bytesOf(entry.outputs);
    groups.at(-1)!.lines.push(entry.kind === "segment" ? segmentLine(entry, sums) : opLine(entry));
  }
  const text: string[] = [];
  for (let i = 0; i < groups.length; ) {
    const { step, lines } = groups[i];
    let end = i + 1;
    while (step !== "" && end < groups.length && groups[end].lines.join("\n") === lines.join("\n")) end++;
    if (step !== "") {
      text.push(end - i === 1 ? `${step}:` : `${step} to ${groups[end - 1].step}, ${end - i} times the same:`);
    }
    text.push(...lines.map((line) => (step === "" ? line : `  ${line}`)));
    i = end;
  }
  return text;
}

/**
 * What a gradient of `f` at `parameters` stores, as text: each op with its shapes and the bytes of its results (views
 * have none), the steps of loops, the segments of checkpointed loops with what is stored of them and what is run again,
 * and the totals. Runs `f`, and the steps of its segments once more; computes no gradient.
 *
 * @example explain((w: Tensor) => w.square().sum(), tensor([1, 2])).split("\n").length > 1 // true
 */
export function explain<P extends TreeOf<P>, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => unknown,
  parameters: P,
  ...rest: A
): string {
  checkKind("explain", "the function to explain", f, "a function");
  const leaves = leavesOf("explain", parameters);
  const log = new Log();
  const notes = new StepNotes();
  const sums: Sums = { saved: 0, entries: 0, recomputed: 0, again: 0 };
  const scope = openScope();
  try {
    return within(scope, () => {
      const handles = leaves.map(({ tensor }) => apply(alias, [tensor], undefined));
      const run = (): unknown => f(withLeaves(parameters, handles), ...rest);
      watchedBy(notes, () => holding(true, () => recordingIn(log, run)));
      const inputs = leaves.map(
        ({ path, tensor }) => `parameter      ${path === "" ? "" : `${path} `}${showShape(tensor.shape)}`,
      );
      const text = describe(log, notes, sums);
      return [
        ...inputs,
        ...text,
        `saved ${show(sums.saved)} in ${sums.entries} entries; recomputed ${show(sums.recomputed)} in ${sums.again} ops`,
      ].join("\n");
    });
  } finally {
    scope.close();
  }
}
