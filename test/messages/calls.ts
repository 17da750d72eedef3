// Calls of public functions that are right, from which wrong ones are made by putting one absurd value somewhere.

import { bioConfig } from "../../src/bio/index.js";
import { dataset, glyphs } from "../../src/data/index.js";
import { Key, ones, tensor } from "../../src/index.js";
import { encode, encodeSafetensors, writeNpy } from "../../src/io/index.js";
import { defaultTrainConfig, layerSizes } from "../../src/meta/index.js";
import { activation, dense, encodeNetwork, examplesOf, network } from "../../src/nn/index.js";
import { adam } from "../../src/optim/index.js";
import { initialRule, initialStart, presets } from "../../src/plasticity/index.js";

const key = Key.of(1);
const x = tensor([
  [1, 2],
  [3, 4],
]);
const half = (t: typeof x) => t.mul(0.5);
const images = glyphs({ perClass: 3 });
const tasks = {
  protocol: "strict",
  ways: 2,
  shots: 1,
  queries: 1,
  classes: "train",
  relabel: true,
  outputs: 62,
  skip: 0,
};
const config = {
  ...defaultTrainConfig("bio"),
  ...{ episodes: 1, metaBatch: 1, ways: 2, shots: 1, queries: 1, hidden: [4] },
};
const sizes = [3, 2];
const rule = initialRule(presets.rcn.config, sizes);
const start = initialStart(key, sizes);
const net = network({ input: [2], layers: [dense(3), activation("tanh"), dense(2)] } as never);
const params = net.init(key);
const optimizer = adam({ lr: 0.1 });
const examples = examplesOf(x, tensor([0, 1], { dtype: "int32" }));
const rates = {
  lr: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  eps: 1e-8,
  weightDecay: 0.1,
  momentum: 0.9,
  nesterov: true,
  decay: 0.9,
};
const twoTimescale = { kind: "two-timescale", inputs: 2, outputs: 1, segment: [1, 2], fast: 0.5 };

/** By subpath and name; several calls where one function takes kinds. */
export const calls: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  tensor: [
    [
      [
        [1, 2],
        [3, 4],
      ],
      "float32",
    ],
  ],
  zeros: [[[2, 3], "int32"]],
  full: [[[2, 3], 1]],
  "random.normal": [[key, [2], { mean: 0, std: 1 }]],
  "random.uniform": [[key, [2], { low: 0, high: 1 }]],
  configure: [[{ tapeBytes: 1e9, debug: false }]],
  einsum: [["ij,jk->ik", x, x]],
  conv2d: [[ones([1, 4, 4, 1]), ones([2, 2, 1, 1]), { stride: 1, padding: "same", dilation: 1 }]],
  maxPool: [[ones([1, 4, 4, 1]), { size: 2, stride: 2 }]],
  loop: [[2, x, half, { checkpoint: { every: 1 } }]],
  scan: [[half, x, x, { checkpoint: "auto" }]],
  grad: [[(t: typeof x) => t.sum(), { argnums: [0] }]],
  jacobian: [[half, { mode: "reverse" }]],
  crossEntropy: [[x, tensor([0, 1], { dtype: "int32" })]],
  slice: [[x, [0, 0], [1, 1]]],
  split: [[x, [1, 1], 0]],
  pad: [
    [
      x,
      [
        [0, 1],
        [0, 1],
      ],
    ],
  ],
  take: [[x, tensor([0], { dtype: "int32" }), 0]],
  topK: [[x, 1, 0]],
  sum: [[x, 0, { keepDims: true }]],
  norm: [[x, { order: 2, axis: 0 }]],
  customGrad: [[{ name: "mine", forward: half, vjp: half }]],
  apply: [[{ name: "mine", vjp: half, jvp: half }, [x], {}]],
  "plasticity.checkConfig": [[presets.rcn.config]],
  "plasticity.initialRule": [[presets.rcn.config, sizes]],
  "plasticity.initialStart": [[key, sizes, { scale: 1, weights: "xavier" }]],
  "plasticity.lifetime": [
    [
      presets.rcn.config,
      rule,
      start,
      { images: ones([1, 3]), labels: tensor([0], { dtype: "int32" }) },
      { checkpoint: "auto" },
    ],
  ],
  "plasticity.timeScales": [[presets.rcn.config]],
  "plasticity.defineMotif": [[{ name: "mine", locality: "local", shape: () => [], apply: half }]],
  "plasticity.defineSynapse": [[{ name: "mine", parameters: {}, initial: {}, begin: half, step: half }]],
  // The rule with the fewest coefficients: what is absurd but harmless has all of them checked.
  "plasticity.checkRule": [[presets.fa.config, { tolerance: 1, step: 1 }]],
  "optim.adam": [[rates]],
  "optim.adamW": [[rates]],
  "optim.sgd": [[rates]],
  "optim.rmsprop": [[rates]],
  "optim.clipByValue": [[{ w: x }, 1]],
  "optim.cosine": [[0.1, 10, 0]],
  "optim.warmup": [[10, () => 0.1]],
  "nn.network": [
    [
      {
        input: [2],
        layers: [
          { kind: "dense", units: 3, bias: true },
          { kind: "activation", function: "tanh" },
          { kind: "dropout", rate: 0.5 },
        ],
      },
      {},
    ],
  ],
  "nn.dense": [[3, { bias: true, weights: "xavier" }]],
  "nn.conv2d": [[3, 2, { stride: 1, padding: "same" }]],
  "nn.initialise": [[{ kind: "xavier", gain: 1, distribution: "normal" }, key, [2, 2], { in: 2, out: 2 }]],
  "nn.fit": [
    [
      net,
      params,
      examples,
      { optimizer, loss: (y: typeof x) => y.square().mean(), epochs: 1, batchSize: 1, key, steps: 1 },
    ],
  ],
  "nn.evaluate": [[net, params, examples, { batchSize: 1 }]],
  "nn.imagesOf": [[images, { mean: 0, std: 1 }]],
  "nn.subset": [[examples, [0, 1]]],
  "nn.encodeNetwork": [[net, params, { note: "x" }]],
  "nn.decodeNetwork": [[encodeNetwork(net, params), {}, "a file"]],
  "bio.bioConfig": [[bioConfig({})], [{ dale: true }], [{ fuzzy: true }]],
  "bio.bio": [[net, bioConfig({}), optimizer]],
  "bio.withMechanisms": [[["dale"], {}]],
  "bio.splitNetwork": [[net, 0.5, {}]],
  "bio.daleSigns": [[key, [2, 2], 0, 0.5]],
  "bio.sitesOf": [[net]],
  "data.dataset": [["mine", new Uint8Array(8), [0, 1], 2, 2]],
  "data.idxDataset": [["mine", new Uint8Array(8), new Uint8Array(8), { images: "a", labels: "b" }]],
  "data.readIdx": [[new Uint8Array(8), "a file"]],
  "data.gunzip": [[new Uint8Array(8), "a file", 10]],
  "data.glyphs": [[{ seed: 1, perClass: 2 }]],
  "data.openData": [["/nowhere", { prefix: "train" }]],
  "data.checkTasks": [
    [images, tasks],
    [dataset("mine", new Uint8Array(8), [0, 1], 2, 2), tasks],
  ],
  "data.sampleTask": [[images, key, tasks]],
  "data.sampleSequence": [[images, key, tasks]],
  "data.splitClasses": [[5]],
  "data.regressionShape": [[twoTimescale]],
  "data.checkRegression": [[twoTimescale], [{ kind: "teacher", inputs: 1, outputs: 1, width: 2 }]],
  "data.sampleRegression": [
    [twoTimescale, key, 2, 1],
    [{ kind: "teacher", inputs: 1, outputs: 1, width: 2 }, key, 2, 1],
  ],
  "io.encode": [[{ w: x }, { note: "x" }]],
  "io.decode": [[encode({ w: x }), { w: x }, "a file"]],
  "io.encodeSafetensors": [[{ w: { shape: [2], data: new Float32Array(2), dtype: "F32" } }, { note: "x" }]],
  "io.decodeSafetensors": [[encodeSafetensors({ w: { shape: [2], data: new Float32Array(2) } }), "a file"]],
  "io.readNpy": [[writeNpy(x), "a file"]],
  "io.parseJson": [
    ['{"a":1}', "a file"],
    ["{", "a file"],
  ],
  "io.textOf": [[Uint8Array.of(0xff), "a file"]],
  "meta.parseTrainConfig": [[config], [JSON.parse(JSON.stringify(config))]],
  "meta.layerSizes": [[config, images]],
  "meta.trainCell": [[config, { name: "mine", hash: "0".repeat(64) }]],
  "meta.train": [[images, config, { workers: 1 }]],
  "meta.evaluateRule": [[config, layerSizes(config, images), images, rule, [0], {}]],
  "meta.runEpisode": [[config, layerSizes(config, images), images, rule, 0]],
  "meta.diagnose": [[config, layerSizes(config, images), images, rule, 0]],
  "meta.readRun": [["/nowhere"]],
  "meta.resume": [[images, { out: "/nowhere" }]],
  "debug.explain": [[(t: { w?: typeof x }) => (t.w ?? x).sum(), { w: x }]],
  "testing.checkGrads": [[(t: typeof x) => t.sum(), x, { tolerance: 1, step: 1 }]],
  "testing.checkOp": [[{ name: "mine" }, { runs: 1, seed: 1 }]],
};
