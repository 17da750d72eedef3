// Classification of MNIST, from random weights to the accuracy on its 10,000 test images: MNIST=folder npm run bench mnist.
import { openData } from "../src/data/index.js";
import { Key } from "../src/index.js";
import * as nn from "../src/nn/index.js";
import { adam, cosine } from "../src/optim/index.js";
import { type Bench, figure } from "./harness.js";

const relu = nn.activation("relu");
const he = { init: "heNormal" } as const;
const works = {
  "784-256-128-10": {
    layers: [nn.flatten(), nn.dense(256, he), relu, nn.dense(128, he), relu, nn.dense(10)],
    ...{ epochs: 6, batchSize: 128, lr: 0.001 },
  },
  "convolution 8, 16, dense 64": {
    layers: [
      ...[nn.conv2d(8, 3, { ...he, padding: "same" }), relu, nn.maxPool(2)],
      ...[nn.conv2d(16, 3, { ...he, padding: "same" }), relu, nn.maxPool(2)],
      ...[nn.flatten(), nn.dense(64, he), relu, nn.dense(10)],
    ],
    ...{ epochs: 3, batchSize: 64, lr: 0.002 },
  },
};
const SEEDS = [0, 1, 2];

export const mnistBench: Bench = async function* () {
  const folder = process.env.MNIST;
  if (!folder) {
    console.error("bench: mnist is skipped, since it needs its files: MNIST=folder npm run bench mnist");
    return;
  }
  const [train, test] = [
    nn.imagesOf(await openData(folder, { prefix: "train" })),
    nn.imagesOf(await openData(folder, { prefix: "t10k" })),
  ];
  for (const [name, { layers, epochs, batchSize, lr }] of Object.entries(works)) {
    const net = nn.network({ input: [28, 28, 1], layers });
    const rate = cosine(lr, Math.ceil(train.count / batchSize) * epochs);
    for (const seed of SEEDS) {
      const begin = process.cpuUsage();
      const { params } = nn.fit(net, net.init(Key.of(seed)), train, {
        ...{ optimizer: (step) => adam({ lr: rate(step) }), epochs, batchSize, key: Key.of(seed).fold(1) },
      });
      const { user, system } = process.cpuUsage(begin);
      const { accuracy } = nn.evaluate(net, params, test).metrics;
      yield {
        bench: "mnist",
        network: name,
        epochs,
        batch: batchSize,
        seed,
        "cpu seconds": figure((user + system) / 1e6),
        accuracy,
      };
    }
  }
};
