// What holds for any chain in any fluid, measured from positions and velocities by formulas of their own.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Swimmer, simulate, swimmerBody, swimmerStart } from "../../src/control/index.js";
import { Key } from "../../src/index.js";

const runs = { numRuns: 25 };
const links = fc.integer({ min: 2, max: 8 });
const seed = fc.integer({ min: 0, max: 1e6 });

/** Random numbers evenly between -size and size. */
const draws = (key: Key, count: number, size: number): number[] =>
  Array.from({ length: count }, (_, i) => size * (2 * key.uniform(i) - 1));

/** The velocity of each link's centre, its rate of turning, and the rate of each joint. */
function motionOf(swimmer: Swimmer) {
  const [position, velocity] = [swimmer.position(), swimmer.velocity()];
  const { links: n, length } = swimmer.body;
  let [angle, rate, vx, vy] = [0, 0, velocity[0], velocity[1]];
  return Array.from({ length: n }, (_, i) => {
    angle += position[2 + i];
    rate += velocity[2 + i];
    const [hx, hy] = [(-length / 2) * rate * Math.cos(angle), (-length / 2) * rate * Math.sin(angle)];
    const moved = { vx: vx + hx, vy: vy + hy, rate, angle, joint: i === 0 ? 0 : velocity[2 + i] };
    [vx, vy] = [vx + 2 * hx, vy + 2 * hy];
    return moved;
  });
}

/** Kinetic energy, that of the motors included. */
const energyOf = (swimmer: Swimmer): number => {
  const { mass, inertia, armature } = swimmer.body;
  return motionOf(swimmer).reduce(
    (sum, { vx, vy, rate, joint }) =>
      sum + 0.5 * (mass * (vx * vx + vy * vy) + inertia * rate * rate + armature * joint * joint),
    0,
  );
};

const momentumOf = (swimmer: Swimmer): [number, number] =>
  motionOf(swimmer).reduce<[number, number]>(([x, y], { vx, vy }) => [x + vx, y + vy], [0, 0]);

describe("a swimmer", () => {
  it("without torque or stops only loses energy", () => {
    fc.assert(
      fc.property(links, seed, (n, s) => {
        const body = swimmerBody({ links: n, limit: Number.POSITIVE_INFINITY, substeps: 1 });
        const velocity = draws(Key.of(s), n + 2, 1);
        const swimmer = simulate(body, { ...swimmerStart(body, Key.of(s).fold(1)), velocity });
        let before = energyOf(swimmer);
        for (let step = 0; step < 200; step++) {
          swimmer.step(new Float64Array(n - 1));
          const after = energyOf(swimmer);
          expect(after).toBeLessThanOrEqual(before);
          before = after;
        }
      }),
      runs,
    );
  });

  it("keeps its momentum without drag, whatever its motors and stops do", () => {
    fc.assert(
      fc.property(links, seed, (n, s) => {
        // The steps are so short that what Euler's method loses, dt² a step, is below the bound.
        const body = swimmerBody({ links: n, density: 0, limit: 0.5, timestep: 1e-7, substeps: 20 });
        const velocity = draws(Key.of(s), n + 2, 1);
        const position = [0, 0, ...draws(Key.of(s).fold(1), n, 1.5)];
        const swimmer = simulate(body, { position, velocity });
        const before = momentumOf(swimmer);
        swimmer.step(draws(Key.of(s).fold(2), n - 1, 1));
        const after = momentumOf(swimmer);
        for (const axis of [0, 1]) expect(Math.abs(after[axis] - before[axis])).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it("does not see where it is or where it heads", () => {
    fc.assert(
      fc.property(links, seed, (n, s) => {
        const body = swimmerBody({ links: n });
        const key = Key.of(s);
        const { position } = swimmerStart(body, key);
        const moved = Array.from(position);
        for (const [i, by] of [3, -20, 2.5].entries()) moved[i] += by;
        const [one, other] = [simulate(body, { position }), simulate(body, { position: moved })];
        for (let step = 0; step < 10; step++) {
          const torques = draws(key.fold(step), n - 1, 1);
          one.step(torques);
          other.step(torques);
        }
        one.joints().forEach((angle, i) => {
          expect(Math.abs(angle - other.joints()[i])).toBeLessThan(1e-9);
        });
        expect(Math.abs(one.speed() - other.speed())).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it("says how its links move in their own axes, and its head in the direction of the nose", () => {
    const body = swimmerBody();
    const swimmer = simulate(body, swimmerStart(body, Key.of(3)));
    for (let step = 0; step < 20; step++) swimmer.step(draws(Key.of(step), 5, 1));
    const [all, motion] = [swimmer.linkVelocities(), motionOf(swimmer)];
    motion.forEach(({ vx, vy, rate, angle }, i) => {
      expect(all[3 * i]).toBeCloseTo(vx * Math.cos(angle) + vy * Math.sin(angle), 12);
      expect(all[3 * i + 1]).toBeCloseTo(-vx * Math.sin(angle) + vy * Math.cos(angle), 12);
      expect(all[3 * i + 2]).toBeCloseTo(rate, 12);
    });
    expect(swimmer.speed()).toBeCloseTo(-all[1], 14);
  });

  it("has an outline of links of one length, whose first is centred where the head is", () => {
    const body = swimmerBody({ links: 4 });
    const swimmer = simulate(body, swimmerStart(body, Key.of(3)));
    swimmer.step([1, -1, 1]);
    const points = swimmer.outline();
    for (let i = 0; i < 4; i++) {
      const [dx, dy] = [points[2 * i + 2] - points[2 * i], points[2 * i + 3] - points[2 * i + 1]];
      expect(Math.hypot(dx, dy)).toBeCloseTo(body.length, 12);
      const angle = swimmer
        .position()
        .slice(2, 3 + i)
        .reduce((sum, each) => sum + each, 0);
      expect(dx / body.length).toBeCloseTo(-Math.sin(angle), 12);
    }
    // The body's own origin is the head's centre at a heading of 0, and turns about the nose.
    expect(points[0]).toBeCloseTo(swimmer.position()[0], 12);
    expect(points[1]).toBeCloseTo(swimmer.position()[1] - body.length / 2, 12);
  });

  it("rests where nothing moves it, and comes back from beyond a stop without passing the middle", () => {
    const body = swimmerBody({ links: 4 });
    const still = simulate(body, { position: [1, 2, 3, 0.4, -0.2, 0] });
    still.step([0, 0, 0]);
    expect(Array.from(still.position())).toEqual([1, 2, 3, expect.closeTo(0.4, 14), expect.closeTo(-0.2, 14), 0]);
    const bent = simulate(body, { position: [0, 0, 0, body.limit + 0.3, 0, 0] });
    for (let step = 0; step < 50; step++) {
      bent.step([0, 0, 0]);
      expect(bent.joints()[0]).toBeGreaterThan(0);
    }
    expect(bent.joints()[0]).toBeLessThan(body.limit + 0.15);
  });
});

describe("wrong bodies and starts are errors with their cure:", () => {
  it.each([
    [{ links: 1 }, "`links` is 1: give a whole number from 2 to 100"],
    [{ links: 2.5 }, "`links` is 2.5"],
    [{ mass: 0 }, "`mass` is 0: give a number above 0"],
    [{ density: -1 }, "`density` is -1: give a number of at least 0"],
    [{ limit: 0 }, "`limit` is 0: give an angle above 0, in radians, or Infinity"],
    [{ timestep: Number.NaN }, "`timestep` is NaN"],
  ])("%j", (options, message) => {
    expect(() => swimmerBody(options)).toThrow(RangeError);
    expect(() => swimmerBody(options)).toThrow(message);
  });
  it("unknown names, and values that are not numbers", () => {
    expect(() => swimmerBody({ joints: 5 } as never)).toThrow(TypeError);
    expect(() => swimmerBody({ mass: "1" } as never)).toThrow('`mass` is "1": give a number above 0');
  });
  it("starts and torques of another body", () => {
    const body = swimmerBody({ links: 3 });
    expect(() => simulate(body, { position: [0, 0, 0] })).toThrow("`position` has 3 numbers; this body needs 5");
    expect(() => simulate(body, { position: [0, 0, 0, Number.NaN, 0] })).toThrow("`position`[3] is NaN");
    const swimmer = simulate(body, swimmerStart(body, Key.of(0)));
    expect(() => swimmer.step([0])).toThrow("`torques` has 1 numbers; this body needs 2");
    expect(() => swimmer.step([0, Number.NaN])).toThrow("`torques`[1] is NaN: give finite numbers");
  });
});
