// Recordings are read from what NumPy (sessions.py) and spreadsheets write.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, tensor } from "../../src/index.js";
import { fitRule, monomial, type Recording, readRecordings, recordingsFrom } from "../../src/infer/index.js";

const NONE = Number.NaN;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A recording as CSV, as this test writes it. */
function csvOf(recordings: readonly Recording[]): string {
  const [{ start, weights, rewards }] = recordings;
  const [neurons, inputs] = [start.length, start[0].length];
  const each = (count: number, name: (i: number) => string) => Array.from({ length: count }, (_, i) => name(i));
  const pairs = (part: string) =>
    each(neurons * inputs, (i) => `${part}_${Math.floor(i / inputs) + 1}_${(i % inputs) + 1}`);
  const head = [
    ...["recording", "step"],
    ...[...each(inputs, (i) => `input_${i + 1}`), ...each(neurons, (j) => `output_${j + 1}`), ...pairs("start")],
    ...[...(weights ? pairs("weight") : []), ...(rewards ? ["reward"] : [])],
  ];
  const lines = recordings.flatMap((recording, r) =>
    recording.inputs.map((row, t) =>
      [
        ...[
          `day ${r}`,
          t,
          ...row,
          ...recording.outputs[t],
          ...(t === 0 ? recording.start.flat() : start.flat().map(() => "")),
        ],
        ...[...(recording.weights?.[t] ?? []), ...(recording.rewards ? [recording.rewards[t]] : [])],
      ].map((cell) => (Number.isNaN(cell) ? "" : String(cell))),
    ),
  );
  return [head, ...lines].map((line) => line.join(",")).join("\r\n");
}

describe("readRecordings", () => {
  const npz = new Uint8Array(readFileSync(new URL("./sessions.npz", import.meta.url)));

  it("reads an archive of arrays as NumPy wrote it, with one start for all", () => {
    expect(readRecordings(npz)).toEqual([
      {
        ...{
          inputs: [
            [0, 1],
            [2, 3],
            [4, 5],
          ],
          start: [[0.5, -0.5]],
          outputs: [[1], [0], [NONE]],
          rewards: [1, 0, -1],
        },
        weights: [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
      },
      {
        ...{
          inputs: [
            [6, 7],
            [8, 9],
            [10, 11],
          ],
          start: [[0.5, -0.5]],
          outputs: [[0], [1], [1]],
          rewards: [0, 1, 0],
        },
        weights: [
          [6, 7],
          [8, 9],
          [10, 11],
        ],
      },
    ]);
  });

  it("reads any recordings from CSV, with gaps and columns in any order", () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(NONE));
    const sizes = fc.record({
      steps: fc.integer({ min: 1, max: 4 }),
      inputs: fc.integer({ min: 1, max: 3 }),
      neurons: fc.integer({ min: 1, max: 2 }),
    });
    const recordings = sizes.chain(({ steps, inputs, neurons }) => {
      const rows = (count: number, width: number) =>
        fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: count, maxLength: count });
      const one = fc.record({
        inputs: rows(steps, inputs),
        start: rows(neurons, inputs),
        outputs: rows(steps, neurons),
        weights: rows(steps, neurons * inputs),
        rewards: rows(1, steps).map(([row]) => row),
      });
      return fc.array(one, { minLength: 1, maxLength: 3 });
    });
    fc.assert(
      fc.property(recordings, fc.boolean(), (made, mirrored) => {
        const text = csvOf(made);
        const turned = text
          .split("\r\n")
          .map((line) => line.split(",").reverse().join(","))
          .join("\n");
        const read = readRecordings(utf8(mirrored ? turned : text));
        const plain = (all: readonly Recording[]) => JSON.parse(JSON.stringify(all)); // -0 is 0 in text
        expect(plain(read)).toEqual(plain(made));
      }),
      { numRuns: 60 },
    );
  });

  it("gives what can be fitted, and the fit names a gap where there may be none", () => {
    const [first, second] = readRecordings(npz);
    expect(() => fitRule([{ ...second, outputs: [[0.1], [0.4], [0.2]] }], [monomial({ pre: 1 })])).not.toThrow();
    const gap = readRecordings(utf8(csvOf([first]).replace("day 0,1,2,3", "day 0,1,,3")));
    expect(() => fitRule(gap, [monomial({ pre: 1 })])).toThrow(/`inputs` is NaN in row 1, column 0/);
  });

  it.each([
    ["HDF5", "\x89HDF\r\n", /x is HDF5, which is not read here\. In Python: .*h5py.*numpy\.savez/],
    ["one array", "\x93NUMPY", /x is one array\. Read each with readNpy\(\), and give them to recordingsFrom\(\)/],
    ["an odd column", "input_1,output_1,start_1_1,speed\n1,2,3,4", /x has a column "speed"\. Call columns input_1/],
    ["a column twice", "input_1,input_1,output_1,start_1_1\n1,2,3,4", /x has a column "input_1" twice/],
    ["no outputs", "input_1,start_1_1\n1,2", /x has no column output_1\. Add it/],
    ["no first weights", "input_1,output_1\n1,2", /x has no column start_1_1\. Add it/],
    [
      "too few first weights",
      "input_1,input_2,output_1,start_1_1\n1,2,3,4",
      /x has 1 columns start_\.\.\., but 1 outputs of 2 inputs\. Give 2/,
    ],
    [
      "a gap",
      "input_1,input_3,output_1,start_1_1,start_1_2\n1,2,3,4,5",
      /x has a column "input_3" where input_2 would be/,
    ],
    [
      "weights of a neuron that is not there",
      "input_1,output_1,start_2_1\n1,2,3",
      /x has a column "start_2_1" where start_1_1 would be next\. Add it, or count without gaps/,
    ],
    [
      "a word",
      "input_1,output_1,start_1_1\n1,lick,3",
      /x has "lick" in line 2, column 2\. Put a number there, or nothing/,
    ],
    ["a short line", "input_1,output_1,start_1_1\n1,2", /x has 2 cells in line 2, where the first has 3/],
    [
      "lines out of order",
      "step,input_1,output_1,start_1_1\n1,1,2,3\n3,1,2,\n2,1,2,",
      /x has step 2 in line 4, after step 3 of the same recording\. Sort the lines/,
    ],
    [
      "two recordings that are not told apart",
      "step,input_1,output_1,start_1_1\n1,1,2,3\n2,1,2,\n1,1,2,3",
      /x has step 1 in line 4, after step 2.*a column recording/,
    ],
    [
      "first weights that change",
      "recording,input_1,output_1,start_1_1\na,1,2,3\nb,1,2,4\na,1,2,3\na,1,2,4",
      /x has a first weight of 3 in line 2, column 4, and another of 4 in line 5 of the same recording\. Leave all but/,
    ],
    [
      "a first weight that comes late",
      "input_1,output_1,start_1_1\n1,2,\n1,2,4",
      /x has a first weight of NaN in line 2/,
    ],
    ["a number of another kind", "input_1,output_1,start_1_1\n1,0x10,3", /x has "0x10" in line 2, column 2/],
    ["no lines", "input_1,output_1,start_1_1", /x has names of columns only/],
    ["nothing", "", /x has no column input_1/],
  ])("refuses %s, with the cure", (_, text, words) => {
    const bytes =
      text.startsWith("\x89") || text.startsWith("\x93") ? Uint8Array.from(text, (c) => c.charCodeAt(0)) : utf8(text);
    expect(() => readRecordings(bytes, "x")).toThrow(InputError);
    expect(() => readRecordings(bytes, "x")).toThrow(words);
  });
});

it("takes recordings of unequal length that were filled up, as those that were not", () => {
  const make = (steps: number, fill: number): Recording => ({
    start: [[0.1]],
    inputs: Array.from({ length: steps + fill }, (_, t) => [t < steps ? 0.1 * (t + 1) : 0]),
    outputs: Array.from({ length: steps + fill }, (_, t) => [t < steps ? 0.01 * t * t : NONE]),
  });
  const term = [monomial({ pre: 1 })];
  expect(fitRule([make(8, 0), make(5, 3)], term)).toEqual(fitRule([make(8, 0), make(5, 0)], term));
});

describe("recordingsFrom", () => {
  const arrays = { inputs: tensor([[1], [2]]), start: tensor([[0.5]]), outputs: tensor([[1], [0]]) };

  it("counts columns from 0, too, as Python does", () => {
    const [read] = readRecordings(utf8("input_1,input_0,output_0,start_0_0,start_0_1\n1,2,3,4,5"));
    expect(read).toEqual({ inputs: [[2, 1]], outputs: [[3]], start: [[4, 5]] });
  });

  it("takes tensors of one recording", () => {
    expect(recordingsFrom(arrays)).toEqual([{ inputs: [[1], [2]], start: [[0.5]], outputs: [[1], [0]] }]);
  });

  it.each([
    [
      "a part that does not exist",
      { ...arrays, spikes: tensor([1]) },
      /has "spikes", which is no part.*inputs, start, outputs, weights, rewards/,
    ],
    [
      "a part that is missing",
      { inputs: arrays.inputs, start: arrays.start },
      /lacks `outputs`\. Give inputs, start and outputs/,
    ],
    [
      "too few numbers",
      { ...arrays, outputs: { shape: [2, 1], numbers: [1] } },
      /has `outputs` of shape \[2, 1\] with 1 numbers\. Give 2, or another shape/,
    ],
    [
      "too few axes",
      { ...arrays, outputs: tensor([1, 0]) },
      /has `outputs` of shape \[2\] beside `inputs` of \[2, 1\]\. Give 2 axes for one/,
    ],
    [
      "other recordings",
      { ...arrays, inputs: tensor([[[1]]]), outputs: tensor([[[1]], [[0]]]) },
      /has `outputs` of shape \[2, 1, 1\] beside `inputs` of \[1, 1, 1\]/,
    ],
  ])("refuses %s, with the cure", (_, given, words) => {
    expect(() => recordingsFrom(given as never)).toThrow(InputError);
    expect(() => recordingsFrom(given as never)).toThrow(words);
  });
});
