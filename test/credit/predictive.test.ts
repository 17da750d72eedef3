// Predictive coding against the tape: the schedules that are exact, what breaks them, and the limit in which inference is.
import { describe, expect, it } from "vitest";
import {
  type CreditComparison,
  compareCredit,
  creditSlope,
  faZil,
  fullyConnected,
  inferenceLearning,
  type PredictiveNetwork,
  type Projection,
  predictiveChain,
  predictiveNetwork,
  projection,
  skip,
  zil,
} from "../../src/credit/index.js";
import {
  conv2d,
  grad,
  Key,
  oneHot,
  ones,
  random,
  scope,
  softplus,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { sgd } from "../../src/optim/index.js";
import { type Case, randomChain, residual } from "./nets.js";

const gradientOf = ({ net, params, x, target }: Case) => grad(net.loss)(params, x, target);
const zilOf = ({ net, params, x, target }: Case, options = {}) => zil(net, params, x, target, options).credit;
const worst = ({ parameters }: CreditComparison): number => Math.max(...parameters.map((each) => each.relativeError));
const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);
const activations = ["sigmoid", "tanh", "relu"] as const;

describe("Z-IL", () => {
  it.each(activations)(
    "gives the gradient of 100 random networks in float64, with and without biases: %s",
    (activation) => {
      for (const seed of seeds(100)) {
        const error = scope(() => {
          const given = randomChain(seed, activation, "float64", { bias: seed % 2 === 0 });
          return worst(compareCredit(zilOf(given), gradientOf(given)));
        });
        expect(error, `seed ${seed}`).toBeLessThanOrEqual(1e-10);
      }
    },
  );

  it.each(activations)("differs in float32 by rounding only: %s", (activation) => {
    for (const seed of seeds(20)) {
      const [single, double] = (["float32", "float64"] as const).map((dtype) =>
        scope(() => {
          const given = randomChain(seed, activation, dtype);
          return compareCredit(zilOf(given), gradientOf(given)).largestError;
        }),
      );
      expect(single, `seed ${seed}`).toBeLessThanOrEqual(1e-3);
      if (single > 0) expect(double / single, `seed ${seed}`).toBeLessThanOrEqual(1e-5);
    }
  });

  it("needs what the forward pass predicts (C1), its schedule (C2) and a rate of 1 (C3)", () => {
    for (const seed of seeds(20)) {
      const given = randomChain(seed, activations[seed % 3], "float64");
      const { net, params, x, target } = given;
      const gradient = gradientOf(given);
      const noise = Key.of(seed).fold(2);
      const start = (values: Readonly<Record<string, Tensor>>) =>
        Object.fromEntries(
          Object.entries(values).map(([name, value], i) => [
            name,
            value.add(random.normal(noise.fold(i), value.shape, { std: 0.1, dtype: "float64" })),
          ]),
        );
      const together = inferenceLearning(net, params, x, target, { rate: 1, steps: net.depth + 3 });
      expect(worst(compareCredit(zilOf(given, { start }), gradient))).toBeGreaterThan(1e-2);
      expect(worst(compareCredit(together.credit, gradient))).toBeGreaterThan(1e-2);
      const slow = compareCredit(zilOf(given, { rate: 0.9 }), gradient);
      for (const { path, relativeError } of slow.parameters) {
        const level = net.vertices.find(({ name }) => path.startsWith(`${name}.`))!.level;
        expect(Math.abs(relativeError - (1 - 0.9 ** level)), path).toBeLessThan(1e-9);
      }
    }
  });

  it("trains to the weights of backpropagation in 20 steps", () => {
    for (const activation of activations) {
      const given = randomChain(3, activation, "float64");
      const { net, x, target } = given;
      const optimizer = sgd({ lr: 1e-2 });
      let [ours, theirs] = [given.params, given.params];
      for (let step = 0; step < 20; step++) {
        ours = optimizer.step(ours, zilOf({ ...given, params: ours }), optimizer.init(ours)).params;
        theirs = optimizer.step(theirs, grad(net.loss)(theirs, x, target), optimizer.init(theirs)).params;
      }
      expect(worst(compareCredit(theirs, given.params))).toBeGreaterThan(1e-3);
      expect(worst(compareCredit(ours, theirs))).toBeLessThan(1e-9);
    }
  });

  it("gives the gradient of the cross-entropy, of residual networks, and with functions of one's own", () => {
    for (const seed of seeds(10)) {
      const cases = [
        randomChain(seed, "tanh", "float64", { loss: "crossEntropy" }),
        randomChain(seed, (x) => softplus(x), "float64"),
        ...activations.map((activation) => residual(seed, activation, "float64")),
      ];
      for (const given of cases) expect(worst(compareCredit(zilOf(given), gradientOf(given)))).toBeLessThan(1e-10);
      // Without relays, errors of different age mix.
      const mixed = residual(seed, "tanh", "float64", false);
      expect(worst(compareCredit(zilOf(mixed), gradientOf(mixed)))).toBeGreaterThan(1e-2);
    }
  });

  it("gives the gradient of convolutions", () => {
    const filters = projection(({ w }, a) => conv2d(a, w, { padding: "same" }), {
      init: (key, _, dtype) => ({ w: random.normal(key, [3, 3, 1, 2], { std: 0.3, dtype }) }),
      shape: ([height, width]) => [height, width, 2],
    });
    const flat = projection(({ w }, a) => a.reshape([a.shape[0], -1]).matmul(w), {
      init: (key, [height, width, channels], dtype) => ({
        w: random.normal(key, [height * width * channels, 3], { std: 0.1, dtype }),
      }),
      shape: () => [3],
    });
    const net = predictiveNetwork({
      input: [6, 6, 1],
      vertices: { maps: { from: { input: filters }, activation: "tanh" }, output: { from: { maps: flat } } },
    });
    const params = net.init(Key.of(0), { dtype: "float64" });
    const x = random.normal(Key.of(1), [5, 6, 6, 1], { dtype: "float64" });
    const target = random.normal(Key.of(2), [5, 3], { dtype: "float64" });
    const comparison = compareCredit(zil(net, params, x, target).credit, grad(net.loss)(params, x, target));
    expect(comparison.parameters.map(({ path }) => path)).toEqual(["maps.input.w", "output.maps.w"]);
    expect(worst(comparison)).toBeLessThan(1e-10);
  });
});

describe("Fa-Z-IL", () => {
  it.each(activations)(
    "gives the gradient without a schedule, and each layer fires in the tick of its level: %s",
    (activation) => {
      for (const seed of seeds(40)) {
        const given = randomChain(seed, activation, "float64");
        const { net, params, x, target } = given;
        const { credit, fired } = faZil(net, params, x, target, { ticks: net.depth + 2 });
        expect(worst(compareCredit(credit, gradientOf(given))), `seed ${seed}`).toBeLessThanOrEqual(1e-10);
        for (const { name, level } of net.vertices.slice(1)) {
          const ticks = Array.from(fired[name].data()).flatMap((count, tick) => (count > 0 ? [tick] : []));
          expect(ticks, `seed ${seed}, ${name}`).toEqual([level]);
        }
      }
    },
  );

  it("does not depend on the order in which layers are named", () => {
    const layers = {
      a: { from: { input: fullyConnected(6) }, activation: "tanh" },
      b: { from: { a: fullyConnected(5) }, activation: "tanh" },
      c: { from: { b: fullyConnected(2) } },
    } as const;
    const [first, second] = [layers, { c: layers.c, a: layers.a, b: layers.b }].map((vertices) =>
      predictiveNetwork({ input: [4], vertices }),
    );
    const params = first.init(Key.of(0));
    const [x, target] = [random.normal(Key.of(1), [3, 4]), zeros([3, 2])];
    const [one, other] = [first, second].map((net) => faZil(net, params, x, target).credit);
    expect(compareCredit(other, one).relativeError).toBe(0);
  });
});

describe("inference", () => {
  it("comes to the gradient with an error proportional to the output's weight", () => {
    for (const seed of seeds(1)) {
      const net = predictiveChain([6, 9, 8, 7, 5], { bias: false });
      const given = { net, params: net.init(Key.of(seed), { dtype: "float64" }) } as const;
      const x = random.normal(Key.of(seed).fold(1), [8, 6], { dtype: "float64" });
      const target = random.normal(Key.of(seed).fold(2), [8, 5], { dtype: "float64" });
      const il = (outputWeight: number) =>
        inferenceLearning(net, given.params, x, target, { outputWeight, steps: 3000 });
      expect(il(1e-2).residual.item()).toBeLessThan(1e-12);
      const { slope, points } = creditSlope(
        (small) => il(small).credit,
        gradientOf({ ...given, x, target }),
        [1e-2, 1e-3, 1e-4],
      );
      expect(Math.abs(slope - 1)).toBeLessThan(0.1);
      expect(points[2].comparison.cosine).toBeGreaterThan(0.999);
    }
  }, 60_000);
});

describe("locality", () => {
  /** The projection, and every tensor that its functions were given beside its own parameters. */
  function watched(inner: Projection): { projection: Projection; seen: (readonly Tensor[])[] } {
    const seen: (readonly Tensor[])[] = [];
    return {
      seen,
      projection: {
        ...inner,
        credit: (...args) => {
          expect(args.length).toBe(3);
          seen.push(args.slice(1) as Tensor[]);
          return inner.credit(...args);
        },
        send: (...args) => {
          expect(args.length).toBe(3);
          seen.push(args.slice(1) as Tensor[]);
          return inner.send(...args);
        },
      },
    };
  }

  it("a projection is given the activities on one side and the errors on the other", () => {
    const { projection, seen } = watched(fullyConnected(4));
    const net = predictiveNetwork({
      input: [6],
      vertices: {
        a: { from: { input: fullyConnected(5) }, activation: "tanh" },
        b: { from: { a: projection }, activation: "tanh" },
        c: { from: { b: fullyConnected(3) } },
      },
    });
    zil(net, net.init(Key.of(0)), ones([2, 6]), zeros([2, 3]));
    expect(seen.length).toBeGreaterThan(0);
    for (const [activity, error] of seen)
      expect([activity.shape, error.shape]).toEqual([
        [2, 5],
        [2, 4],
      ]);
  });

  it("an error reaches one level more in each tick: what is beyond has no credit and no tick before", () => {
    const given = randomChain(1, "tanh", "float64");
    const { net, params, x, target } = given;
    for (let ticks = 1; ticks <= net.depth; ticks++) {
      const { credit } = faZil(net, params, x, target, { ticks });
      for (const { name, level, edges } of net.vertices.slice(1)) {
        const size = credit[name][edges[0].source].weight.square().sum().item();
        expect(size > 0, `${name} after ${ticks}`).toBe(level < ticks);
      }
    }
  });
});

describe("wrong input", () => {
  const net = predictiveChain([3, 4, 2]);
  const params = net.init(Key.of(0));
  const [x, target] = [ones([5, 3]), zeros([5, 2])];
  const vertex = (source: string) => ({ from: { [source]: fullyConnected(2) } });
  const made = (vertices: Record<string, { from: Record<string, Projection>; activation?: "tanh" }>) => () =>
    predictiveNetwork({ input: [3], vertices });

  it.each<readonly [string, () => unknown, RegExp]>([
    [
      "a cycle",
      made({ a: { from: { b: fullyConnected(2), input: fullyConnected(2) } }, b: vertex("a") }),
      /"a" predicts "b" predicts "a".*cycle/,
    ],
    ["an unknown source", made({ a: vertex("inputs") }), /"inputs", which does not exist/],
    ["two outputs", made({ a: vertex("input"), b: vertex("input") }), /a, b predict no other/],
    ["no vertex", made({}), /empty/],
    ["no source", made({ a: { from: {} } }), /nothing predicts "a"/],
    [
      "shapes that differ",
      made({ a: { from: { input: skip() } }, b: { from: { a: skip(), input: fullyConnected(4) } } }),
      /\[3\].*\[4\]/,
    ],
    ["an output with an activation", made({ a: { ...vertex("input"), activation: "tanh" } }), /`activation`.*Remove/],
    ["an unknown activation", () => predictiveChain([3, 4, 2], { activation: "tang" as never }), /"tang".*tanh/],
    ["an unknown loss", () => predictiveChain([3, 2], { loss: "cross" as never }), /"cross".*crossEntropy/],
    ["too few sizes", () => predictiveChain([3]), /`sizes`/],
    ["data of another size", () => zil(net, params, ones([5, 4]), target), /\[5, 4\].*\[3\]/],
    ["targets of another shape", () => zil(net, params, x, zeros([5])), /targets have shape \[5\].*\[5, 2\].*oneHot/],
    ["parameters of another network", () => zil(net, {}, x, target), /no parameters "layer1\.input"/],
    ["a rate of 0", () => zil(net, params, x, target, { rate: 0 }), /`rate` is 0/],
    ["half a step", () => inferenceLearning(net, params, x, target, { steps: 0.5 }), /`steps`/],
    ["a weight of 0", () => inferenceLearning(net, params, x, target, { outputWeight: 0 }), /`outputWeight`/],
    ["no ticks", () => faZil(net, params, x, target, { ticks: 0 }), /`ticks`/],
    ["values of no vertex", () => zil(net, params, x, target, { start: () => ({ layer9: x }) }), /"layer9"/],
    ["no units", () => fullyConnected(0), /`units`/],
  ])("%s is refused with a cure", (_, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });

  it("a projection that says a wrong shape is found", () => {
    const wrong = projection((_, a) => a.sum(1, true), { shape: () => [2] });
    const odd: PredictiveNetwork = predictiveNetwork({
      input: [3],
      vertices: { a: { from: { input: wrong } }, output: { from: { a: skip() } } },
    });
    expect(() => zil(odd, odd.init(Key.of(0)), x, target)).toThrow(/shape/);
  });

  it("training by the credit reaches the target as training by the gradient does", () => {
    const labels = oneHot(tensor([0, 1, 0, 1], { dtype: "int32" }), 2);
    const xor = tensor([
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ]);
    const small = predictiveChain([2, 8, 2], { loss: "crossEntropy" });
    const optimizer = sgd({ lr: 0.5 });
    let learned = small.init(Key.of(1));
    for (let step = 0; step < 300; step++) {
      learned = optimizer.step(learned, zil(small, learned, xor, labels).credit, optimizer.init(learned)).params;
    }
    expect(small.loss(learned, xor, labels).item()).toBeLessThan(0.1);
  });
});
