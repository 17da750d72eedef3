// The examples in the docstrings of these entries run as they stand, and give the results that their comments say. Public names
// need no import there, and a few names stand for what a reader has already.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as bio from "../../src/bio/index.js";
import * as brain from "../../src/brain/index.js";
import * as circuits from "../../src/circuits/index.js";
import * as control from "../../src/control/index.js";
import * as credit from "../../src/credit/index.js";
import * as data from "../../src/data/index.js";
import * as debug from "../../src/debug/index.js";
import * as dendrites from "../../src/dendrites/index.js";
import * as main from "../../src/index.js";
import * as inference from "../../src/infer/index.js";
import * as io from "../../src/io/index.js";
import * as linalg from "../../src/linalg/index.js";
import * as meta from "../../src/meta/index.js";
import * as nn from "../../src/nn/index.js";
import * as ode from "../../src/ode/index.js";
import * as optim from "../../src/optim/index.js";
import * as plasticity from "../../src/plasticity/index.js";
import * as report from "../../src/report/index.js";
import * as runs from "../../src/runs/index.js";
import * as sparse from "../../src/sparse/index.js";
import * as special from "../../src/special/index.js";
import * as spiking from "../../src/spiking/index.js";
import * as studies from "../../src/studies/index.js";
import * as sweeps from "../../src/sweeps/index.js";
import * as testing from "../../src/testing/index.js";
import { compare, type Example, entryFiles, examplesOf, placesOf, programOf, root } from "./examples.js";
import { givenToRuns } from "./given-to-runs.js";

const sgd = optim.sgd({ lr: 0.01 });
const entries = {
  ...{ spiking, circuits, credit, ode, plasticity, nn, optim, data, io, linalg, sparse, special },
  ...{ bio, brain, control, debug, dendrites, infer: inference, meta, report, runs, studies, sweeps, testing },
  index: main,
} as const;
type Entry = keyof typeof entries;

const files = new Map(entryFiles);
const pictures = mkdtempSync(join(tmpdir(), "synaptape-pictures-"));

/** The functions of an entry, each with where it is declared. */
const functionsOf = (entry: Entry): (readonly [string, string])[] =>
  [...placesOf(files.get(entry) as string)].filter(
    ([name]) => typeof (entries[entry] as Record<string, unknown>)[name] === "function",
  );

/** The examples of all files that declare something of an entry. */
const examplesOfEntry = (entry: Entry): Example[] =>
  [...new Set([...placesOf(files.get(entry) as string).values()].map((place) => place.split(" ")[0]))]
    .sort()
    .filter((file) => existsSync(join(root, file)))
    .flatMap(examplesOf);

const examples = [
  ...new Map(
    (Object.keys(entries) as Entry[]).flatMap((entry) =>
      examplesOfEntry(entry).map((example) => [`${example.at} ${example.code}`, { ...example, entry }] as const),
    ),
  ).values(),
];

/** What a reader has already, by the names that examples use. */
function known(): Record<string, unknown> {
  const { full, Key, oneHot, random, tensor, zeros } = main;
  const key = Key.of(0);
  const [x, target] = [random.normal(key, [3, 8]), random.normal(key, [3, 3])];
  const net = credit.predictiveChain([8, 8, 3]);
  const circuit = circuits.transmissionLine(3);
  const cell = nn.selectiveCell(8, { states: 4 });
  const recorded = [
    {
      pre: spiking
        .bernoulliTrains(key, full([1, 8], 0.3), 1)
        .row(0)
        .row(0),
      post: tensor([1, 0, 0, 1]),
    },
  ];
  const [start, spikes] = [random.uniform(key, [8, 4]), spiking.bernoulliTrains(key, full([1, 8], 0.3), 20)];
  return {
    ...{ recorded, key, x, t: target, target, net, cell, start },
    ...{ params: net.init(key), optimizer: sgd, currents: full([1, 20, 32], 0.4) },
    ...{
      spikes,
      n: 1,
      steps: 20,
      weight: random.normal(key, [8, 16]),
      labels: oneHot(tensor([0], { dtype: "int32" }), 10),
    },
    ...{ circuit, pulses: { P: [40] }, works: () => true, zeros, fc, moduleUrl: import.meta.url },
  };
}

/** A small network with a hidden layer, its parameters, and examples for it. */
function small() {
  const net = nn.network({ input: [4], layers: [nn.dense(3), nn.activation("relu"), nn.dense(2)] });
  const labels = main.tensor([0, 1, 0, 1, 0, 1], { dtype: "int32" });
  const examples = nn.examplesOf(main.random.normal(main.Key.of(5), [6, 4]), labels);
  return { net, params: net.init(main.Key.of(0)), examples, validation: examples };
}

/** Recordings of units that learn by a known rule. */
function sessions(count: number): inference.Recording[] {
  const rows = (seed: number, n: number) => main.random.normal(main.Key.of(seed), [n, 4]).toArray() as number[][];
  const terms = [inference.monomial({ pre: 1, post: 1 }), inference.monomial({ post: 2, weight: 1 })];
  return Array.from({ length: count }, (_, i) =>
    inference.simulate({ inputs: rows(i, 200), start: rows(100 + i, 3) }, terms, [0.01, -0.01], main.Key.of(i), {
      noise: 0.01,
    }),
  );
}

/** What `numpy.savez_compressed` writes for x = [[1, 2]]. */
const NPZ = [
  "UEsDBC0AAAAIAAAAIQCxRkXq//////////8FABQAeC5ucHkBABAAiAAAAAAAAABOAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6l",
  "oG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6CkaaOgq1CmQDLgaGBnsGBgYHAFBLAQItAy0AAAAIAAAAIQCx",
  "RkXqTgAAAIgAAAAFAAAAAAAAAAAAAACAAQAAAAB4Lm5weVBLBQYAAAAAAQABADMAAACFAAAAAAA=",
].join("");

/** What single examples have in other ways than the rest. */
const own: Readonly<Record<string, () => Record<string, unknown>>> = {
  "src/io/npz.ts readNpz": () => ({ readFile: async () => Buffer.from(NPZ, "base64") }),
  ...givenToRuns(pictures),
  "src/data/open.ts openData": () => ({
    openData: (folder: string, options: data.DataOptions) => data.openData(join(pictures, folder), options),
  }),
  "src/nn/adapt.ts adapt": () => ({ ...small(), rotated: small().examples }),
  "src/bio/bio.ts bio": () => {
    const { net, examples } = small();
    const { x, y: labels } = examples.batch([0, 1]);
    return { net, batches: [{ x, labels }] };
  },
  "src/bio/lifetime.ts daleLifetime": () => {
    const [sizes, config] = [[4, 3, 2], plasticity.defaultConfig];
    const stream = { images: main.ones([2, 4]), labels: main.tensor([0, 1], { dtype: "int32" }) };
    return { sizes, config, rule: plasticity.initialRule(config, sizes), stream };
  },
  "src/control/differentiable.ts differentiableSwimmer": () => {
    const body = control.swimmerBody();
    return { body, state: control.differentiableSwimmer(body).state(control.swimmerStart(body, main.Key.of(0))) };
  },
  "src/control/simulation.ts simulate": () => ({ body: control.swimmerBody(), simulate: control.simulate }),
  "src/control/circuit.ts circuit": () => {
    const body = control.swimmerBody();
    return { swimmer: control.simulate(body, control.swimmerStart(body, main.Key.of(0))) };
  },
  "src/dendrites/cycles.ts growWhileItHelps": small,
  "src/dendrites/grow.ts grow": () => ({
    ...small(),
    training: { optimizer: sgd, epochs: 1, key: main.Key.of(2) },
  }),
  "src/infer/fit.ts fitRule": () => ({ recordings: sessions(2) }),
  "src/infer/selection.ts selectTerms": () => ({ sessions: sessions(15) }),
  "src/infer/reading.ts recordingsFrom": () => {
    const npy = (shape: number[]) => io.writeNpy(main.random.normal(main.Key.of(0), shape));
    return { a: npy([1, 20, 4]), b: npy([1, 3, 4]), c: npy([1, 20, 3]) };
  },
  "src/infer/reading.ts readRecordings": () => ({
    readFile: async () => Buffer.from("input_1,output_1,start_1_1\n1,0.5,0.2\n0,0.1,\n1,0.6,\n"),
  }),
  "src/nn/network.ts network": () => ({ x: main.ones([1, 784]) }),
  "src/spiking/grid.ts cellGrid": () => ({ currents: main.zeros([1, 5, 441]) }),
  "src/circuits/differentiable.ts differentiable": () => ({ circuit: circuits.twoInputNeuron() }),
  "src/credit/equilibrium/convolutional.ts convolutionalModel": () => {
    const model = credit.convolutionalModel({ input: [6, 6, 1], channels: [2, 2], outputs: 3, kernel: 3 });
    const images = main.zeros([1, 6, 6, 1]);
    return { convolutionalModel: () => model, params: model.init(main.Key.of(0)), images, targets: main.zeros([1, 3]) };
  },
  "src/credit/equilibrium/readout.ts readoutModel": () => {
    const model = credit.readoutModel(credit.energyModel([8, 6, 5]), 5, 10);
    return { readoutModel: () => model, params: model.init(main.Key.of(0)), x: main.zeros([1, 8]) };
  },
  "src/credit/learners/learner.ts compose": () => ({ hidden: tanhs(), more: tanhs(), output: tanhs() }),
  "src/credit/learners/learner.ts gradientLearner": () => ({ w: main.ones([8, 3]), sgd: optim.sgd }),
  "src/credit/predictive/of-network.ts networkCredit": () => ({
    examples: nn.examplesOf(main.zeros([4, 64]), main.tensor([0, 1, 2, 3], { dtype: "int32" })),
  }),
  "src/credit/recurrent/rtrl.ts selectiveRtrl": () => ({
    params: nn.selectiveCell(8, { states: 4 }).init(main.Key.of(0)),
    stream: [{ u: main.ones([1, 8]), target: main.zeros([1, 8]) }],
  }),
  "src/credit/waves/waves.ts waveNetwork": () => ({
    params: credit.waveChain([5, 12, 3]).init(main.Key.of(0)),
    stream: [{ x: main.ones([1, 5]), target: main.zeros([1, 3]) }],
  }),
};

/** A learner of one product. */
const tanhs = () =>
  credit.gradientLearner(({ w }: { w: main.Tensor }, x: main.Tensor) => x.matmul(w), { w: main.ones([3, 3]) }, sgd);

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;

const scopes = Object.assign(
  {},
  testing,
  report,
  sweeps,
  meta,
  studies,
  brain,
  runs,
  bio,
  control,
  debug,
  dendrites,
  inference,
  data,
  io,
  linalg,
  sparse,
  special,
  main,
  plasticity,
  nn,
  optim,
  ode,
  circuits,
  spiking,
  credit,
) as Record<string, unknown>;

describe("the examples of docstrings", () => {
  beforeAll(() => {
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    for (const name of ["cat", "dog"]) {
      const picture = encode({ width: 2, height: 2, data: Uint8Array.of(0, 90, 180, 255), channels: 1, depth: 8 });
      mkdirSync(join(pictures, "pets", name), { recursive: true });
      writeFileSync(join(pictures, "pets", name, "1.png"), picture);
    }
  });
  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(pictures, { recursive: true });
  });

  it.each(Object.keys(entries) as Entry[])("of %s: every function has one", (entry) => {
    const shown = new Set(examples.map(({ at }) => at));
    const functions = functionsOf(entry);
    expect(functions.length).toBeGreaterThan(2);
    expect(functions.filter(([, place]) => !shown.has(place)).map(([name]) => name)).toEqual([]);
  });

  // float64 has no functions, and an example of gpu needs a GPU, which a machine that runs this need not have.
  it("are there in all entries but two", () => {
    const without = [...files.keys()].filter((entry) => !Object.hasOwn(entries, entry));
    const some = ["float64", "gpu"];
    expect(without.sort()).toEqual(some);
  });

  it("are compared with their comments", () => {
    const run = (code: string) => new Function("$compare", "double", programOf(code))(compare, (x: number) => 2 * x);
    expect(() => run("double(2); // 4: twice as much\nconst [a] = [1.23456]; // 1.235\n")).not.toThrow();
    expect(() => run("double(2) // 5\n")).toThrow('The comment says "5", and the result is 4.');
    expect(() => run("double(\n  2,\n); // 40\n")).toThrow('The comment says "40", and the result is 4.');
    expect(() => run("double(2); // words\n")).not.toThrow();
  });

  it.each(examples.map((example) => [example.at, example] as const))("%s", async (at, { code, entry }) => {
    const runIn = (Kind: FunctionConstructor): unknown => {
      const given = { ...scopes, ...known(), ...entries[entry], ...own[at]?.(), $compare: compare };
      // In a block of its own, so that an example may name things as it likes.
      const run = new Kind(
        ...Object.keys(given),
        `"use strict"; {${programOf(code.replaceAll("import.meta.url", "moduleUrl"))}}`,
      );
      return run(...Object.values(given));
    };
    // checkOp counts what an op leaves in memory, which in a scope is still there.
    const alone = /\bawait\b|\bcheckOp\(/.test(code);
    const run = async () => (alone ? runIn(AsyncFunction) : main.scope(() => runIn(Function) as undefined));
    await expect(run()).resolves.not.toThrow();
  });
});
