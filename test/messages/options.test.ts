// Names of options that nobody reads, from plain JavaScript, where no type finds them.
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { grad, hvp, Key, loop, scan, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import { adam, sgd } from "../../src/optim/index.js";

const x = tensor([1, 2]);
const sum = (x: Tensor): Tensor => x.sum();
const net = nn.network({ input: [2], layers: [nn.dense(2)] });
const examples = nn.examplesOf(tensor([[1, 2]]), tensor([0], { dtype: "int32" }));
const training = { optimizer: sgd({ lr: 0.1 }), epochs: 1, key: Key.of(0) };

describe("an option with a name that there is not", () => {
  it.each<[string, string, (options: never) => unknown]>([
    ["tensor", "shape, dtype", (options) => tensor([1], options)],
    ["grad", "unused", (options) => grad(sum, options)(x)],
    ["grad", "unused", (options) => valueAndGrad(sum, options)(x)],
    ["loop", "checkpoint", (options) => loop(1, x, (x) => x, options)],
    ["scan", "checkpoint", (options) => scan(1, x, (x) => [x, x], options)],
    ["adam", "lr, beta1, beta2, eps", (options) => adam(Object.assign({ lr: 1 }, options))],
    ["glyphs", "seed, perClass", (options) => glyphs(options)],
    [
      "train",
      "optimizer, hook",
      (options) => nn.fit(net, net.init(Key.of(1)), examples, Object.assign({}, training, options)),
    ],
  ])("%s refuses it, with those that there are", (op, names, call) => {
    expect(() => call({ odd: 1 } as never)).toThrow(TypeError);
    expect(() => call({ odd: 1 } as never)).toThrow(`[${op}] there is no option "odd"; there `);
    expect(() => call({ odd: 1 } as never)).toThrow(names);
    expect(() => call({} as never)).not.toThrow();
  });

  it("training without a key says so", () => {
    const { key: _, ...without } = training;
    expect(() => nn.fit(net, net.init(Key.of(1)), examples, without as never)).toThrow("[train] `key` is no Key.");
  });

  it("passes where options go on to other functions", () => {
    const fitted = nn.fit(net, net.init(Key.of(1)), examples, {
      ...training,
      validation: examples,
      onProgress: () => {},
    });
    expect(fitted.epochs[0].validation?.loss).toBe(nn.evaluate(net, fitted.params, examples).loss);
    expect(hvp((x: Tensor) => x.square().sum(), x, x).toArray()).toEqual([2, 4]);
  });
});

describe("nested without end", () => {
  it("arrays and trees are refused in a sentence", () => {
    const deep = (levels: number, inside: unknown): unknown => {
      let node = inside;
      for (let i = 0; i < levels; i++) node = [node];
      return node;
    };
    expect(() => tensor(deep(6, 1) as number[])).not.toThrow();
    for (const levels of [7, 100_000]) {
      expect(() => tensor(deep(levels, 1) as number[])).toThrow("[tensor] arrays are nested more than 6 deep");
    }
    const f = (): Tensor => tensor(0);
    expect(() => grad(f, { unused: "zero" })(deep(900, x) as never)).not.toThrow();
    expect(() => grad(f)(deep(100_000, x) as never)).toThrow("[grad] a tree of tensors is more than 1000 levels deep.");
  });
});
