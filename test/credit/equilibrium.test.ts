// Equilibrium propagation against backpropagation through time on the tape.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  compareCredit,
  continualEquilibriumPropagation,
  creditSlope,
  type EquilibriumModel,
  type EquilibriumStates,
  energyModel,
  equilibriumModel,
  equilibriumPropagation,
  jacobianAsymmetry,
  type NudgingOptions,
  nudgedStep,
  prototypicalModel,
  type SymmetricLayer,
  unrolledGradient,
} from "../../src/credit/index.js";
import {
  conv2d,
  convTranspose2d,
  grad,
  Key,
  maxPool,
  random,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from "../../src/index.js";

const f64 = { dtype: "float64" } as const;
type Params = readonly SymmetricLayer[];

/** The toy network, sizes 10-50-5 from the data on, one item. */
function toy(seed: number) {
  const model = energyModel([10, 50, 5], { epsilon: 0.08 });
  const key = Key.of(seed);
  const x = random.uniform(key.fold(1), [1, 10], f64);
  const target = random.uniform(key.fold(2), [1, 5], f64);
  return { model, params: model.init(key.fold(0), f64), x, target };
}
const long = { free: 5000, nudged: 80 };

describe("the energy-based model", () => {
  it("gives the gradient with an error proportional to β, or to β² if nudged both ways", () => {
    for (const seed of [0, 1]) {
      const { model, params, x, target } = toy(seed);
      const gradient = unrolledGradient(model, params, x, target, { free: 1500, nudged: 80 }).credit;
      const ep = (options: NudgingOptions) => (beta: number) =>
        equilibriumPropagation(model, params, x, target, { ...{ free: 1500, nudged: 80, beta }, ...options }).credit;
      const one = creditSlope(ep({ tolerance: 1e-3 }), gradient, [1e-1, 1e-2, 1e-3]);
      expect(Math.abs(one.slope - 1)).toBeLessThan(0.1);
      expect(one.points[2].comparison.relativeError).toBeLessThan(5e-3);
      const both = creditSlope(ep({ nudging: "symmetric" }), gradient, [1e-1, 1e-2, 1e-3]);
      expect(Math.abs(both.slope - 2)).toBeLessThan(0.2);
      expect(both.points[2].comparison.relativeError).toBeLessThan(1e-5);
    }
  }, 60_000);

  it("is nudged by its output before the tick, and tells how far the state that moves most still moves", () => {
    const { model, params, x, target } = toy(0);
    const statesAt = (ticks: number): EquilibriumStates =>
      Array.from({ length: ticks }).reduce<EquilibriumStates>(
        (states) => model.step(params, x, states),
        model.rest(params, x),
      );
    const [before, now] = [statesAt(24), statesAt(25)];
    const moved = now.map((state, i) => Math.max(...state.sub(before[i]).data().map(Math.abs)));
    expect(moved[0]).toBeGreaterThan(moved[1]); // so the output alone would tell too little
    const { residual } = equilibriumPropagation(model, params, x, target, { free: 25, nudged: 5, beta: 0.1 });
    expect(residual.item()).toBe(moved[0]);

    const next = nudgedStep(model, params, x, before, (output) => output.mul(0.5));
    expect(next[0].toArray()).toEqual(now[0].toArray());
    expect(next[1].toArray()).toEqual(now[1].add(before[1].mul(0.5).mul(model.force)).toArray());
  });

  it.each([0, 1, 2, 3, 4])(
    "does so tick by tick, for the states and the parameters of every layer: seed %i",
    (seed) => {
      const { model, params, x, target } = toy(seed);
      const [K, beta] = [80, 1e-3];
      const start = equilibriumPropagation(model, params, x, target, { ...long, free: 2000, beta }).states;
      // The tape: a copy of the parameters and a shift of the states for every tick.
      const copies = Array.from({ length: K }, () => ({ params, shift: start.map((state) => state.mul(0)) }));
      const gradient = grad(
        (all: typeof copies) => {
          const end = all.reduce<EquilibriumStates>(
            (states, each) => model.step(each.params, x, states).map((state, i) => state.add(each.shift[i])),
            start,
          );
          return end[end.length - 1].sub(target).square().sum().mul(0.5);
        },
        { unused: "zero" },
      )(copies);
      const leaves = (layers: Params): Tensor[] => layers.flatMap(({ weight, bias }) => [weight, bias]);
      /** What was found and what the tape says, by tick: the shifts of the states first, then the parameters. */
      const [ours, tape]: Float64Array[][][] = [[], []];
      let states = start;
      for (let t = 0; t < K; t++) {
        const next = nudgedStep(model, params, x, states, (output) => target.sub(output).mul(beta));
        const scaled = (after: readonly Tensor[], before: readonly Tensor[]): Float64Array[] =>
          after.map(
            (leaf, i) =>
              leaf
                .sub(before[i])
                .div(-beta * model.force)
                .data() as Float64Array,
          );
        const [after, before] = [leaves(model.slope(params, x, next)), leaves(model.slope(params, x, states))];
        ours.push([...scaled(next, states), ...scaled(after, before)]);
        const { params: byParams, shift } = gradient[K - 1 - t];
        tape.push([...shift, ...leaves(byParams)].map((leaf) => leaf.data() as Float64Array));
        states = next;
      }
      for (let part = 0; part < tape[0].length; part++) {
        const norm = (values: Float64Array): number => Math.hypot(...values);
        const apart = ours.map((tick, t) => norm(tick[part].map((value, i) => value - tape[t][part][i])));
        expect(Math.max(...apart) / Math.max(...tape.map((tick) => norm(tick[part])))).toBeLessThan(1e-2);
        // The measure of the authors' code: over ticks for each element, then its mean.
        const overTicks = (f: (a: number, b: number) => number): number[] =>
          Array.from(tape[0][part], (_, i) =>
            ours.reduce((sum, tick, t) => sum + f(tick[part][i], tape[t][part][i]), 0),
          );
        const [off, mine, theirs] = [
          overTicks((a, b) => (a - b) ** 2),
          overTicks((a) => a * a),
          overTicks((_, b) => b * b),
        ];
        const rmse = off.map((sum, i) => (sum === 0 ? 0 : Math.sqrt(sum / Math.max(mine[i], theirs[i]))));
        expect(rmse.reduce((sum, each) => sum + each, 0) / rmse.length, `part ${part}`).toBeLessThan(5e-3);
      }
    },
  );

  it("goes down its energy", () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const { model, params, x } = toy(seed);
      // Φ = ½ ‖s‖² - ε E, hence E.
      const energy = (states: EquilibriumStates): number =>
        (states.reduce((sum, s) => sum + 0.5 * s.square().sum().item(), 0) - model.phi(params, x, states).item()) /
        0.08;
      let states: EquilibriumStates = model.rest(params, x);
      let before = energy(states);
      for (let t = 0; t < 300; t++) {
        states = model.step(params, x, states);
        const now = energy(states);
        expect(now - before).toBeLessThan(1e-12);
        before = now;
      }
    }
  }, 60_000);

  it("moves its parameters continually to the same credit, the closer the slower they move", () => {
    const { model, params, x, target } = toy(0);
    const phases = { free: 1500, nudged: 80, beta: 1e-3 };
    const gradient = unrolledGradient(model, params, x, target, phases).credit;
    const error = (rate: number) =>
      compareCredit(continualEquilibriumPropagation(model, params, x, target, { ...phases, rate }).credit, gradient)
        .relativeError;
    const [slow, slower] = [error(1e-5), error(1e-6)];
    expect(slower).toBeLessThan(1e-2);
    expect(slow / slower).toBeGreaterThan(5);
    expect(slow / slower).toBeLessThan(25);
    // With no rate the changes of all ticks add up to the difference of both ends.
    const still = continualEquilibriumPropagation(model, params, x, target, { ...phases, rate: 0 });
    const ends = equilibriumPropagation(model, params, x, target, phases);
    expect(compareCredit(still.credit, ends.credit).relativeError).toBeLessThan(1e-12);
    expect(compareCredit(still.params, params).relativeError).toBe(0);
    // In a single tick it is equilibrium propagation, to the bit.
    const single = { ...phases, nudged: 1 };
    const [one, other] = [
      continualEquilibriumPropagation(model, params, x, target, { ...single, rate: 0 }).credit,
      equilibriumPropagation(model, params, x, target, single).credit,
    ];
    expect(compareCredit(one, other).largestError).toBe(0);
    // A rate for each parameter: only one of them moves.
    const some = continualEquilibriumPropagation(model, params, x, target, { ...phases, rate: [1e-6, 0, 0, 0] });
    expect(compareCredit([some.params[0].weight], [params[0].weight]).largestError).toBeGreaterThan(0);
    expect(compareCredit([some.params[0].bias, some.params[1]], [params[0].bias, params[1]]).largestError).toBe(0);
  }, 60_000);
});

describe("other models", () => {
  /** A prototypical network 100-64-10, one item; its weights times `scale`. */
  function prototype(seed: number, scale: number) {
    const model = prototypicalModel([100, 64, 10]);
    const key = Key.of(seed);
    const params = model
      .init(key.fold(0), f64)
      .map(({ weight, bias }) => ({ weight: weight.mul(scale), bias: bias.mul(scale) }));
    const x = random.uniform(key.fold(1), [1, 100], f64);
    return { model, params, x, target: random.uniform(key.fold(2), [1, 10], f64) };
  }

  it("the prototypical one is near the gradient where its states are small", () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const { model, params, x, target } = prototype(seed, 0.5);
      const phases = { free: 150, nudged: 10 };
      const ep = equilibriumPropagation(model, params, x, target, { ...phases, beta: 0.01 }).credit;
      const found = compareCredit(ep, unrolledGradient(model, params, x, target, phases).credit);
      expect(found.cosine).toBeGreaterThan(0.999);
      expect(found.relativeError).toBeLessThan(0.02);
      expect(found.signAgreement).toBeGreaterThan(0.98);
    }
  }, 60_000);

  it("and it is the gradient itself of a loss whose errors are divided by the output's slope", () => {
    // A nudge reaches the output behind ρ, a derivative before it: that is all the difference.
    const { model, params, x, target } = prototype(1, 1);
    const phases = { free: 400, nudged: 40 };
    const [, output] = equilibriumPropagation(model, params, x, target, phases).states;
    const slope = output.square().neg().add(1);
    const other = output.add(target.sub(output).div(slope));
    const gradient = unrolledGradient(model, params, x, other, phases).credit;
    const ep = (beta: number) =>
      equilibriumPropagation(model, params, x, target, { ...phases, beta, tolerance: 1e-3 }).credit;
    const { slope: power, points } = creditSlope(ep, gradient, [1e-2, 1e-3, 1e-4]);
    expect(Math.abs(power - 1)).toBeLessThan(0.1);
    expect(points[2].comparison.relativeError).toBeLessThan(1e-2);
  }, 60_000);

  it("those written by hand are what the tape makes of their Φ", () => {
    for (const model of [energyModel([6, 5, 4, 3]), prototypicalModel([6, 5, 4, 3])]) {
      const taped: EquilibriumModel<Params> = equilibriumModel({
        ...{ phi: model.phi, rest: model.rest, force: model.force },
        squash: model.force === 1 ? "tanh" : "identity",
      });
      const params = model.init(Key.of(0), f64);
      const x = random.normal(Key.of(1), [3, 6], f64);
      const states = [5, 4, 3].map((size, i) => random.normal(Key.of(2).fold(i), [3, size], f64));
      const [ours, theirs] = [model, taped].map((each) => ({
        step: each.step(params, x, states),
        slope: each.slope(params, x, states),
      }));
      expect(compareCredit(ours, theirs).relativeError).toBeLessThan(1e-10);
    }
  });

  it("convolutions and pools come by the tape: what goes down is the transposed convolution of what was pooled", () => {
    const phi = ({ filter }: { filter: Tensor }, x: Tensor, [low, high]: EquilibriumStates): Tensor =>
      x
        .mul(low)
        .sum()
        .add(maxPool(conv2d(low, filter), 2).mul(high).sum());
    const rest = (_: unknown, x: Tensor) => [x.mul(0), zeros([x.shape[0], 2, 2, 3], f64)];
    const model = equilibriumModel({ phi, rest });
    const filter = random.normal(Key.of(0), [3, 3, 2, 3], f64);
    const [x, low, high] = [
      [1, 6, 6, 2],
      [1, 6, 6, 2],
      [1, 2, 2, 3],
    ].map((shape, i) => random.normal(Key.of(1).fold(i), shape, f64));
    const [down] = model.step({ filter }, x, [low, high]);
    // By hand: each state goes back to where its pool found the largest.
    const maps = conv2d(low, filter);
    const from = new Float64Array(maps.size);
    const [values, states] = [maps.data(), high.data()];
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < 2; column++) {
        for (let channel = 0; channel < 3; channel++) {
          const places = [0, 1, 4, 5].map((at) => ((2 * row + (at >> 2)) * 4 + 2 * column + (at % 4)) * 3 + channel);
          const best = places.reduce((a, b) => (values[b] > values[a] ? b : a));
          from[best] = states[(row * 2 + column) * 3 + channel];
        }
      }
    }
    const back = transpose(filter, [0, 1, 3, 2]);
    const hand = convTranspose2d(tensor(from, { shape: [1, 4, 4, 3], ...f64 }), back).add(x);
    expect(compareCredit(down, hand).relativeError).toBeLessThan(1e-10);
  });

  it("random nudging takes either sign, by its key", () => {
    const { model, params, x, target } = toy(0);
    const phases = { free: 100, nudged: 10, beta: 0.1 };
    const of = (options: object) => equilibriumPropagation(model, params, x, target, { ...phases, ...options }).credit;
    const [plus, minus] = [of({}), of({ beta: -0.1 })];
    const signs = Array.from({ length: 20 }, (_, i) => {
      const found = of({ nudging: "random", key: Key.of(i) });
      const [same, other] = [plus, minus].map((each) => compareCredit(found, each).relativeError);
      expect(Math.min(same, other)).toBe(0);
      return same === 0;
    });
    expect(new Set(signs).size).toBe(2);
  });

  it("the Jacobian of a step is symmetric if the step comes from an energy, and otherwise not", () => {
    const { model, params, x } = toy(0);
    const states = model.rest(params, x).map((s, i) => s.add(random.normal(Key.of(i), s.shape, f64)));
    expect(jacobianAsymmetry(model, params, x, states, Key.of(1))).toBeLessThan(1e-12);
    const { step } = prototypicalModel([10, 50, 5]);
    expect(jacobianAsymmetry({ ...model, step }, params, x, states, Key.of(1))).toBeGreaterThan(1e-3);
  });
});

describe("training", () => {
  it("learns two classes as the gradient does", () => {
    const rho = (t: Tensor): Tensor => t.mul(4).sub(2).sigmoid();
    const model = prototypicalModel([2, 16, 1], rho);
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const target = tensor([[0], [1], [1], [1]]);
    let params: Params = model.init(Key.of(0));
    const loss = (p: Params): number =>
      equilibriumPropagation(model, p, x, target, { free: 30, nudged: 10 }).states[1].sub(target).square().sum().item();
    const before = loss(params);
    for (let step = 0; step < 200; step++) {
      const { credit } = equilibriumPropagation(model, params, x, target, { free: 30, nudged: 10, beta: 0.1 });
      params = params.map(({ weight, bias }, i) => ({
        weight: weight.sub(credit[i].weight.mul(0.1)),
        bias: bias.sub(credit[i].bias.mul(0.1)),
      }));
    }
    expect(loss(params)).toBeLessThan(0.1 * before);
  }, 60_000);
});
