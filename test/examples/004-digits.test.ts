// A small convolutional network learns digits by some hands and reads those of others (LeCun et al. 1998, in small): the
// training on MNIST that bench/README.md has figures of is this one with more images.
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { Key } from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import { adam, cosine } from "../../src/optim/index.js";
import { expectNoGrowth } from "./shared.js";

/** The first ten classes are digits. */
const digits = (seed: number, perClass: number): nn.Examples => {
  const data = glyphs({ seed, perClass });
  return nn.subset(
    nn.imagesOf(data),
    data.byClass.slice(0, 10).flatMap((own) => [...own]),
  );
};

const net = nn.network({
  input: [28, 28, 1],
  layers: [
    ...[nn.conv2d(6, 3, { init: "heNormal" }), nn.activation("relu"), nn.maxPool(2)],
    ...[nn.conv2d(12, 3, { init: "heNormal" }), nn.activation("relu"), nn.maxPool(2)],
    ...[nn.flatten(), nn.dropout(0.2), nn.dense(10)],
  ],
});

describe("digits", () => {
  it("in a handwriting that the network has never seen are read: nine of ten; training leaks no memory", () => {
    const [train, others] = [digits(0, 40), digits(1, 10)];
    const params = net.init(Key.of(0));
    const before = nn.evaluate(net, params, others);
    const rate = cosine(0.005, 13 * 8);
    expectNoGrowth(() => {
      const { state, epochs } = nn.fit(net, params, train, {
        ...{ optimizer: (step) => adam({ lr: rate(step) }), epochs: 8, batchSize: 32, key: Key.of(1) },
        validation: others,
      });
      expect(before.metrics.accuracy).toBeLessThan(0.3);
      expect(epochs.at(-1)!.validation!.metrics.accuracy).toBeGreaterThanOrEqual(0.9);
      return state;
    });
  });
});
