// The examples in the docstrings of four entries run as they stand. Public names need no import there, and a few names stand for
// what a reader has already.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as circuits from "../../src/circuits/index.js";
import * as credit from "../../src/credit/index.js";
import * as main from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import * as ode from "../../src/ode/index.js";
import * as optim from "../../src/optim/index.js";
import * as spiking from "../../src/spiking/index.js";

const root = resolve(import.meta.dirname, "../..");
const sgd = optim.sgd({ lr: 0.01 });
const entries = ["spiking", "circuits", "credit", "ode"] as const;

/** An example: the file and the name that it stands at. */
interface Example {
  readonly at: string;
  readonly code: string;
}

/** The docstrings of a file that have an example, each with what it explains. */
function examplesOf(file: string): Example[] {
  const source = readFileSync(join(root, file), "utf8");
  const found = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\n\s*(?:export )?(?:async )?(?:\w+ )?(\w+)/g);
  return [...found].flatMap(([, text, name]) =>
    [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => ({
      at: `${file} ${name}`,
      code: block.replace(/^ *\* ?/gm, ""),
    })),
  );
}

const examples = entries.flatMap((entry) =>
  readdirSync(join(root, "src", entry), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".generated.ts"))
    .sort()
    .flatMap((name) => examplesOf(`src/${entry}/${name}`)),
);

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
    ...{ circuit, pulses: { P: [40] }, works: () => true, zeros },
  };
}

/** What single examples have in other ways than the rest. */
const own: Readonly<Record<string, () => Record<string, unknown>>> = {
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

const scopes = Object.assign({}, main, nn, optim, ode, circuits, spiking, credit) as Record<string, unknown>;

describe("the examples of docstrings", () => {
  beforeAll(() => vi.spyOn(console, "log").mockImplementation(() => undefined));
  afterAll(() => vi.restoreAllMocks());

  it("are many: every function of these entries has one", () => {
    const functions = entries.flatMap((entry) =>
      Object.entries({ spiking, circuits, credit, ode }[entry])
        .filter(([, value]) => typeof value === "function")
        .map(([name]) => name),
    );
    const shown = new Set(examples.map(({ at }) => at.split(" ")[1]));
    expect(functions.filter((name) => !shown.has(name))).toEqual([]);
  });

  it.each(examples.map((example) => [example.at, example] as const))("%s", (at, { code }) => {
    main.scope(() => {
      const given = { ...scopes, ...known(), ...own[at]?.() };
      const plain = transformSync(code, { loader: "ts", format: "esm" }).code;
      // In a block of its own, so that an example may name things as it likes.
      const run = new Function(...Object.keys(given), `"use strict"; {${plain}}`);
      expect(() => run(...Object.values(given))).not.toThrow();
    });
  });
});
