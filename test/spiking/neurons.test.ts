// Neurons against programs written by hand, in double precision: their dynamics, and their gradients through time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueAndGrad } from "../../src/autodiff/index.js";
import { Key, scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import type { LayerParams } from "../../src/nn/index.js";
import { cast, matmul, mul, reshape, square, sub, sum, tensor } from "../../src/ops/index.js";
import {
  cellTypes,
  firingRates,
  izhikevich,
  lif,
  metaNeuron,
  type Neuron,
  runNeurons,
} from "../../src/spiking/index.js";
import { vmap } from "../../src/vmap/index.js";

const inDoubles = (params: LayerParams): LayerParams =>
  Object.fromEntries(Object.entries(params).map(([name, each]) => [name, cast(each, "float64")]));

/** Numbers between low and high, from a key alone. */
const numbers = (seed: number, count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, (_, i) => low + (high - low) * Key.of(seed).uniform(i));

/** The spikes of neurons for currents (steps, units) of one example. */
const spikesOf = (neuron: Neuron<never>, params: LayerParams, currents: number[][]): number[][] =>
  scope(() => {
    const [steps, units] = [currents.length, currents[0].length];
    const given = tensor(currents.flat(), { shape: [1, steps, units], ...float64 });
    return reshape(runNeurons(neuron, params, given).spikes, [steps, units]).toArray() as number[][];
  });

/** Expects the gradient of a loss to be that of its differences, for every number of every parameter. */
function expectSlopes(params: LayerParams, loss: (params: LayerParams) => Tensor): void {
  const { grad: gradient } = valueAndGrad(loss)(params);
  for (const [name, each] of Object.entries(params)) {
    const [at, found] = [Array.from(each.data()), gradient[name].data()];
    at.forEach((_, i) => {
      const moved = (by: number): number =>
        scope(() => {
          const next = tensor(
            at.map((x, j) => (j === i ? x + by : x)),
            { shape: each.shape, ...float64 },
          );
          return loss({ ...params, [name]: next }).item();
        });
      // Richardson: the error is of the fourth order.
      const slope = (h: number): number => (moved(h) - moved(-h)) / (2 * h);
      const difference = (4 * slope(5e-4) - slope(1e-3)) / 3;
      expect(Math.abs(found[i] - difference)).toBeLessThanOrEqual(1e-6 * (1e-3 + Math.abs(difference)));
    });
  }
}

describe("leaky neurons", () => {
  const cases = fc.record({
    resetBy: fc.constantFrom("zero" as const, "subtract" as const, "none" as const),
    tau: fc.double({ min: 0.5, max: 30, noNaN: true }),
    threshold: fc.double({ min: 0.2, max: 2, noNaN: true }),
    reset: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    initial: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    seed: fc.nat(1000),
  });

  it("do what their equations say, whatever their numbers", () => {
    fc.assert(
      fc.property(cases, ({ resetBy, seed, ...options }) => {
        const currents = Array.from({ length: 40 }, (_, t) => numbers(1000 * seed + t, 2, -0.5, 1.5));
        scope(() => {
          const neuron = lif(2, { resetBy, learn: ["tau", "threshold", "reset", "initial"], ...options });
          const params = inDoubles(neuron.init());
          const [decay, threshold, reset, initial] = ["decay", "threshold", "reset", "initial"].map((name) =>
            params[name].data(),
          );
          const expected = [0, 1].map((unit) => {
            let [v, s] = [initial[unit], 0];
            const keep = 1 / (1 + Math.exp(-decay[unit]));
            // float32 holds the logit, so that the constant comes back to its digits.
            expect(Math.abs(keep - Math.exp(-1 / options.tau))).toBeLessThan(1e-6);
            return currents.map((current) => {
              const left = { zero: v * keep * (1 - s), subtract: v * keep - threshold[unit] * s, none: v * keep };
              v = left[resetBy] + current[unit] + reset[unit] * s;
              s = Number(v > threshold[unit]);
              return s;
            });
          });
          const found = spikesOf(neuron as never, params, currents);
          expect(found).toEqual(currents.map((_, t) => [expected[0][t], expected[1][t]]));
        });
      }),
      { numRuns: 60 },
    );
  });

  /** The loss of a layer of leaky neurons on one sequence, and its gradient. */
  const trained = (surrogate: "smooth" | "rectangular") => {
    const [steps, inputs, units] = [12, 3, 4];
    const neuron = lif(units, {
      tau: 3,
      threshold: 0.6,
      reset: -0.1,
      initial: 0.2,
      learn: ["tau", "threshold", "reset", "initial"],
      surrogate,
    });
    const weight = tensor(numbers(7, inputs * units, -0.8, 1), { shape: [inputs, units], ...float64 });
    const trains = tensor(
      numbers(8, steps * inputs, 0, 1).map((x) => Number(x < 0.4)),
      { shape: [steps, inputs], ...float64 },
    );
    const wanted = tensor(numbers(9, units, 0, 1), float64);
    const params: LayerParams = { weight, ...inDoubles(neuron.init()) };
    const loss = ({ weight, ...internals }: LayerParams): Tensor => {
      const currents = reshape(matmul(trains, weight), [1, steps, units]);
      return sum(square(sub(firingRates(runNeurons(neuron, internals, currents).spikes), wanted)));
    };
    return { params, loss, trains, wanted, steps, inputs, units };
  };

  it("have the gradient of differences where spikes are smooth, for weights and all that learns (B4)", () => {
    scope(() => {
      const { params, loss } = trained("smooth");
      expectSlopes(params, loss);
    });
  });

  it("have the gradient of backpropagation through time written by hand, with the rectangular surrogate (B4)", () => {
    scope(() => {
      const { params, loss, trains, wanted, steps, inputs, units } = trained("rectangular");
      const { value, grad: gradient } = valueAndGrad(loss)(params);
      const at = (name: string) => params[name].data();
      const [w, x, goal] = [at("weight"), trains.data(), wanted.data()];
      const keep = Array.from(at("decay"), (logit) => 1 / (1 + Math.exp(-logit)));
      const grads: Record<string, number[]> = {
        weight: new Array(inputs * units).fill(0),
        ...Object.fromEntries(
          ["decay", "threshold", "reset", "initial"].map((name) => [name, new Array(units).fill(0)]),
        ),
      };
      let expected = 0;
      for (let unit = 0; unit < units; unit++) {
        const [height, reset] = [at("threshold")[unit], at("reset")[unit]];
        const [v, s] = [[at("initial")[unit]], [0]];
        for (let t = 0; t < steps; t++) {
          let current = 0;
          for (let i = 0; i < inputs; i++) current += x[t * inputs + i] * w[i * units + unit];
          v.push(v[t] * keep[unit] * (1 - s[t]) + current + reset * s[t]);
          s.push(Number(v[t + 1] > height));
        }
        const rate = s.slice(1).reduce((sum, each) => sum + each, 0) / steps;
        expected += (rate - goal[unit]) ** 2;
        let [dv, ds] = [0, 0];
        for (let t = steps; t >= 1; t--) {
          ds += (2 * (rate - goal[unit])) / steps;
          const through = ds * (Math.abs(v[t] - height) < 0.5 ? 1 : 0);
          dv += through;
          grads.threshold[unit] -= through;
          for (let i = 0; i < inputs; i++) grads.weight[i * units + unit] += dv * x[(t - 1) * inputs + i];
          grads.decay[unit] += dv * v[t - 1] * (1 - s[t - 1]) * keep[unit] * (1 - keep[unit]);
          grads.reset[unit] += dv * s[t - 1];
          ds = dv * (reset - v[t - 1] * keep[unit]);
          dv *= keep[unit] * (1 - s[t - 1]);
        }
        grads.initial[unit] = dv;
      }
      expect(Math.abs(value.item() - expected)).toBeLessThan(1e-14);
      for (const [name, wants] of Object.entries(grads)) {
        const found = gradient[name].data();
        wants.forEach((want, i) => {
          expect(Math.abs(found[i] - want)).toBeLessThanOrEqual(1e-10 * Math.max(Math.abs(want), 1e-3));
        });
      }
      expect(grads.threshold.some((each) => each !== 0)).toBe(true);
    });
  });

  it("have no parameters but those that learn, and the same spikes with either", () => {
    scope(() => {
      expect(Object.keys(lif(2).init())).toEqual([]);
      expect(Object.keys(lif(2, { learn: ["threshold", "tau"] }).init()).sort()).toEqual(["decay", "threshold"]);
      const currents = Array.from({ length: 30 }, (_, t) => numbers(t, 2, -0.2, 0.9));
      const options = { tau: [3, 8], threshold: [0.5, 1], reset: 0.1, initial: 0.3 };
      const learned = lif(2, { ...options, learn: ["tau", "threshold", "reset", "initial"] });
      const found = spikesOf(learned as never, inDoubles(learned.init()), currents);
      expect(spikesOf(lif(2, options) as never, {}, currents)).toEqual(found);
      expect(found.flat()).toContain(1);
    });
  });

  it("take the spikes of a reset as constants on request, which changes the gradient alone", () => {
    scope(() => {
      const currents = tensor(numbers(1, 20, 0, 1), { shape: [1, 20, 1] });
      const of = (detachReset: boolean) => {
        const neuron = lif(1, { tau: 5, learn: ["threshold"], detachReset });
        const { value, grad } = valueAndGrad((params: LayerParams) => sum(runNeurons(neuron, params, currents).spikes))(
          neuron.init(),
        );
        return [value.item(), grad.threshold.item()];
      };
      const [[value, slope], [same, other]] = [of(false), of(true)];
      expect(same).toBe(value);
      expect(other).not.toBe(slope);
    });
  });

  it("are the same under vmap as one by one", () => {
    scope(() => {
      const neuron = lif(3, { tau: 4 });
      const params = neuron.init();
      const currents = tensor(numbers(3, 5 * 7 * 3, 0, 0.8), { shape: [5, 1, 7, 3] });
      const run = (each: Tensor): Tensor => runNeurons(neuron, params, each).spikes;
      const single = Array.from({ length: 5 }, (_, i) => Array.from(run(currents.row(i)).data()));
      expect(Array.from(vmap(run)(currents).data())).toEqual(single.flat());
    });
  });

  it("refuse parameters out of their range, and currents of the wrong shape", () => {
    expect(() => lif(0)).toThrow("[lif] `units` is 0. Give a whole number from 1 up.");
    expect(() => lif(2, { tau: 0 })).toThrow("[lif] `tau` is 0. Give a number that is above 0.");
    expect(() => lif(2, { threshold: [1] })).toThrow("[lif] `threshold` has 1 numbers for 2 units. Give one for each.");
    expect(() => lif(2, { learn: ["leak" as never] })).toThrow(/`learn` contains "leak". Use tau, threshold/);
    expect(() => lif(2, { resetBy: "one" as never })).toThrow(/`resetBy` is "one"/);
    expect(() => scope(() => runNeurons(lif(2), lif(2).init(), tensor([[1, 2]])))).toThrow(
      "[runNeurons] the currents have shape [1, 2]. Give [n, steps, 2] with at least one step.",
    );
  });
});

describe("second-order neurons", () => {
  /** Spikes in 200 steps at a constant input, which the neuron squeezes by a sigmoid. */
  const spikesAt = (input: number, options: object = {}): number =>
    scope(() => {
      const neuron = metaNeuron(1, options);
      const current = Math.log(input / (1 - input));
      return spikesOf(
        neuron as never,
        inDoubles(neuron.init()),
        Array.from({ length: 200 }, () => [current]),
      )
        .flat()
        .reduce((sum, spike) => sum + spike, 0);
    });

  // The rates that the authors' equations give in NumPy over 200 steps.
  it("spike as often as the published equations (B3)", () => {
    expect([0.1, 0.2, 0.3].map((input) => spikesAt(input))).toEqual([0, 0, 0]);
    expect([0.4, 0.5, 0.6, 0.8].map((input) => spikesAt(input) / 200)).toEqual([0.03, 0.06, 0.09, 0.145]);
    expect(spikesAt(1 - 1e-15) / 200).toBe(0.2);
    const second = { a: 0.06, b: 0.219, c: -0.01, d: 0.05 };
    expect([0.4, 0.5, 0.6, 0.8, 1 - 1e-15].map((input) => spikesAt(input, second) / 200)).toEqual([
      0.09, 0.19, 0.275, 0.48, 0.565,
    ]);
  });
});

describe("second-order neurons whose spikes are smooth", () => {
  it("have the gradient of differences for weights and all that learns (B4)", () => {
    scope(() => {
      const [steps, inputs, units] = [10, 3, 4];
      const learn = ["a", "b", "c", "d", "initial"] as const;
      const neuron = metaNeuron(units, { a: 0.06, b: 0.219, c: -0.01, d: 0.05, learn, surrogate: "smooth" });
      const weight = tensor(numbers(17, inputs * units, -1, 2), { shape: [inputs, units], ...float64 });
      const trains = tensor(
        numbers(18, steps * inputs, 0, 1).map((x) => Number(x < 0.4)),
        { shape: [steps, inputs], ...float64 },
      );
      const wanted = tensor(numbers(19, units, 0, 1), float64);
      const params: LayerParams = { weight, ...inDoubles(neuron.init()) };
      const loss = ({ weight, ...internals }: LayerParams): Tensor => {
        const currents = reshape(matmul(trains, weight), [1, steps, units]);
        return sum(square(sub(firingRates(runNeurons(neuron, internals, currents).spikes), wanted)));
      };
      expectSlopes(params, loss);
    });
  });
});

describe("Izhikevich's neurons", () => {
  it.each(Object.entries(cellTypes))("spike when the published program does: %s", (cell, { a, b, c, d }) => {
    const current = (t: number): number => (t < 50 ? 0 : 10);
    let [v, u] = [-65, b * -65];
    const expected = Array.from({ length: 400 }, (_, t) => {
      if (v > 30) [v, u] = [c, u + d];
      for (let half = 0; half < 2; half++) v += 0.5 * (0.04 * (v * v) + 5 * v + 140 - u + current(t));
      u += a * (b * v - u);
      return Number(v > 30);
    });
    scope(() => {
      const neuron = izhikevich(1, { cell: cell as keyof typeof cellTypes });
      const found = spikesOf(
        neuron as never,
        {},
        expected.map((_, t) => [current(t)]),
      ).flat();
      expect(found).toEqual(expected);
      expect(expected.reduce((sum, spike) => sum + spike, 0)).toBeGreaterThan(2);
    });
  });

  // Counted by another program: spikes in one second of a current of 10, in steps of 0.1 ms.
  it.each([
    ["simultaneous", [23, 34, 87, 131, 77]],
    ["sequential", [23, 34, 86, 125, 75]],
  ] as const)(
    "spike as often as known by Euler's method (C1), and oftener by type in this order (C2): %s",
    (method, expected) => {
      const five = Object.values(cellTypes).slice(0, 5);
      const of = (name: "a" | "b" | "c" | "d"): number[] => five.map((each) => each[name]);
      const neuron = izhikevich(5, { a: of("a"), b: of("b"), c: of("c"), d: of("d"), dt: 0.1, method });
      const found = spikesOf(
        neuron as never,
        {},
        Array.from({ length: 10_000 }, () => [10, 10, 10, 10, 10]),
      );
      const counts = expected.map((_, unit) => found.reduce((sum, spikes) => sum + spikes[unit], 0));
      expected.forEach((count, unit) => {
        expect(Math.abs(counts[unit] - count)).toBeLessThanOrEqual(1);
      });
      const [regular, bursting, chattering, fast, low] = counts;
      expect([regular, bursting, low, chattering, fast]).toEqual(counts.toSorted((a, b) => a - b));
    },
  );

  it("refuse the name of an unknown cell, and steps that are unstable", () => {
    expect(() => izhikevich(1, { cell: "purkinje" as never })).toThrow(/there is no `cell` "purkinje"/);
    expect(() => izhikevich(1, { method: "heun" as never })).toThrow(/there is no `method` "heun"/);
    expect(() => izhikevich(1, { dt: 1.5 })).toThrow(
      "`dt` is 1.5: these cells are unstable in steps of more than 1 ms.",
    );
    expect(() => izhikevich(2, { a: [0.02, 2.5], dt: 1 })).toThrow("`a` is 2.5 and `dt` 1: u grows without end");
    expect(() => izhikevich(2, { a: 2.5, dt: 0.5 })).not.toThrow();
  });

  it("have a gradient in the parameters that they learn", () => {
    scope(() => {
      const neuron = izhikevich(2, { learn: ["d"] });
      const loss = (params: LayerParams): Tensor =>
        sum(mul(runNeurons(neuron, params, tensor(new Array(400).fill(10), { shape: [1, 200, 2] })).spikes, 1));
      const { grad: gradient } = valueAndGrad(loss)(neuron.init());
      expect(Object.keys(gradient)).toEqual(["d"]);
      expect(gradient.d.data().every((each) => Number.isFinite(each) && each !== 0)).toBe(true);
    });
  });
});
