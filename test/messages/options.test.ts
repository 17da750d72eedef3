// Names of options that nobody reads, from plain JavaScript, where no type finds them.
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { grad, hvp, Key, loop, random, scan, type Tensor, tensor, valueAndGrad, zeros } from "../../src/index.js";
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

  it.each<[string, string, (options: never) => unknown]>([
    ["uniform", "low, high, dtype", (options) => random.uniform(Key.of(0), [2], options)],
    ["normal", "mean, std, dtype", (options) => random.normal(Key.of(0), [2], options)],
    ["truncatedNormal", "low, high, mean, std, dtype", (options) => random.truncatedNormal(Key.of(0), [2], options)],
    ["bernoulli", "dtype", (options) => random.bernoulli(Key.of(0), 0.5, [2], options)],
    ["integers", "low, high", (options) => random.integers(Key.of(0), [2], Object.assign({ high: 3 }, options))],
    ["categorical", "samples", (options) => random.categorical(Key.of(0), x, options)],
    ["gamma", "dtype", (options) => random.gamma(Key.of(0), 2, [2], options)],
    ["beta", "dtype", (options) => random.beta(Key.of(0), 2, 3, [2], options)],
    ["exponential", "rate, dtype", (options) => random.exponential(Key.of(0), [2], options)],
    ["laplace", "location, scale, dtype", (options) => random.laplace(Key.of(0), [2], options)],
    ["gumbel", "location, scale, dtype", (options) => random.gumbel(Key.of(0), [2], options)],
    ["rademacher", "dtype", (options) => random.rademacher(Key.of(0), [2], options)],
    ["choice", "shape, replace, p", (options) => random.choice(Key.of(0), 3, options)],
    ["orthogonal", "dtype", (options) => random.orthogonal(Key.of(0), [2, 2], options)],
  ])("random.%s refuses it, with those that there are", (name, names, call) => {
    const op = name === "rademacher" ? "random.bernoulli" : `random.${name}`;
    expect(() => call({ odd: 1 } as never)).toThrow(TypeError);
    expect(() => call({ odd: 1 } as never)).toThrow(`[${op}] there is no option "odd"; there `);
    expect(() => call({ odd: 1 } as never)).toThrow(names);
    expect(() => call({} as never)).not.toThrow();
  });

  it("training without a key says so", () => {
    const { key: _, ...without } = training;
    expect(() => nn.fit(net, net.init(Key.of(1)), examples, without as never)).toThrow("[train] `key` is not a Key.");
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

describe("a draw with numbers of which there is none", () => {
  const key = Key.of(0);
  it.each<[string, RegExp, () => unknown]>([
    ["bounds in the other order", /1 to 0: give finite bounds/, () => random.uniform(key, [2], { low: 1, high: 0 })],
    ["an infinite bound", /-Infinity to 1: give finite/, () => random.uniform(key, [2], { low: -Infinity })],
    ["a bound of NaN", /`low` is NaN/, () => random.uniform(key, [2], { low: Number.NaN })],
    ["a std below 0", /`std` is -1: give a finite number of at least 0/, () => random.normal(key, [2], { std: -1 })],
    ["a mean of NaN", /`mean` is NaN/, () => random.normal(key, [2], { mean: Number.NaN })],
    ["a std of NaN", /`std` is NaN/, () => random.truncatedNormal(key, [2], { std: Number.NaN })],
    ["a probability above 1", /`p` is 2: give a probability/, () => random.bernoulli(key, 2)],
    ["a rate of 0", /`rate` is 0/, () => random.exponential(key, [2], { rate: 0 })],
    ["a scale below 0", /`scale` is -1/, () => random.laplace(key, [2], { scale: -1 })],
    ["a scale of NaN", /`scale` is NaN/, () => random.gumbel(key, [2], { scale: Number.NaN })],
    ["a location of NaN", /`location` is NaN/, () => random.gumbel(key, [2], { location: Number.NaN })],
    ["an alpha of NaN", /`alpha` is NaN/, () => random.gamma(key, Number.NaN)],
    ["a mean count of NaN", /`mean` is NaN/, () => random.poisson(key, Number.NaN)],
  ])("%s is refused", (_, message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe("a draw whose arguments are of another kind", () => {
  const key = Key.of(0);
  const shapes: readonly [string, (shape: never) => unknown][] = [
    ["uniform", (shape) => random.uniform(key, shape)],
    ["normal", (shape) => random.normal(key, shape)],
    ["truncatedNormal", (shape) => random.truncatedNormal(key, shape)],
    ["bernoulli", (shape) => random.bernoulli(key, 0.5, shape)],
    ["integers", (shape) => random.integers(key, shape, { high: 2 })],
    ["gamma", (shape) => random.gamma(key, 1, shape)],
    ["beta", (shape) => random.beta(key, 1, 1, shape)],
    ["exponential", (shape) => random.exponential(key, shape)],
    ["laplace", (shape) => random.laplace(key, shape)],
    ["gumbel", (shape) => random.gumbel(key, shape)],
    ["poisson", (shape) => random.poisson(key, 1, shape)],
    ["dirichlet", (shape) => random.dirichlet(key, x, shape)],
    ["orthogonal", (shape) => random.orthogonal(key, shape)],
    ["choice", (shape) => random.choice(key, 3, { shape })],
  ];
  it.each(shapes)("random.%s wants a list of sizes", (name, call) => {
    for (const odd of [null, 3, "2", x, { low: 1 }]) {
      expect(() => call(odd as never)).toThrow(TypeError);
      expect(() => call(odd as never)).toThrow(`[random.${name}] the shape is `);
    }
  });

  const operands: readonly [string, string, (operand: never) => unknown][] = [
    ["bernoulli", "p", (p) => random.bernoulli(key, p, [2])],
    ["gamma", "alpha", (alpha) => random.gamma(key, alpha, [2])],
    ["beta", "a", (a) => random.beta(key, a, 1, [2])],
    ["beta", "b", (b) => random.beta(key, 1, b, [2])],
    ["poisson", "mean", (mean) => random.poisson(key, mean, [2])],
    ["exponential", "rate", (rate) => random.exponential(key, [2], { rate })],
    ["laplace", "location", (location) => random.laplace(key, [2], { location })],
    ["gumbel", "scale", (scale) => random.gumbel(key, [2], { scale })],
  ];
  it.each(operands)("random.%s wants a number or a tensor as %s", (name, parameter, call) => {
    for (const odd of [null, [2], "2", { dtype: "float32" }]) {
      expect(() => call(odd as never)).toThrow(TypeError);
      expect(() => call(odd as never)).toThrow(`[random.${name}] \`${parameter}\` is `);
    }
  });

  it("random.normal scales by numbers, and says so to a tensor", () => {
    expect(() => random.normal(key, [2], { std: x as never })).toThrow("`std` is a Tensor: give a finite number");
  });

  it("a tensor stands for its type alone", () => {
    const like = tensor([1, 2], { dtype: "float32" });
    expect(random.normal(key, [4], like as never).toArray()).toEqual(random.normal(key, [4]).toArray());
    expect(zeros([2], like).toArray()).toEqual([0, 0]);
  });

  it("an option that is undefined has its default", () => {
    const drawn = random.normal(key, [4], { std: undefined as never, mean: 1 });
    expect(drawn.toArray()).toEqual(random.normal(key, [4], { mean: 1 }).toArray());
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
