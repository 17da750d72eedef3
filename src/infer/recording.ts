// What was recorded of a layer of neurons while its synapses changed, with every number checked.
import { checkKind, quote } from "../core/index.js";

/** Numbers row by row. */
export type Rows = readonly (readonly number[])[];

/** What was recorded of a layer of neurons over some steps. */
export interface Recording {
  /** The activity of the input neurons at each step, (steps, inputs). It must be known: no NaN. */
  readonly inputs: Rows;
  /** The weights before the first step, (neurons, inputs). */
  readonly start: Rows;
  /** What was seen of the neurons, (steps, neurons): activity, or choices of 0 and 1. NaN where it was not recorded. */
  readonly outputs: Rows;
  /** Weights where they were seen, after each step, (steps, neurons x inputs) row by row. NaN where they were not. */
  readonly weights?: Rows;
  /** The reward at each step; 0 if left out. */
  readonly rewards?: readonly number[];
}

/** What neurons were given. */
export type Given = Omit<Recording, "outputs" | "weights">;

/** The sizes of a recording. */
export interface Sizes {
  readonly steps: number;
  readonly inputs: number;
  readonly neurons: number;
  /** Whether weights were seen. */
  readonly weights: boolean;
}

/** Throws for a table with rows of other lengths, or with numbers that are not allowed. */
function checkRows(op: string, name: string, rows: Rows, shape: readonly [number, number], missing: boolean): void {
  checkKind(op, `\`${name}\``, rows, "a list");
  const [count, width] = shape;
  if (rows.length !== count) {
    throw new RangeError(
      `[${op}] \`${name}\` has ${rows.length} rows, but \`inputs\` has ${count} steps. Cut both to the same steps.`,
    );
  }
  rows.forEach((row, at) => {
    if (row?.length !== width) {
      throw new RangeError(
        `[${op}] row ${at} of \`${name}\` has ${quote(row?.length)} numbers, not ${width}. Make all rows as long.`,
      );
    }
    const odd = row.findIndex((x) => !(Number.isFinite(x) || (missing && Number.isNaN(x))));
    if (odd < 0) return;
    throw new RangeError(
      `[${op}] \`${name}\` is ${quote(row[odd])} in row ${at}, column ${odd}. Give finite numbers${missing ? ", or NaN for what is missing" : ": it must be known"}.`,
    );
  });
}

/** What a column of outputs holds if it is the same everywhere; undefined if it varies, or nothing of it was seen. */
function constantIn(outputs: Rows, column: number): number | undefined {
  const seen = outputs.map((row) => row[column]).filter((x) => x !== undefined && !Number.isNaN(x));
  return seen.every((x) => x === seen[0]) ? seen[0] : undefined;
}

/** Throws for a neuron whose activity is the same at each step of a recording, as where an electrode is dead. */
function checkVaries(op: string, outputs: Rows, neurons: number): void {
  for (let column = 0; column < neurons; column++) {
    const value = constantIn(outputs, column);
    if (value === undefined) continue; // a unit that was never seen is allowed
    throw new RangeError(
      `[${op}] column ${column} of \`outputs\` is ${value} at every step, which says nothing about a rule. ` +
        "Make it NaN throughout to leave it out.",
    );
  }
}

/**
 * Throws for a chooser that makes the same choice everywhere. In one recording of several that is what it did; to leave such
 * recordings out would favour rules that make it choose in other ways.
 */
export function checkChoicesVary(op: string, recordings: readonly Recording[]): void {
  const outputs = recordings.flatMap((recording) => recording.outputs);
  const neurons = Math.max(...recordings.map(({ start }) => start.length));
  for (let column = 0; column < neurons; column++) {
    const value = constantIn(outputs, column);
    if (value === undefined) continue;
    throw new RangeError(
      `[${op}] every choice in column ${column} of \`outputs\` is ${value}, in all recordings, which says nothing about a rule. ` +
        "Give recordings with both choices, or make it NaN throughout to leave it out.",
    );
  }
}

/** Checks what neurons were given, and tells its sizes. */
export function shapeOf(op: string, { inputs, start, rewards }: Given): Sizes {
  checkKind(op, "`inputs`", inputs, "a list");
  checkKind(op, "`start`", start, "a list");
  const sizes = { steps: inputs.length, inputs: inputs[0]?.length ?? 0, neurons: start.length, weights: false };
  if (sizes.steps === 0 || sizes.inputs === 0 || sizes.neurons === 0) {
    throw new RangeError(`[${op}] a recording has no steps, no inputs or no neurons. Give at least one of each.`);
  }
  checkRows(op, "inputs", inputs, [sizes.steps, sizes.inputs], false);
  checkRows(op, "start", start, [sizes.neurons, sizes.inputs], false);
  if (rewards === undefined) return sizes;
  checkKind(op, "`rewards`", rewards, "a list");
  const column = rewards.map((reward) => [reward]);
  checkRows(op, "rewards", column, [sizes.steps, 1], false);
  return sizes;
}

/** Checks a recording, and tells its sizes. */
export function sizesOf(op: string, recording: Recording, choices: boolean): Sizes {
  const { outputs, weights } = recording;
  const sizes = { ...shapeOf(op, recording), weights: weights !== undefined };
  checkRows(op, "outputs", outputs, [sizes.steps, sizes.neurons], true);
  if (!choices) checkVaries(op, outputs, sizes.neurons);
  const odd = choices ? outputs.flat().find((x) => x !== 0 && x !== 1 && !Number.isNaN(x)) : undefined;
  if (odd !== undefined) {
    throw new RangeError(
      `[${op}] a choice in \`outputs\` is ${odd}. Give 0, 1, or NaN for none, or observe "gaussian".`,
    );
  }
  if (weights) checkRows(op, "weights", weights, [sizes.steps, sizes.neurons * sizes.inputs], true);
  if (![...outputs, ...(weights ?? [])].some((row) => row.some((x) => !Number.isNaN(x)))) {
    throw new RangeError(
      `[${op}] nothing was seen in a recording: all \`outputs\` and \`weights\` are NaN. Leave it out.`,
    );
  }
  return sizes;
}
