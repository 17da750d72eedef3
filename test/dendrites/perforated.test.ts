// Dendrites: they change nothing when they are accepted, pass no gradient, learn along the covariance, and let a neuron do
// what no linear one can.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DendriteTree, grow, noDendrites, withDendrites } from "../../src/dendrites/index.js";
import { bceWithLogits, grad, Key, matmul, random, scope, type Tensor, tensor } from "../../src/index.js";
import {
  activation,
  conv2d,
  dense,
  examplesOf,
  flatten,
  fit as learn,
  type Network,
  network,
  type Params,
} from "../../src/nn/index.js";
import { adam, sgd } from "../../src/optim/index.js";

const numbers = (x: Tensor): number[] => Array.from(x.data());
const bits = (params: Params): number[][][] => params.map((own) => Object.values(own).map(numbers));
const far = (a: readonly number[], b: readonly number[]): number => Math.max(...a.map((x, i) => Math.abs(x - b[i])));

const flat = network({ input: [3], layers: [dense(4), activation("tanh"), dense(2)] });
const images = network({ input: [5, 5, 1], layers: [conv2d(3, 3), activation("relu"), flatten(), dense(2)] });

/** Examples of two classes that depend on products of the inputs. */
function examplesFor(net: Network, key: Key, count = 24) {
  const x = random.normal(key, [count, ...net.description.input]);
  const rows = x.reshape([count, -1]).toArray() as number[][];
  return examplesOf(
    x,
    tensor(
      rows.map((row) => Number(row[0] * row[1] > 0)),
      { dtype: "int32" },
    ),
  );
}

/** A network that has grown twice, with random strengths in place of zeros. */
function grownTwice(net: Network, key: Key): { params: Params; tree: DendriteTree; zero: Params } {
  const first = net.init(key);
  const how = { optimizer: adam({ lr: 0.05 }), epochs: 2, batchSize: 8, key };
  const examples = examplesFor(net, key.fold(1));
  const once = grow(net, first, noDendrites(net), examples, how);
  const { tree, params: zero } = grow(net, once.params, once.tree, examples, { ...how, key: key.fold(2) });
  const params = zero.map((own, i) =>
    Object.fromEntries(
      Object.entries(own).map(([name, value], j) => [
        name,
        name.startsWith("dendrite") ? random.normal(key.fold(10 * i + j), value.shape) : value,
      ]),
    ),
  );
  return { params, tree, zero };
}

describe.each([["dense", flat] as const, ["convolutional", images] as const])(
  "a %s network with dendrites",
  (_, net) => {
    it("computes what it did when they are accepted, and its own parameters stay to the bit", () => {
      const key = Key.of(4);
      const first = net.init(key);
      const before = bits(first);
      const { tree, params } = grow(net, first, noDendrites(net), examplesFor(net, key), {
        ...{ optimizer: adam({ lr: 0.05 }), epochs: 1, batchSize: 8, key },
      });
      const x = random.normal(Key.of(9), [5, ...net.description.input]);
      expect(far(numbers(withDendrites(net, tree).apply(params, x)), numbers(net.apply(first, x)))).toBeLessThan(1e-6);
      expect(bits(first)).toEqual(before);
      params.forEach((own, i) => {
        for (const [name, value] of Object.entries(first[i])) expect(numbers(own[name])).toEqual(numbers(value));
      });
      expect(tree.map(({ length }) => length)).toEqual(net.layers.map(({ synapses }) => (synapses ? 1 : 0)));
    });

    it("uses them as soon as their strengths are not 0, and those of a second cycle hear the first", () => {
      const { params, tree, zero } = grownTwice(net, Key.of(5));
      const grown = withDendrites(net, tree);
      const x = random.normal(Key.of(9), [5, ...net.description.input]);
      expect(far(numbers(grown.apply(params, x)), numbers(grown.apply(zero, x)))).toBeGreaterThan(0.1);
      expect(tree[0][1].earlier.length).toBe(1);
      expect(numbers(tree[0][1].earlier[0]).some((each) => each !== 0)).toBe(true);
    });
  },
);

it("the gradient in the input is that of the weights alone, and strengths have one", () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const net = network({ input: [3], layers: [dense(4)] });
      const { params, tree } = grownTwice(net, Key.of(seed));
      const grown = withDendrites(net, tree);
      const [x, upstream] = [random.normal(Key.of(seed).fold(7), [6, 3]), random.normal(Key.of(seed).fold(8), [6, 4])];
      const through = (of: Network, p: Params) => grad((at: Tensor) => of.apply(p, at).mul(upstream).sum())(x);
      const bare = params.map(({ weight, bias }) => ({ weight, bias }));
      expect(far(numbers(through(grown, params)), numbers(through(net, bare)))).toBeLessThan(1e-6);
      const slopes = grad((p: Params) => grown.apply(p, x).mul(upstream).sum())(params);
      expect(Object.keys(slopes[0]).sort()).toEqual(["bias", "dendrite0", "dendrite1", "weight"]);
      expect(numbers(slopes[0].dendrite0).every((each) => each !== 0)).toBe(true);
    }),
    { numRuns: 15 },
  );
});

it("a small step makes the sum of absolute covariances larger, by formulas of its own", () => {
  const net = network({ input: [3], layers: [dense(4)] });
  const squares = (found: Tensor, wanted: Tensor): Tensor => found.sub(wanted).square().sum(1).mean();
  let larger = 0;
  for (let seed = 0; seed < 100; seed++) {
    const key = Key.of(seed);
    const [x, wanted, params] = [
      random.normal(key.fold(1), [16, 3]),
      random.normal(key.fold(2), [16, 4]),
      net.init(key),
    ];
    /** The sum over neurons of |mean of (v - mean v) (delta - mean delta)|. */
    const covariance = (lr: number): number => {
      const how = { optimizer: sgd({ lr }), epochs: 1, batchSize: 16, key, loss: squares };
      const { tree } = grow(net, params, noDendrites(net), examplesOf(x, wanted), how);
      const { weight, bias } = tree[0][0].weights;
      const v = (matmul(x, weight).add(bias).toArray() as number[][]).map((row) =>
        row.map((z) => 1 / (1 + Math.exp(-z))),
      );
      const delta = net.apply(params, x).sub(wanted).mul(2).toArray() as number[][];
      const mean = (rows: number[][], i: number): number => rows.reduce((sum, row) => sum + row[i] / 16, 0);
      return [0, 1, 2, 3].reduce((sum, i) => {
        const [a, b] = [mean(v, i), mean(delta, i)];
        return sum + Math.abs(v.reduce((s, row, n) => s + ((row[i] - a) * (delta[n][i] - b)) / 16, 0));
      }, 0);
    };
    if (scope(() => covariance(0.01) > covariance(0))) larger++;
  }
  expect(larger).toBeGreaterThanOrEqual(95);
});

it("with at most two dendrites, one linear neuron learns exclusive or in at least eight of ten seeds", () => {
  const net = network({ input: [2], layers: [dense(1)] });
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const examples = examplesOf(x, tensor([[0], [1], [1], [0]]));
  const loss = (found: Tensor, wanted: Tensor): Tensor => bceWithLogits(found, wanted).mean();
  let solved = 0;
  for (let seed = 0; seed < 10; seed++) {
    const key = Key.of(seed);
    const training = { optimizer: adam({ lr: 0.1 }), epochs: 200, batchSize: 4, key, loss };
    let params = learn(net, net.init(key), examples, training).params;
    let tree = noDendrites(net);
    expect(numbers(net.apply(params, x)).map((z) => Math.abs(z) < 0.2)).toEqual([true, true, true, true]);
    for (let cycle = 0; cycle < 2; cycle++) {
      const how = { optimizer: adam({ lr: 0.1 }), epochs: 300, batchSize: 4, key: key.fold(cycle), loss };
      ({ tree, params } = grow(net, params, tree, examples, how));
      params = learn(withDendrites(net, tree), params, examples, training).params;
    }
    const found = numbers(withDendrites(net, tree).apply(params, x)).map((z) => z > 0);
    if (found.join() === "false,true,true,false") solved++;
  }
  expect(solved).toBeGreaterThanOrEqual(8);
});

describe("what cannot have dendrites is an error with its cure:", () => {
  const bare = network({ input: [3], layers: [activation("tanh")] });
  const [key, optimizer] = [Key.of(0), adam({ lr: 0.1 })];
  it("a network without weights", () => {
    const message = "no layer of the network has weights to give dendrites to. Add a dense or conv2d layer";
    expect(() => withDendrites(bare, noDendrites(bare))).toThrow(message);
    expect(() => grow(bare, bare.init(key), [[]], examplesFor(flat, key), { optimizer, epochs: 1, key })).toThrow(
      message,
    );
  });
  it("what are no dendrites", () => {
    const loose = withDendrites as (net: unknown, tree: unknown) => unknown;
    for (const [tree, message] of [
      [{ 0: [] }, "the dendrites is {"],
      [[{}, [], []], "the dendrites of layer 0 is {}"],
      [[[{ weights: {} }], [], []], "item 0 of the dendrites of layer 0 is {"],
    ] as const) {
      expect(() => loose(flat, tree)).toThrow(TypeError);
      expect(() => loose(flat, tree)).toThrow(message);
    }
  });
  it("dendrites of another network, or on a layer that has none to give", () => {
    const { tree, params } = grownTwice(flat, key);
    expect(() => withDendrites(flat, [])).toThrow("there are dendrites for 0 layers, but the network has 3");
    expect(() => withDendrites(flat, [[], tree[0], []])).toThrow('layer 1, "activation", has no weights');
    expect(() => withDendrites(flat, tree).apply(flat.init(key), params[0].weight)).toThrow(
      "layer 0 needs `dendrite0` of shape [4]. Pass what init or grow gave",
    );
  });
  it("options that cannot be", () => {
    const run = (options: object) => () =>
      grow(flat, flat.init(key), noDendrites(flat), examplesFor(flat, key), { optimizer, epochs: 1, key, ...options });
    expect(run({ epochs: 0 })).toThrow("`epochs` is 0: give a whole number of at least 1");
    expect(run({ rounds: 1 })).toThrow(TypeError);
    expect(run({ key: undefined })).toThrow("[grow] `key` is undefined, not a Key. Make one: Key.of(0)");
    expect(run({ optimizer: undefined })).toThrow("[grow] `optimizer` is undefined. Make one, such as adam");
  });
});
