// Recordings from arrays and from files: NumPy's .npz, with an array for each part, and CSV, with a line for each step.
import { bytesOf, checkKind, checkMade, InputError, listed, plain, quote, showShape, Tensor } from "../core/index.js";
import { textOf } from "../io/index.js";
import { arraysOfNpz, csvRows } from "../io/internal.js";
import type { Recording, Rows } from "./recording.js";

/** An array with its shape, such as what `readNpy` returns. */
export interface ArrayOfNumbers {
  /** The lengths of its axes. */
  readonly shape: readonly number[];
  /** Its numbers, the last axis fastest. */
  readonly numbers: ArrayLike<number>;
}

const PARTS = ["inputs", "start", "outputs", "weights", "rewards"] as const;
type Part = (typeof PARTS)[number];
/** How many axes a part of one recording has; weights may be (steps, neurons, inputs) or (steps, neurons x inputs). */
const AXES: Readonly<Record<Part, readonly number[]>> = {
  inputs: [2],
  start: [2],
  outputs: [2],
  weights: [2, 3],
  rewards: [1],
};

/** The rows of a matrix that begins at some place of the numbers. */
const rowsAt = ({ numbers }: ArrayOfNumbers, from: number, count: number, width: number): number[][] =>
  Array.from({ length: count }, (_, row) =>
    Array.from({ length: width }, (_, i) => Number(numbers[from + row * width + i])),
  );

/** The rows of a part, for each of so many recordings, or for the only one. */
function rowsOf(array: ArrayOfNumbers, count: number | undefined): number[][][] {
  const [all, ...shape] = count === undefined ? [1, ...array.shape] : array.shape;
  const [rows, ...rest] = shape;
  const width = rest.reduce((product, size) => product * size, 1);
  return Array.from({ length: all }, (_, r) => rowsAt(array, r * rows * width, rows, width));
}

/**
 * Recordings of arrays by name: `inputs` (steps, inputs), `start` (neurons, inputs), `outputs` (steps, neurons), and where they
 * were seen `weights` (steps, neurons, inputs) and `rewards` (steps). With one more axis in front of each they are those of
 * several recordings; `start` may then be one for all. Where these have unequal lengths, fill up shorter ones: `outputs` and
 * `weights` with NaN, `inputs` and `rewards` with 0. Tensors may be given, or arrays with a shape.
 *
 * ```ts
 * const recordings = recordingsFrom({ inputs: readNpy(a), start: readNpy(b), outputs: readNpy(c) });
 * ```
 *
 * @param name what errors call the recordings.
 * @throws TypeError for what is no array; InputError for a part that is missing or not known, or whose shape does not fit the
 * others or its numbers. What the numbers are is checked by `fitRule`.
 */
export function recordingsFrom(
  arrays: Readonly<Record<string, Tensor | ArrayOfNumbers>>,
  name = "the recordings",
): Recording[] {
  const fail = (text: string): InputError => new InputError(`[recordingsFrom] ${plain(name)} ${text}`);
  checkKind("recordingsFrom", "the arrays", arrays, "an object");
  const given = new Map<string, ArrayOfNumbers>();
  for (const [part, array] of Object.entries(arrays)) {
    if (!PARTS.includes(part as Part))
      throw fail(`has ${quote(part)}, which is no part of a recording. The parts are ${listed([...PARTS])}.`);
    const cure = "Give a tensor, or what readNpy() returned.";
    if (!(array instanceof Tensor)) checkMade("recordingsFrom", `\`${part}\``, array, ["shape", "numbers"], cure);
    const own = array instanceof Tensor ? { shape: array.shape, numbers: array.data() } : array;
    const size = own.shape.reduce((product, each) => product * each, 1);
    if (own.numbers.length !== size)
      throw fail(
        `has \`${part}\` of shape ${showShape(own.shape)} with ${own.numbers.length} numbers. Give ${size}, or another shape.`,
      );
    given.set(part, own);
  }
  for (const part of ["inputs", "start", "outputs"]) {
    if (!given.has(part)) throw fail(`lacks \`${part}\`. Give inputs, start and outputs.`);
  }
  const several = given.get("inputs")!.shape.length === 3;
  const count = several ? given.get("inputs")!.shape[0] : undefined;
  const parts = [...given].map(([part, array]) => {
    const [axes, extra] = [array.shape.length, Number(several)];
    const fits = AXES[part as Part].some((own) => own + extra === axes) && (!several || array.shape[0] === count);
    if (fits) return [part, rowsOf(array, count)] as const;
    if (several && part === "start" && axes === 2) return [part, rowsOf(array, undefined)] as const;
    throw fail(
      `has \`${part}\` of shape ${showShape(array.shape)} beside \`inputs\` of ${showShape(given.get("inputs")!.shape)}. Give ` +
        `${AXES[part as Part].join(" or ")} axes for one recording, and one more in front, of the recordings, for several.`,
    );
  });
  return Array.from({ length: count ?? 1 }, (_, r) => {
    const own = Object.fromEntries(parts.map(([part, rows]) => [part, rows[r] ?? rows[0]]));
    const { rewards, ...rest } = own as unknown as Readonly<Record<Part, Rows>>;
    return { ...rest, ...(rewards && { rewards: rewards.flat() }) };
  });
}

/** What a column of a CSV file holds: its part, and its place in the row of this part. */
const COLUMN = /^(input|output|weight|start)[ _.-]?(\d+(?:[ _.-]\d+)?)$/i;

/** A column of a CSV file by its name. */
function columnsOf(head: readonly string[], fail: (text: string) => InputError) {
  const found: Record<string, number[]> = { input: [], output: [], weight: [], start: [] };
  let [recording, reward, step] = [-1, -1, -1];
  const names = head.map((cell) => cell.trim().toLowerCase());
  const twice = names.findIndex((name, at) => names.indexOf(name) < at);
  if (twice >= 0) throw fail(`has a column ${quote(head[twice])} twice. Call one of them something else.`);
  names.forEach((name, at) => {
    const match = COLUMN.exec(name);
    if (match) found[match[1]].push(at);
    else if (name === "reward") reward = at;
    else if (name === "recording") recording = at;
    else if (name === "step") step = at;
    else {
      throw fail(
        `has a column ${quote(head[at])}. Call columns input_1, input_2 and so on, output_1, weight_1_1 (neuron, input), start_1_1, ` +
          "reward, recording and step.",
      );
    }
  });
  const placeOf = (at: number): number[] => names[at].match(/\d+/g)!.map(Number);
  for (const columns of Object.values(found)) {
    columns.sort((a, b) => {
      const [[first, then = 0], [other, last = 0]] = [placeOf(a), placeOf(b)];
      return first - other || then - last;
    });
  }
  for (const part of ["input", "output", "start"]) {
    if (found[part].length === 0) throw fail(`has no column ${part}_1${part === "start" ? "_1" : ""}. Add it.`);
  }
  const [inputs, neurons] = [found.input.length, found.output.length];
  for (const part of ["start", "weight"]) {
    const many = found[part].length;
    if (many === 0 || many === neurons * inputs) continue;
    throw fail(
      `has ${many} columns ${part}_..., but ${neurons} outputs of ${inputs} inputs. Give ${neurons * inputs}.`,
    );
  }
  for (const [part, columns] of Object.entries(found)) {
    const width = part === "start" || part === "weight" ? inputs : columns.length;
    const first = columns.length > 0 ? Math.min(1, placeOf(columns[0])[0]) : 1; // counted from 1, or as in Python from 0
    columns.forEach((at, i) => {
      const own = placeOf(at);
      const expected = own.length === 1 ? [first + i] : [first + Math.floor(i / width), first + (i % width)];
      if (own.every((place, axis) => place === expected[axis])) return;
      throw fail(
        `has a column ${quote(head[at])} where ${part}_${expected.join("_")} would be next. Add it, or count without gaps.`,
      );
    });
  }
  return { ...found, recording, reward, step } as Record<"input" | "output" | "weight" | "start", number[]> &
    Readonly<Record<"recording" | "reward" | "step", number>>;
}

/** How numbers are written; other forms that JavaScript knows, such as 0x10, are rather slips here. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^[+-]?inf(?:inity)?$/i;

type NumberAt = (line: number, column: number) => number;
type Fail = (text: string) => InputError;

/** Throws for lines of a recording whose steps do not rise. */
function checkOrder(lines: readonly number[], column: number, numberAt: NumberAt, fail: Fail): void {
  if (column < 0) return;
  lines.forEach((line, at) => {
    if (at === 0 || numberAt(line, column) > numberAt(lines[at - 1], column)) return;
    throw fail(
      `has step ${numberAt(line, column)} in line ${line + 2}, after step ${numberAt(lines[at - 1], column)} of the same recording. Sort ` +
        "the lines by their steps, and tell recordings apart by a column recording.",
    );
  });
}

/** Throws for first weights that are others in a later line of a recording. */
function checkStart(lines: readonly number[], columns: readonly number[], numberAt: NumberAt, fail: Fail): void {
  for (const column of columns) {
    const first = numberAt(lines[0], column);
    const other = lines.find((line) => !Number.isNaN(numberAt(line, column)) && numberAt(line, column) !== first);
    if (other === undefined) continue;
    throw fail(
      `has a first weight of ${first} in line ${lines[0] + 2}, column ${column + 1}, and another of ${numberAt(other, column)} in line ` +
        `${other + 2} of the same recording. Leave all but the first empty; weights that were seen later belong in weight_1_1.`,
    );
  }
}

/** Recordings in a CSV file: a line for each step. */
function fromCsv(text: string, name: string): Recording[] {
  const fail = (words: string): InputError => new InputError(`[readRecordings] ${plain(name)} ${words}`);
  const [head = [], ...lines] = csvRows(text.replace(/^\ufeff/, ""), `[readRecordings] ${plain(name)}`);
  const columns = columnsOf(head, fail);
  if (lines.length === 0) throw fail("has names of columns only. Give it a line for each step.");
  const sessions = new Map<string, number[]>();
  lines.forEach((line, at) => {
    if (line.length !== head.length)
      throw fail(`has ${line.length} cells in line ${at + 2}, where the first has ${head.length}. Give it as many.`);
    const session = columns.recording < 0 ? "" : line[columns.recording];
    if (!sessions.has(session)) sessions.set(session, []);
    sessions.get(session)!.push(at);
  });
  const numberAt = (line: number, column: number): number => {
    const cell = lines[line][column].trim();
    if (cell === "" || /^nan$/i.test(cell)) return Number.NaN;
    const number = DECIMAL.test(cell) ? Number(cell) : Number.NaN;
    if (!Number.isNaN(number)) return number;
    throw fail(`has ${quote(cell)} in line ${line + 2}, column ${column + 1}. Put a number there, or nothing.`);
  };
  return [...sessions.values()].map((steps) => {
    checkOrder(steps, columns.step, numberAt, fail);
    checkStart(steps, columns.start, numberAt, fail);
    const rows = (part: readonly number[]) => steps.map((line) => part.map((column) => numberAt(line, column)));
    const first = columns.start.map((column) => numberAt(steps[0], column));
    const inputs = columns.input.length;
    return {
      ...{ inputs: rows(columns.input), outputs: rows(columns.output) },
      start: columns.output.map((_, j) => first.slice(j * inputs, (j + 1) * inputs)),
      ...(columns.weight.length > 0 && { weights: rows(columns.weight) }),
      ...(columns.reward >= 0 && { rewards: rows([columns.reward]).flat() }),
    };
  });
}

/** How files of these kinds begin. */
const [ZIP, HDF5, NPY] = ["PK", "\x89HDF", "\x93NUMPY"];

/**
 * Recordings in a file: a .npz with the arrays that `recordingsFrom` takes, or a CSV with a line for each step and columns
 * `input_1`, `output_1`, `start_1_1` (neuron, input; in the first line of each recording), and where they were seen `weight_1_1`,
 * `reward`, and `recording`, which tells recordings apart. Lines are in the order of the steps, which a column `step` may
 * number, so that lines out of order are refused. What was not seen is NaN or an empty cell.
 *
 * ```ts
 * const recordings = readRecordings(await readFile("session.csv"), "session.csv");
 * recordings.length; // 1
 * ```
 *
 * HDF5, which NWB is made of, is not read: Python converts it by `h5py` and `numpy.savez`, as the error says.
 *
 * @param name what errors call the file.
 * @throws InputError for a file that is damaged or of another kind, as `recordingsFrom`, and for cells that are no numbers.
 */
export function readRecordings(bytes: ArrayBuffer | ArrayBufferView, name = "the file"): Recording[] {
  const all = bytesOf("readRecordings", bytes);
  const begins = (sign: string): boolean => [...sign].every((letter, i) => all[i] === letter.charCodeAt(0));
  if (begins(ZIP)) return recordingsFrom(arraysOfNpz(all, name), name);
  const fail = (text: string): InputError => new InputError(`[readRecordings] ${plain(name)} ${text}`);
  if (begins(NPY)) throw fail("is one array. Read each with readNpy(), and give them to recordingsFrom().");
  if (begins(HDF5)) {
    throw fail(
      'is HDF5, which is not read here. In Python: `f = h5py.File("x.h5")`, then `numpy.savez("x.npz", inputs=f["inputs"], ' +
        'start=f["start"], outputs=f["outputs"])`, with the paths of your data sets.',
    );
  }
  return fromCsv(textOf(all, name), name);
}
