// Folds a list of calls while it grows: what was done three times over, with numbers that advance evenly, becomes a loop,
// and so do loops. A loop of any number of steps, forward or backward, unrolled by hand or not, is then as long as a few of
// its steps. In the manner of Ketterlin and Clauss (2008, "Prediction and trace compression of data access addresses
// through nested loop recognition"), with one difference: numbers that do not advance evenly are recorded one by one.
import { Column, changeAlike } from "./column.js";

/** A kernel, or whatever else is run with a list of numbers. Two calls do the same if they share it. */
export type Work = (...numbers: number[]) => unknown;

/** A piece of work with its numbers. */
export interface Call {
  readonly kind: "call";
  readonly work: Work;
  /** What it is called with; within a loop, in round 0. */
  readonly numbers: readonly number[];
}

/** A list that is run again and again. */
export interface Loop {
  readonly kind: "loop";
  readonly body: readonly Node[];
  /** How often. */
  rounds: number;
  /** The numbers of the whole body in round 0, one part of it after the other; then what pieces of columns begin with. */
  readonly numbers: number[];
  /** How those of the body change; undefined: not at all. */
  readonly columns: (Column | undefined)[];
  /** The hash of the body. */
  readonly hash: number;
}

/** A part of a program. */
export type Node = Call | Loop;

/** How many calls are written down in a list, and how many are made when it runs. */
export function lengthOf(nodes: readonly Node[]): { calls: number; runs: number } {
  let [calls, runs] = [0, 0];
  for (const node of nodes) {
    const inner = node.kind === "call" ? { calls: 1, runs: 1 } : lengthOf(node.body);
    calls += inner.calls;
    runs += inner.runs * (node.kind === "call" ? 1 : node.rounds);
  }
  return { calls, runs };
}

/** The longest list that is recognised as a body. */
const LONGEST_BODY = 4096;

/** What is repeated so often becomes a loop at once if all of its numbers advance evenly ... */
const EVEN_ROUNDS = 3;

/** ... and after so many rounds if they do not. By then it is known whether two rounds together are better. */
const UNEVEN_ROUNDS = 6;

/** Whether two parts are the same apart from the numbers that they begin with. */
function same(a: Node, b: Node): boolean {
  if (a.kind === "call" || b.kind === "call") {
    return a.kind === "call" && b.kind === "call" && a.work === b.work && a.numbers.length === b.numbers.length;
  }
  return (
    a.rounds === b.rounds &&
    a.body.length === b.body.length &&
    a.body.every((part, i) => same(part, b.body[i])) &&
    a.columns.every((column, i) => changeAlike(column, b.columns[i]))
  );
}

/** Whether three numbers in turn advance evenly. Of fractions, which are no addresses, nothing is asked. */
function even(a: number, b: number, c: number): boolean {
  return !Number.isInteger(a) || !Number.isInteger(b) || !Number.isInteger(c) || c - b === b - a;
}

/** A factor of hashes; odd, with bits well spread (2^32 divided by the golden ratio). */
const FACTOR = 0x9e3779b1;

/** FACTOR^k, modulo 2^32. */
const powers = new Int32Array(LONGEST_BODY + 1).fill(1);
for (let k = 1; k <= LONGEST_BODY; k++) powers[k] = Math.imul(powers[k - 1], FACTOR);

/** A list of calls that folds itself. */
export class Folded {
  readonly nodes: Node[] = [];
  /** For each node, the last one before it with the same work; -1 for none, and for loops. */
  private readonly before: number[] = [];
  /** The last node of each work. */
  private readonly last = new Map<Work, number>();
  /** Where the loops are. */
  private readonly loops: number[] = [];
  /** The hash of the nodes before each: of any two stretches one can say at once that they differ. */
  private readonly hashes: number[] = [0];
  private readonly codes = new Map<Work, number>();
  /** How many calls were added. */
  private added = 0;
  /** For a length that repeats unevenly, after how many calls it is worth another look. */
  private readonly patience = new Map<number, number>();

  add(call: Call): void {
    this.added++;
    this.push(call);
    while (this.absorbed() || this.folded());
  }

  private push(node: Node): void {
    const at = this.nodes.push(node) - 1;
    this.hashes.push((Math.imul(this.hashes[at], FACTOR) + this.codeOf(node)) | 0);
    if (node.kind === "loop") {
      this.before.push(-1);
      this.loops.push(at);
    } else {
      this.before.push(this.last.get(node.work) ?? -1);
      this.last.set(node.work, at);
    }
  }

  /** Takes the last `count` nodes off. */
  private pop(count: number): Node[] {
    const first = this.nodes.length - count;
    for (let at = this.nodes.length - 1; at >= first; at--) {
      const node = this.nodes[at];
      if (node.kind === "loop") this.loops.pop();
      else if (this.before[at] < 0) this.last.delete(node.work);
      else this.last.set(node.work, this.before[at]);
    }
    this.before.length = first;
    this.hashes.length = first + 1;
    return this.nodes.splice(first);
  }

  private codeOf(node: Node): number {
    if (node.kind === "loop") return Math.imul(node.hash + node.rounds, FACTOR);
    const known = this.codes.get(node.work);
    if (known !== undefined) return known;
    const code = Math.imul(this.codes.size + 1, FACTOR);
    this.codes.set(node.work, code);
    return code;
  }

  /** The hash of the nodes from `from` to `to`. */
  private hashOf(from: number, to: number): number {
    return (this.hashes[to] - Math.imul(this.hashes[from], powers[to - from])) | 0;
  }

  /** Gives the last nodes to a loop before them, if they are one more round of it. */
  private absorbed(): boolean {
    const { nodes, loops } = this;
    for (let i = loops.length - 1; i >= 0 && nodes.length - loops[i] <= LONGEST_BODY + 1; i--) {
      const at = loops[i];
      const { body, hash } = nodes[at] as Loop;
      if (nodes.length - 1 - at !== body.length || this.hashOf(at + 1, nodes.length) !== hash) continue;
      if (!body.every((part, k) => same(part, nodes[at + 1 + k]))) continue;
      lengthen(nodes[at] as Loop, this.pop(body.length));
      // Its hash has changed with its length.
      this.push(this.pop(1)[0]);
      return true;
    }
    return false;
  }

  /** Makes a loop of the last nodes, if they are the same several times over. */
  private folded(): boolean {
    const { nodes, before } = this;
    const end = nodes.length;
    const top = end - 1;
    for (let at = before[top]; at >= 0; at = before[at]) {
      const length = top - at;
      if (length > LONGEST_BODY) return false;
      if (this.added >= (this.patience.get(length) ?? 0) && this.repeats(length, EVEN_ROUNDS)) {
        const rounds = this.isEven(length) ? EVEN_ROUNDS : UNEVEN_ROUNDS;
        if (rounds === EVEN_ROUNDS || (this.repeats(length, UNEVEN_ROUNDS) && !this.isBetterInPairs(length))) {
          this.fold(length, rounds);
          return true;
        }
        this.patience.set(length, this.added + Math.ceil(length / 4));
      }
    }
    return false;
  }

  private fold(length: number, rounds: number): void {
    const hash = this.hashOf(this.nodes.length - length, this.nodes.length);
    const parts = this.pop(length * rounds);
    const body = parts.slice(0, length);
    const numbers = body.flatMap((part) => part.numbers);
    const columns = new Array<undefined>(numbers.length).fill(undefined);
    const loop: Loop = { kind: "loop", body, rounds: 1, numbers, columns, hash };
    for (let k = 1; k < rounds; k++) lengthen(loop, parts.slice(k * length, (k + 1) * length));
    this.push(loop);
  }

  /** Whether the last `rounds` stretches of this length are the same. */
  private repeats(length: number, rounds: number): boolean {
    const { nodes } = this;
    const top = nodes.length - 1;
    const end = nodes.length;
    if (length * rounds > end) return false;
    const hash = this.hashOf(end - length, end);
    for (let k = 2; k <= rounds; k++) {
      if (this.hashOf(end - k * length, end - (k - 1) * length) !== hash) return false;
    }
    for (let at = top; at > top - length * (rounds - 1); at--) if (!same(nodes[at], nodes[at - length])) return false;
    return true;
  }

  private isEven(length: number): boolean {
    return this.unevenOf(length, 1) === 0;
  }

  private isBetterInPairs(length: number): boolean {
    return this.unevenOf(2 * length, 1) < this.unevenOf(length, 2);
  }

  /** How many numbers do not advance evenly over the last three stretches, and over those before them if `times` is 2. */
  private unevenOf(length: number, times: number): number {
    const { nodes } = this;
    let count = 0;
    for (let at = nodes.length - length * times; at < nodes.length; at++) {
      const [a, b, c] = [nodes[at - 2 * length].numbers, nodes[at - length].numbers, nodes[at].numbers];
      for (let i = 0; i < c.length; i++) if (!even(a[i], b[i], c[i])) count++;
    }
    return count;
  }
}

/** Adds a round to a loop. */
function lengthen(loop: Loop, parts: readonly Node[]): void {
  const { columns, numbers } = loop;
  let i = 0;
  for (const part of parts) {
    for (const number of part.numbers) {
      const column = columns[i];
      if (!Object.is(column ? column.next(loop.rounds) : numbers[i], number)) {
        columns[i] ??= new Column(numbers, i);
        columns[i]!.turn(loop.rounds, number);
      }
      i++;
    }
  }
  loop.rounds++;
}
