// The differentiable swimmer is the plain one, and its gradient that of finite differences.
import { describe, expect, it } from "vitest";
import {
  type CircuitParams,
  circuit,
  differentiableSwimmer,
  type SwimmerStart,
  simulate,
  swim,
  swimmerBody,
  swimmerStart,
} from "../../src/control/index.js";
import "../../src/float64/index.js";
import { grad, Key, scope, type Tensor, tensor } from "../../src/index.js";

const float64 = { dtype: "float64" } as const;
const noise = (key: Key, count: number, size: number): number[] =>
  Array.from({ length: count }, (_, i) => size * (2 * key.uniform(i) - 1));

/** A start that moves, with some joints beyond their limits. */
function startOf(links: number, seed: number): SwimmerStart {
  const body = swimmerBody({ links });
  const position = [0.1, -0.2, 1, ...noise(Key.of(seed), links - 1, 1.15 * body.limit)];
  return { position, velocity: noise(Key.of(seed).fold(1), links + 2, 1) };
}

describe.each([2, 3, 6])("with %i links", (links) => {
  const body = swimmerBody({ links });
  it("has the positions, velocities and speeds of the plain swimmer", () => {
    const start = startOf(links, 3);
    const [plain, other] = [simulate(body, start), differentiableSwimmer(body)];
    scope(() => {
      let state = other.state(start);
      for (let step = 0; step < 8; step++) {
        const torques = noise(Key.of(step), links - 1, 1.5);
        plain.step(torques);
        state = other.step(state, tensor(torques, float64));
        const wanted = [plain.position(), plain.velocity(), plain.joints(), [plain.speed()]];
        [state.position, state.velocity, other.joints(state), other.speed(state).reshape([1])].forEach(
          (found, which) => {
            found.data().forEach((each, i) => {
              expect(Math.abs(each - wanted[which][i]), `${which} at ${step}`).toBeLessThan(1e-10);
            });
          },
        );
      }
    });
  });

  it("has the gradient of finite differences, in torques and in the start, also through stops", () => {
    const [start, swimmer] = [startOf(links, 5), differentiableSwimmer(body)];
    const torques = noise(Key.of(9), 3 * (links - 1), 0.9);
    /** A sum over all that a few steps give, in plain numbers. */
    const plainly = (all: readonly number[], position: readonly number[]): number => {
      const plain = simulate(body, { ...start, position });
      let total = 0;
      for (let step = 0; step < 3; step++) {
        plain.step(all.slice(step * (links - 1), (step + 1) * (links - 1)));
        total += plain.speed() + plain.position().reduce((sum, each, i) => sum + each * Math.cos(i), 0);
      }
      return total;
    };
    const value = ([all, position]: readonly [Tensor, Tensor]): Tensor => {
      let state = { ...swimmer.state(start), position };
      let total = tensor(0, float64);
      const factors = tensor(
        Array.from({ length: links + 2 }, (_, i) => Math.cos(i)),
        float64,
      );
      for (let step = 0; step < 3; step++) {
        state = swimmer.step(state, all.slice([step * (links - 1)], [(step + 1) * (links - 1)]));
        total = total.add(swimmer.speed(state)).add(state.position.mul(factors).sum());
      }
      return total;
    };
    const at = [torques, Array.from(start.position)] as const;
    const slopes = grad(value)([tensor(torques, float64), tensor(at[1], float64)]);
    slopes.forEach((slope, which) => {
      slope.data().forEach((each, i) => {
        const h = 1e-6;
        const [up, down] = [h, -h].map((by) => {
          const moved = at.map((values, w) => values.map((x, j) => (w === which && j === i ? x + by : x)));
          return plainly(moved[0], moved[1]);
        });
        const wanted = (up - down) / (2 * h);
        expect(Math.abs(each - wanted), `${which}, ${i}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(wanted)));
      });
    });
  });
});

it("a circuit swims faster after steps along the gradient through 50 steps of control", () => {
  const body = swimmerBody();
  const [swimmer, made] = [differentiableSwimmer(body), circuit()];
  const start = swimmerStart(body, Key.of(1));
  const slower = (params: CircuitParams): Tensor => {
    let state = swimmer.state(start);
    let total = tensor(0, float64);
    for (let step = 0; step < 50; step++) {
      state = swimmer.step(state, made.torques(params, swimmer.joints(state), step));
      total = total.sub(swimmer.speed(state));
    }
    return total;
  };
  const far = (params: CircuitParams): number =>
    swim(simulate(body, start), made.controller(params), { steps: 50 }).speeds.reduce((sum, each) => sum + each, 0);
  const first = made.random(Key.of(4), "float64");
  const slopes = grad(slower)(first);
  const next = Object.fromEntries(
    Object.entries(first).map(([name, value]) => [name, value.sub(slopes[name as keyof CircuitParams].mul(0.01))]),
  ) as unknown as CircuitParams;
  expect(far(next)).toBeGreaterThan(far(first) + 0.001);
});

it("states and torques of another body are errors with their cure", () => {
  const swimmer = differentiableSwimmer(swimmerBody({ links: 3 }));
  const state = swimmer.state({ position: [0, 0, 0, 0, 0] });
  expect(() => swimmer.step(state, tensor([0], float64))).toThrow(
    "`torques` is [1]; this body needs a tensor of shape [2]",
  );
  expect(() => swimmer.speed({ ...state, velocity: tensor([0], float64) })).toThrow("`velocity` is [1]");
  expect(() => swimmer.state({ position: [0] })).toThrow("`position` has 1 numbers; this body needs 5");
});
