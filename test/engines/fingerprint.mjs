// What "the same bits on every engine" is held to: a SHA-256 hash for each kind of work, computed through the built
// package alone. It runs as it stands in Node, Bun and, with an import map, in a page.
import * as synaptape from "synaptape";
import { glyphs, sampleTask } from "synaptape/data";
import { float64 } from "synaptape/float64";
import { adam } from "synaptape/optim";
import { initialRule, initialStart, lifetime, logitsOf, lossOf, presets } from "synaptape/plasticity";
import { kinds, life } from "./lifetimes.mjs";
import { training } from "./training.mjs";

const { Key, Tensor, cast, grad, hvp, jvp, loop, random, scope, tensor, valueAndGrad, vmap } = synaptape;
const { argmax, argsort, cumprod, cumsum, crossEntropy, scatterAdd, sort, take, topK } = synaptape;
const { avgPool, conv2d, einsum, matmul, matvec, maxPool, outer } = synaptape;

const ops = { ...synaptape };

/** Ops of one tensor that keep its shape; engines.test.ts checks that no record is forgotten. */
const unary = [
  ...["neg", "abs", "sign", "square", "sqrt", "rsqrt", "cbrt", "reciprocal", "floor", "ceil", "round"],
  ...["exp", "expm1", "log", "log1p", "erf", "tanh", "sinh", "cosh", "asinh", "acosh", "atanh"],
  ...["sin", "cos", "tan", "asin", "acos", "atan"],
  ...["relu", "leakyRelu", "elu", "selu", "gelu", "silu", "softsign", "sigmoid", "logSigmoid", "softplus"],
  ...["softplusGate", "logicalNot"],
];

/** Ops of two tensors, element by element. */
const binary = [
  ...["add", "sub", "mul", "div", "pow", "mod", "atan2", "hypot", "logAddExp", "maximum", "minimum"],
  ...["greater", "greaterEqual", "less", "lessEqual", "equal", "notEqual"],
];

/** The bits of these tensors, one after the other. Engines may choose the bits of a NaN, so there is one NaN here. */
function bitsOf(tensors) {
  const parts = tensors.map((t) => wordsOf(t.data()));
  const bits = new Uint32Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bits.set(part, at);
    at += part.length;
  }
  return bits;
}

/** The 32-bit words of these numbers, with one NaN of each type. */
function wordsOf(data) {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  if (data instanceof Float64Array) {
    for (let i = 0; i < data.length; i++) {
      if (Number.isNaN(data[i])) [words[2 * i], words[2 * i + 1]] = [0, 0x7ff80000];
    }
  } else {
    for (let i = 0; i < words.length; i++) if ((words[i] & 0x7fffffff) > 0x7f800000) words[i] = 0x7fc00000;
  }
  return words;
}

/** Every leaf of a rule or of a list of tensors. */
const leaves = (tree) => (tree instanceof Tensor ? [tree] : Object.values(tree).flatMap(leaves));

/** 2^20 float32 numbers whose bit patterns are spread evenly over all there are, then the edges of the format. */
function patterns(stride) {
  const edges = [0, 1, 0x7fffff, 0x800000, 0x3f7fffff, 0x3f800000, 0x3f800001, 0x7f7fffff, 0x7f800000, 0x7fc00000];
  const bits = new Uint32Array(2 ** 20 + 2 * edges.length);
  for (let i = 0; i < 2 ** 20; i++) bits[i] = Math.imul(i, stride);
  bits.set([...edges, ...edges.map((edge) => edge | 0x80000000)], 2 ** 20);
  return tensor(new Float32Array(bits.buffer));
}

function* elementwise() {
  const [x, y] = [patterns(4093), patterns(1_000_003)];
  for (const name of unary) yield [name, () => [ops[name](x)]];
  yield ["softplus, beta 10", () => [synaptape.softplus(x, 10), synaptape.softplusGate(x, 10)]];
  const few = [random.normal(Key.of(1), [37, 1]), random.normal(Key.of(2), [1, 29])];
  for (const name of binary) yield [name, () => [[x, y], [x, 0.7], few].map(([a, b]) => ops[name](a, b))];
}

function* reductions() {
  const x = random.normal(Key.of(3), [5, 67, 131]);
  yield ["sum", () => [x.sum(), ...[0, 1, 2, [0, 1], [1, 2], [0, 2]].map((axes) => x.sum(axes))]];
  yield ["mean", () => [x.mean(), x.mean(0), x.mean(2)]];
  for (const name of ["prod", "max", "min", "std", "norm", "logSumExp"]) {
    yield [name, () => [ops[name](x.mul(1.2)), ...[0, 1, 2, [0, 2]].map((axes) => ops[name](x, axes))]];
  }
  yield ["running", () => [0, 1, 2].flatMap((axis) => [cumsum(x, axis), cumprod(x, axis)])];
  yield ["sort", () => [sort(x), argsort(x, 1, true), topK(x, 5).values, argmax(x, 0)]];
  const index = random.integers(Key.of(16), [500], { high: 5 });
  yield ["gather", () => [take(x, index), scatterAdd(x, index, random.normal(Key.of(17), [500, 67, 131]))]];
  const lengths = Array.from({ length: 70 }, (_, i) => random.normal(Key.of(4).fold(i), [i + 1]));
  yield ["sum of 1 to 70", () => lengths.map((row) => row.sum())];
  const rows = random.normal(Key.of(5), [61, 19], { std: 4 });
  const labels = tensor(
    Int32Array.from({ length: 61 }, (_, i) => i % 19),
    { dtype: "int32" },
  );
  yield ["softmax", () => [synaptape.softmax(rows)]];
  yield ["logSoftmax", () => [synaptape.logSoftmax(rows)]];
  yield ["crossEntropy", () => [crossEntropy(rows, labels)]];
}

function* products() {
  const squares = ["1 x 1 x 1", "4 x 4 x 4", "8 x 16 x 8", "64 x 64 x 64"];
  const odd = ["3 x 5 x 7", "17 x 33 x 65", "1 x 784 x 170", "128 x 170 x 100", "200 x 3 x 201"];
  for (const name of [...squares, ...odd]) {
    const [m, k, n] = name.split(" x ").map(Number);
    const key = Key.of(6).fold(m).fold(k).fold(n);
    const [a, b] = [random.normal(key.fold(0), [m, k]), random.normal(key.fold(1), [k, n])];
    yield [
      name,
      () => [
        matmul(a, b),
        matmul(a, b.transpose(), { b: true }),
        matmul(a.transpose(), b, { a: true }),
        matvec(a, b.transpose().row(0)),
        matvec(a, b.row(0).sum().mul(a.transpose().row(0)), true),
        outer(a.row(0), b.row(0)),
      ],
    ];
  }
  const [a, b] = [random.normal(Key.of(12), [3, 7, 11]), random.normal(Key.of(13), [3, 11, 5])];
  yield ["of batches", () => [matmul(a, b), einsum("bij,bjk->ik", a, b), einsum("bij,bij->b", a, a)]];
  const image = random.normal(Key.of(14), [2, 13, 11, 3]);
  const filter = random.normal(Key.of(15), [3, 3, 3, 5]);
  yield [
    "convolution",
    () => [
      conv2d(image, filter),
      conv2d(image, filter, { padding: "same", stride: 2 }),
      ...leaves(grad((p) => conv2d(p.image, p.filter, { dilation: 2 }).square().sum())({ image, filter })),
    ],
  ];
  yield ["pooling", () => [maxPool(image, 2), avgPool(image, 3, { stride: 2, padding: "same" })]];
}

function* draws() {
  const key = Key.of(2 ** 40 + 7);
  const x = random.normal(Key.of(18), [99, 9]);
  const count = Array.from({ length: 4096 }, (_, i) => i);
  const words = (list) => [tensor(new Int32Array(list), { dtype: "int32" })];
  yield ["bits", () => words(count.map((i) => key.bits(i)))];
  yield ["split and fold", () => words([...key.split(9), key.fold(2 ** 32 - 1)].flatMap(({ hi, lo }) => [hi, lo]))];
  yield ["integer", () => words([...count.map((i) => key.integer(i, 1000)), ...key.permutation(1000)])];
  yield ["uniform", () => [random.uniform(key, [2 ** 18]), random.uniform(Key.of(0), [1001], { low: -3, high: 0.1 })]];
  yield [
    "truncated normal",
    () => [random.truncatedNormal(key, [2 ** 16]), random.truncatedNormal(key, [99], { low: 1 })],
  ];
  yield [
    "gamma and beta",
    () => [...[0.3, 1, 9].map((a) => random.gamma(key, a, [9999])), random.beta(key, 2, 0.5, [999])],
  ];
  yield ["choices", () => [random.bernoulli(key, 0.3, [999]), random.categorical(key, x), random.permutation(key, 99)]];
  yield ["normal", () => [random.normal(key, [2 ** 18]), random.normal(Key.of(0), [1001], { mean: 2, std: 0.3 })]];
}

function* metaGradients() {
  for (const [kind, config] of Object.entries(kinds)) {
    const { meta, rule } = life(config, [64, 30, 20, 10], 50);
    yield [`50 steps, ${kind}`, () => leaves(valueAndGrad(meta)(rule))];
  }
  const { dual, rule } = life(presets.bio.config, [64, 30, 20, 10], 50);
  yield ["50 steps, dual form", () => leaves(valueAndGrad(dual)(rule))];
}

function* secondDerivatives() {
  const x = random.uniform(Key.of(8), [40], { low: 0.2, high: 2 });
  const v = random.normal(Key.of(9), [40]);
  const f = (x) =>
    x.log().add(x.tanh().square()).mul(x.sigmoid()).add(x.exp().log1p().sqrt()).add(x.softplus(3)).div(x.add(1)).sum();
  yield ["grad of grad", () => [grad((x) => grad(f)(x).mul(v).sum())(x)]];
  yield ["hvp", () => leaves(hvp(f, x, v))];
  yield ["jvp of grad", () => leaves(jvp(grad(f), x, v))];
  const w = random.normal(Key.of(10), [8, 8], { std: 0.5 });
  const net = (w) =>
    loop(12, x.reshape([5, 8]), (h) => matmul(h, w).tanh().add(h.mul(0.5)))
      .square()
      .mean();
  yield ["hvp through a loop", () => leaves(hvp(net, w, random.normal(Key.of(11), [8, 8])))];
  for (const [kind, config] of Object.entries(kinds)) {
    const { meta, rule } = life(config, [12, 9, 5], 6);
    const once = (rule) => leaves(grad(meta)(rule)).reduce((sum, g) => sum.add(g.square().sum()), tensor(0));
    yield [`6 steps, ${kind}`, () => leaves(grad(once)(rule))];
  }
}

/** Numbers of float64 whose bit patterns are spread evenly over all there are, edges, and normal ones around 0. */
function patterns64(stride) {
  const count = 2 ** 17;
  const words = new Uint32Array(2 * count);
  for (let i = 0; i < count; i++) [words[2 * i], words[2 * i + 1]] = [Math.imul(i, stride), Math.imul(i, 32749)];
  const edges = [0, -0, 5e-324, 2 ** -1022, 1 - 2 ** -53, 1, -1, 1 + 2 ** -52, 1.7976931348623157e308, Infinity, NaN];
  const near = [0.01, 1, 30].map((std) => random.normal(Key.of(stride), [2 ** 15], { std, ...float64 }).data());
  const bits = new Float64Array(words.buffer);
  return tensor(Float64Array.from([...bits, ...edges, ...near.flatMap((part) => [...part])]), float64);
}

/** float64: its kernels are a module of their own. */
function* doubles() {
  const [x, y] = [patterns64(4093), patterns64(1_000_003)];
  for (const name of unary) yield [name, () => [ops[name](x)]];
  for (const name of binary)
    yield [
      name,
      () =>
        [
          [x, y],
          [x, 0.7],
        ].map(([a, b]) => ops[name](a, b)),
    ];
  const grid = random.normal(Key.of(20), [5, 67, 13], float64);
  yield ["sums", () => [grid.sum(), grid.mean(0), grid.sum([0, 2]), synaptape.norm(grid, 1), synaptape.prod(grid, 2)]];
  yield ["running and sorted", () => [cumsum(grid, 1), cumprod(grid, 0), sort(grid), topK(grid, 3).values]];
  const rows = random.normal(Key.of(21), [61, 19], { std: 4, ...float64 });
  yield ["softmax", () => [synaptape.softmax(rows), synaptape.logSoftmax(rows), synaptape.logSumExp(rows, 1)]];
  const [a, b] = [random.normal(Key.of(22), [17, 33], float64), random.normal(Key.of(23), [33, 65], float64)];
  yield ["matmul", () => [matmul(a, b), matmul(b, a, { a: true, b: true }), matvec(a, b.transpose().row(0))]];
  yield ["casts", () => [cast(x, "float32"), cast(cast(y, "float32"), "float64")]];
  const key = Key.of(2 ** 40 + 7);
  yield ["uniform and normal", () => [random.uniform(key, [9999], float64), random.normal(key, [9999], float64)]];
  yield [
    "more draws",
    () => [
      ...[random.truncatedNormal(key, [999], float64), random.gamma(key, 0.3, [999], float64)],
      ...[random.exponential(key, [999], float64), random.laplace(key, [999], float64)],
      ...[random.gumbel(key, [999], float64), random.orthogonal(key, [9, 9], float64)],
    ],
  ];
  for (const [kind, config] of Object.entries(kinds)) {
    const { meta, rule } = life(config, [20, 12, 6], 20, float64);
    yield [`meta-gradient, 20 steps, ${kind}`, () => leaves(valueAndGrad(meta)(rule))];
  }
  const w = random.normal(Key.of(24), [8, 8], { std: 0.5, ...float64 });
  const net = (w) =>
    loop(9, grid.row(0).view([8, 8]), (h) => matmul(h, w).tanh().add(h.mul(0.5)))
      .square()
      .mean();
  yield ["hvp through a loop", () => leaves(hvp(net, w, random.normal(Key.of(25), [8, 8], float64)))];
}

/** Functions of one example as functions of many. */
function* batches() {
  for (const [name, type] of [
    ["float32", {}],
    ["float64", float64],
  ]) {
    const key = Key.of(30);
    const w = { first: random.normal(key.fold(0), [6, 9], type), last: random.normal(key.fold(1), [9, 4], type) };
    const x = random.normal(key.fold(2), [33, 6], type);
    const labels = random.integers(key.fold(3), [33], { high: 4 });
    const loss = (w, x, label) => crossEntropy(matmul(matmul(x, w.first).tanh(), w.last), label);
    const axes = [null, 0, 0];
    yield [`gradients of each example, ${name}`, () => leaves(vmap(grad(loss), { axes })(w, x, labels))];
    const along = (x, label) => hvp((w) => loss(w, x, label), w, w);
    yield [`second derivatives of each example, ${name}`, () => leaves(vmap(along)(x, labels))];
    const every = vmap((x) => vmap((y) => x.sub(y).square().sum().exp())(x.add(w.first.transpose())));
    yield [`nested, ${name}`, () => [every(x.slice([0, 0], [5, 6]))]];
    for (const [kind, config] of Object.entries(kinds)) {
      const { metaFrom, rule } = life(config, [12, 9, 5], 6, type);
      const starts = [0, 1, 2, 3].map((i) => initialStart(key.fold(i), [12, 9, 5], {}, type));
      const stacked = (part) => starts[0][part].map((_, i) => synaptape.stack(starts.map((start) => start[part][i])));
      const all = { weights: stacked("weights"), feedback: stacked("feedback") };
      const each = vmap((start) => valueAndGrad(metaFrom(start))(rule));
      yield [`meta-gradients of four lifetimes, ${kind}, ${name}`, () => leaves(each(all))];
    }
  }
}

/** The run of training.mjs by public functions alone, without the files and threads that `synaptape/meta` is for. */
function train() {
  const { hidden, ways, shots, queries, episodes, seed } = training;
  const { config, learningRate } = presets[training.preset];
  const characters = glyphs();
  const sizes = [characters.rows * characters.columns, ...hidden, characters.classes];
  const optimizer = adam({ lr: learningRate });
  let rule = initialRule(config, sizes);
  let state = optimizer.init(rule);
  const stream = (images, labels) => ({
    images: tensor(images, { shape: [labels.length, sizes[0]] }),
    labels: tensor(labels, { dtype: "int32" }),
  });
  for (let episode = 0; episode < episodes; episode++) {
    const next = scope(() => {
      const [startKey, taskKey] = Key.of(seed).fold(episode).split();
      const task = sampleTask(characters, taskKey, { protocol: "faithful", ways, shots, queries });
      const start = initialStart(startKey, sizes);
      const lived = stream(task.images, task.labels);
      const asked = stream(task.queryImages, task.queryLabels);
      const meta = (rule) =>
        lossOf(logitsOf(lifetime(config, rule, start, lived), asked.images, config.beta), asked.labels);
      return optimizer.step(rule, valueAndGrad(meta, { unused: "zero" })(rule).grad, state);
    });
    ({ params: rule, state } = next);
  }
  return leaves(rule);
}

const sections = {
  elementwise,
  reduction: reductions,
  matmul: products,
  random: draws,
  "meta-gradient": metaGradients,
  "second derivative": secondDerivatives,
  float64: doubles,
  vmap: batches,
  *training() {
    yield ["5 episodes", train];
  },
};

async function sha256(bits) {
  const digest = await crypto.subtle.digest("SHA-256", bits);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The hashes by name: `section: case`. */
export async function fingerprint() {
  const hashes = {};
  for (const [section, cases] of Object.entries(sections)) {
    for (const [name, compute] of cases()) {
      hashes[`${section}: ${name}`] = await sha256(scope(() => bitsOf(compute())));
    }
  }
  return hashes;
}
