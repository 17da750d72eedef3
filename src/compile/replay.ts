// Makes a folded list of calls runnable: one function for each call, without garbage when it runs.
import type { Column } from "./column.js";
import type { Loop, Node, Work } from "./fold.js";

/** One step of a program. */
export type Step = () => void;

/** A place that a loop writes a number to before each round. */
interface Slot {
  readonly list: number[];
  readonly at: number;
}

/** A step, and where its numbers stand that change. */
interface Runnable {
  readonly step: Step;
  slot(i: number): Slot;
}

/**
 * A call with the numbers of a list, from place 1 on: what stands before them is none, so that engines keep fractions as they
 * are in the list, and reading one makes no garbage. One function for each count, so that no list is spread.
 */
function call(work: Work, n: readonly number[]): Step {
  switch (n.length - 1) {
    case 1:
      return () => work(n[1]);
    case 2:
      return () => work(n[1], n[2]);
    case 3:
      return () => work(n[1], n[2], n[3]);
    case 4:
      return () => work(n[1], n[2], n[3], n[4]);
    case 5:
      return () => work(n[1], n[2], n[3], n[4], n[5]);
    case 6:
      return () => work(n[1], n[2], n[3], n[4], n[5], n[6]);
    case 7:
      return () => work(n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
    case 8:
      return () => work(n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]);
    case 9:
      return () => work(n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9]);
    case 10:
      return () => work(n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]);
    case 11:
      return () => work(n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]);
    case 12:
      return () => work(n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12]);
    default:
      return () => work(...n.slice(1));
  }
}

/** @param varies which of the node's numbers the loops around it change. */
function runnable(node: Node, varies: (i: number) => boolean): Runnable {
  if (node.kind === "loop") return new Rounds(node, varies);
  const list = [undefined, ...node.numbers] as number[];
  return { step: call(node.work, list), slot: (i) => ({ list, at: i + 1 }) };
}

/** A loop: its body, and the numbers that change from round to round, or that loops around it set. */
class Rounds implements Runnable {
  private readonly body: readonly Step[];
  /** The loop's numbers, as this run has them. */
  private readonly start: number[];
  private readonly rounds: number;
  /** For each number that changes: which it is, and where it goes. */
  private readonly which: number[] = [];
  private readonly slots: Slot[] = [];
  /** Of those, the ones that change in this loop. */
  private readonly changes: Change[] = [];

  constructor({ body, numbers, columns, rounds }: Loop, varies: (i: number) => boolean) {
    this.start = [...numbers];
    this.rounds = rounds;
    let first = 0;
    this.body = body.map((node) => {
      const offset = first;
      first += node.numbers.length;
      const part = runnable(node, (i) => columns[offset + i] !== undefined || varies(offset + i));
      node.numbers.forEach((_, i) => {
        const at = offset + i;
        const column = columns[at];
        if (!column && !varies(at)) return;
        const slot = part.slot(i);
        this.which.push(at);
        this.slots.push(slot);
        if (column) this.changes.push(new Change(column, slot, this.start));
      });
      return part.step;
    });
  }

  slot(i: number): Slot {
    return { list: this.start, at: i };
  }

  readonly step = (): void => {
    const { body, rounds, start, which, slots, changes } = this;
    for (let k = 0; k < slots.length; k++) slots[k].list[slots[k].at] = start[which[k]];
    for (let k = 0; k < changes.length; k++) changes[k].begin();
    for (let i = 0; i < body.length; i++) body[i]();
    for (let round = 1; round < rounds; round++) {
      for (let k = 0; k < changes.length; k++) changes[k].advance(round);
      for (let i = 0; i < body.length; i++) body[i]();
    }
  };
}

/** One number of a loop that changes from round to round. */
class Change {
  private readonly list: number[];
  private readonly at: number;
  private readonly pieces: Column["pieces"];
  private piece = 0;
  private value = 0;
  private stride = 0;
  /** The round in which the next piece begins. */
  private turn = 0;

  constructor(
    { pieces }: Column,
    { list, at }: Slot,
    /** What pieces begin with. */
    private readonly start: readonly number[],
  ) {
    this.list = list;
    this.at = at;
    this.pieces = pieces;
  }

  begin(): void {
    this.enter(0);
  }

  advance(round: number): void {
    if (round === this.turn) this.enter(this.piece + 1);
    else if (this.stride !== 0) this.value += this.stride;
    this.list[this.at] = this.value;
  }

  private enter(next: number): void {
    const { pieces } = this;
    const { at, stride } = pieces[next];
    this.piece = next;
    this.value = this.start[at];
    this.stride = stride;
    this.turn = next + 1 < pieces.length ? pieces[next + 1].from : -1;
  }
}

/** The steps of a program. */
export function stepsOf(nodes: readonly Node[]): Step[] {
  return nodes.map((node) => runnable(node, () => false).step);
}
