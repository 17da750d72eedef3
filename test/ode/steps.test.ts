// Steps of differential equations: their orders, what they keep, and their derivatives against formulas, in float64.
import "../../src/float64/index.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, hessian, loop, scan } from "../../src/autodiff/index.js";
import { Key, type Tensor, type TreeOf } from "../../src/core/index.js";
import { type Field, implicitMidpoint, type Motion, rk4, semiImplicitEuler } from "../../src/ode/index.js";
import { add, cos, mul, neg, random, sin, square, stack, sub, sum, tensor } from "../../src/ops/index.js";
import { vmap } from "../../src/vmap/index.js";

const of = (x: number | number[]): Tensor => tensor(x as number[], { dtype: "float64" });

type Swing = Motion<Tensor>;
const fall = (position: Tensor): Tensor => neg(sin(position));
/** A pendulum without friction. */
const pendulum: Field<Swing> = ({ position, velocity }) => ({ position: velocity, velocity: fall(position) });
const begin: Swing = { position: of(1.2), velocity: of(0.3) };
const energyOf = ({ position, velocity }: Swing): number => square(velocity).mul(0.5).sub(cos(position)).item();

type Stepper = (state: Swing, dt: number) => Swing;
const steppers: Readonly<Record<string, { order: number; step: Stepper }>> = {
  rk4: { order: 4, step: (state, dt) => rk4(pendulum, state, dt) },
  semiImplicitEuler: { order: 1, step: (state, dt) => semiImplicitEuler(fall, state, dt) },
  implicitMidpoint: { order: 2, step: (state, dt) => implicitMidpoint(pendulum, state, dt) },
};
const names = Object.keys(steppers);
const after = (name: string, count: number, time: number): Swing =>
  loop(count, begin, (state) => steppers[name].step(state, time / count));

/** The pendulum by a Taylor series of order 12 in plain numbers, in tiny steps: no method of ours. */
function exact(time: number): [position: number, velocity: number] {
  let [q, v] = [1.2, 0.3];
  const steps = 400;
  const dt = time / steps;
  for (let step = 0; step < steps; step++) {
    // Coefficients of q, of s = sin q and of c = cos q: s' = c q' and c' = -s q'.
    const [qs, ss, cs] = [[q, v], [Math.sin(q)], [Math.cos(q)]];
    for (let k = 0; k < 12; k++) {
      qs[k + 2] = -ss[k] / ((k + 1) * (k + 2));
      let [up, down] = [0, 0];
      for (let j = 0; j <= k; j++) {
        up += cs[k - j] * (j + 1) * qs[j + 1];
        down += ss[k - j] * (j + 1) * qs[j + 1];
      }
      ss[k + 1] = up / (k + 1);
      cs[k + 1] = -down / (k + 1);
    }
    q = qs.reduceRight((total, each) => total * dt + each, 0);
    v = qs.reduceRight((total, each, k) => (k === 0 ? total : total * dt + k * each), 0);
  }
  return [q, v];
}

describe("the error of a whole course", () => {
  it.each(names)("of %s falls with the power of dt that is its order", (name) => {
    const [q, v] = exact(2);
    const errors = [20, 40, 80].map((count) => {
      const { position, velocity } = after(name, count, 2);
      return Math.hypot(position.item() - q, velocity.item() - v);
    });
    for (const i of [0, 1]) {
      expect(Math.log2(errors[i] / errors[i + 1]) - steppers[name].order).toBeGreaterThan(-0.2);
      expect(Math.log2(errors[i] / errors[i + 1]) - steppers[name].order).toBeLessThan(0.2);
    }
  });

  it("counts the time: of x' = 4 t^3, rk4 makes t^4 and the midpoint rule 4 t^3 in the middle", () => {
    const field = (x: Tensor, time: number): Tensor => x.mul(0).add(4 * time ** 3);
    const end = loop(10, of(0), (x, step) => rk4(field, x, 0.3, 0.3 * step));
    expect(end.item()).toBeCloseTo(3 ** 4, 10);
    expect(implicitMidpoint(field, of(0), 0.5, { time: 1 }).item()).toBeCloseTo(0.5 * 4 * 1.25 ** 3, 12);
    const pushed = semiImplicitEuler((_, velocity, time) => velocity.mul(0).add(time), begin, 0.5, 2);
    expect([pushed.position.item(), pushed.velocity.item()]).toEqual([1.2 + 0.5 * 1.3, 1.3]);
  });
});

describe("energy", () => {
  const drift = (name: string, count: number, dt: number): number => {
    const [, all] = scan(count, begin, (state) => {
      const next = steppers[name].step(state, dt);
      return [next, next] as const;
    });
    const first = energyOf(begin);
    const energies = square(all.velocity).mul(0.5).sub(cos(all.position)).data();
    return Math.max(...Array.from(energies, (energy) => Math.abs(energy - first)));
  };

  it.each([
    ["semiImplicitEuler", 1],
    ["implicitMidpoint", 2],
  ])("of a pendulum under %s stays in a band that does not grow in time, and shrinks with dt", (name, order) => {
    const short = drift(name, 150, 0.1);
    expect(drift(name, 900, 0.1) / short).toBeLessThan(1.02);
    expect(short).toBeLessThan(0.1);
    expect(Math.log2(short / drift(name, 300, 0.05))).toBeGreaterThan(order - 0.2);
  });

  it("drifts under rk4, by the fifth power of dt", () => {
    expect(drift("rk4", 900, 0.1)).toBeGreaterThan(3 * drift("rk4", 150, 0.1));
    expect(Math.log2(drift("rk4", 500, 0.1) / drift("rk4", 1000, 0.05))).toBeGreaterThan(4.7);
  });

  it("that is quadratic is kept by the midpoint rule to the last digits, however large dt is", () => {
    const turn: Field<Swing> = ({ position, velocity }) => ({ position: velocity, velocity: neg(position) });
    const radius = ({ position, velocity }: Swing): number => square(position).add(square(velocity)).item();
    const end = loop(1000, begin, (state) => implicitMidpoint(turn, state, 1.7, { iterations: 1 }));
    expect(Math.abs(radius(end) / radius(begin) - 1)).toBeLessThan(1e-12);
  });
});

describe("derivatives", () => {
  // Of x' = a x, a step multiplies x by a function of z = a dt.
  const growth = {
    rk4: (z: number) => [
      1 + z + z ** 2 / 2 + z ** 3 / 6 + z ** 4 / 24,
      1 + z + z ** 2 / 2 + z ** 3 / 6,
      1 + z + z ** 2 / 2,
    ],
    implicitMidpoint: (z: number) => [(1 + z / 2) / (1 - z / 2), (1 - z / 2) ** -2, (1 - z / 2) ** -3],
  } as const;

  it.each(Object.keys(growth) as (keyof typeof growth)[])(
    "of %s are those of its formula, first and second",
    (name) => {
      const steps = { rk4, implicitMidpoint };
      fc.assert(
        fc.property(fc.double({ min: -2, max: 1, noNaN: true }), fc.integer({ min: 1, max: 12 }), (a, count) => {
          const dt = 0.4;
          const end = (rate: Tensor): Tensor =>
            loop(count, of(1.5), (x: Tensor) => steps[name]((y) => mul(y, rate), x, dt));
          const [p, d, dd] = growth[name](a * dt);
          const first = 1.5 * count * p ** (count - 1) * d * dt;
          const second =
            1.5 * count * dt ** 2 * (p ** (count - 1) * dd + (count - 1) * p ** Math.max(0, count - 2) * d ** 2);
          expect(Math.abs(grad(end)(of(a)).item() - first)).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(first)));
          expect(Math.abs(hessian(end)(of(a)).item() - second)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(second)));
        }),
        { numRuns: 20 },
      );
    },
  );

  it("of the semi-implicit step are those of its matrix", () => {
    // v' = v - w dt q and q' = q + dt v': q' = (1 - w dt^2) q + dt v.
    const end = (w: Tensor): Tensor =>
      semiImplicitEuler((q) => neg(mul(q, w)), { position: of(0.7), velocity: of(-0.2) }, 0.3).position;
    expect(grad(end)(of(2)).item()).toBeCloseTo(-(0.3 ** 2) * 0.7, 14);
  });

  it.each(names)("of a swing by %s agree with differences, from its state and what its field closes over", (name) => {
    const swing = ({ q, v, length }: { q: Tensor; v: Tensor; length: Tensor }): Tensor => {
      const pull = (position: Tensor): Tensor => neg(mul(sin(position), length));
      const field: Field<Swing> = ({ position, velocity }) => ({ position: velocity, velocity: pull(position) });
      const steps: Record<string, Stepper> = {
        rk4: (state, dt) => rk4(field, state, dt),
        semiImplicitEuler: (state, dt) => semiImplicitEuler(pull, state, dt),
        implicitMidpoint: (state, dt) => implicitMidpoint(field, state, dt),
      };
      const { position, velocity } = loop(5, { position: q, velocity: v }, (state) => steps[name](state, 0.2));
      return sum(add(square(position), velocity));
    };
    const at = { q: of([0.3, 1.1]), v: of([0.5, -0.4]), length: of([1, 2]) };
    const slopes = grad(swing)(at);
    const h = 1e-5;
    for (const place of ["q", "v", "length"] as const) {
      for (const i of [0, 1]) {
        const shifted = (by: number): number => {
          const numbers = Array.from(at[place].data());
          numbers[i] += by;
          return swing({ ...at, [place]: of(numbers) }).item();
        };
        const difference = (8 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12 * h);
        expect(Math.abs(slopes[place].data()[i] - difference)).toBeLessThan(1e-9);
      }
    }
  });
});

describe("composition", () => {
  it.each(names)("%s under vmap has the bits of single steps, and works in float32", (name) => {
    const states: Swing = { position: random.normal(Key.of(0), [5]), velocity: random.normal(Key.of(1), [5]) };
    const step = (state: Swing): Swing => steppers[name].step(state, 0.1);
    const together = vmap(step)(states);
    const alone = [0, 1, 2, 3, 4].map((i) =>
      step({ position: states.position.row(i), velocity: states.velocity.row(i) }),
    );
    expect(together.position.dtype).toBe("float32");
    expect(together.position.toArray()).toEqual(stack(alone.map(({ position }) => position)).toArray());
    expect(together.velocity.toArray()).toEqual(stack(alone.map(({ velocity }) => velocity)).toArray());
  });

  it("the midpoint rule takes a state of several shapes, and stands what is stiff", () => {
    const state = { a: of([1, 2]), b: tensor([[1], [2], [3]], { dtype: "float64" }) };
    const stiff: Field<typeof state> = ({ a, b }) => ({ a: mul(sub(a, b.sum()), -1e6), b: neg(b) });
    const end = loop(50, state, (each) => implicitMidpoint(stiff, each, 0.1));
    expect(end.b.shape).toEqual([3, 1]);
    const factor = ((1 - 0.05) / (1 + 0.05)) ** 50;
    Array.from(end.b.data()).forEach((x, i) => {
      expect(x).toBeCloseTo((i + 1) * factor, 12);
    });
    expect(Math.max(...Array.from(end.a.data(), Math.abs))).toBeLessThan(10);
  });
});

describe("mistakes", () => {
  const x = of([1, 2]);
  it("in what a field returns are named", () => {
    const wrong = <S extends TreeOf<S>>(state: S, derivatives: unknown): void => {
      for (const step of [rk4, implicitMidpoint]) {
        expect(() => step(() => derivatives as S, state, 0.1)).toThrow(/Return a tree like the state/);
      }
    };
    wrong(x, of(1));
    wrong({ x, y: x }, { x });
    wrong({ x, y: x }, { x, z: x });
    wrong(x, tensor([1, 2]));
    expect(() => semiImplicitEuler(() => of(1), { position: x, velocity: x }, 0.1)).toThrow(RangeError);
  });

  it("in the numbers of a step are refused", () => {
    for (const dt of [Number.NaN, Infinity]) {
      expect(() => rk4(neg, x, dt)).toThrow("[rk4] dt is");
      expect(() => rk4(neg, x, 0.1, dt)).toThrow("[rk4] the time is");
      expect(() => implicitMidpoint(neg, x, dt)).toThrow("[implicitMidpoint] dt is");
      expect(() => semiImplicitEuler(neg, { position: x, velocity: x }, dt)).toThrow("[semiImplicitEuler] dt is");
    }
    for (const iterations of [0, 1.5, Number.NaN]) {
      expect(() => implicitMidpoint(neg, x, 0.1, { iterations })).toThrow("whole number of at least 1");
    }
    expect(() => rk4(undefined as never, x, 0.1)).toThrow(TypeError);
  });
});
