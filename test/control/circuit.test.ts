// The circuit against its equations, neuron by neuron, and what its signs promise for all parameters.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CircuitOptions,
  type CircuitParams,
  circuit,
  type Drive,
  type Swimmer,
  simulate,
  swim,
  swimmerBody,
  swimmerStart,
} from "../../src/control/index.js";
import { grad, Key, tensor } from "../../src/index.js";

const clipped = (x: number): number => Math.min(1, Math.max(0, x));

/** A swimmer that only has joints. */
const bent = (angles: readonly number[]): Swimmer =>
  ({ body: { joints: angles.length }, joints: () => Float64Array.from(angles) }) as unknown as Swimmer;

const shapes = (joints: number, shared: boolean) =>
  shared
    ? { prop: [1, 1], osc: [1, 1], ipsi: [1, 1], contra: [1, 1] }
    : { prop: [2, joints - 1], osc: [2, 1], ipsi: [2, joints], contra: [2, joints] };

/** Parameters of a circuit filled with random numbers between -3 and 3. */
const drawn = (joints: number, shared: boolean, key: Key): CircuitParams =>
  Object.fromEntries(
    Object.entries(shapes(joints, shared)).map(([name, shape], i) => [
      name,
      tensor(
        Float64Array.from({ length: shape[0] * shape[1] }, (_, at) => 6 * key.fold(i).uniform(at) - 3),
        { shape },
      ),
    ]),
  ) as unknown as CircuitParams;

/** The torques by the equations of the paper, with every neuron and muscle by name. */
function byEquations(params: CircuitParams, q: readonly number[], t: number, free: boolean, drive: Drive): number[] {
  const [sides, n] = [[1, -1], q.length];
  const at = (name: keyof CircuitParams, side: number, i: number): number => {
    const rows = params[name].toArray() as number[][];
    const row = rows.length === 1 ? rows[0] : rows[side];
    const raw = row.length === 1 ? row[0] : row[i];
    return free ? raw : name === "contra" ? Math.min(0, raw) : Math.max(0, raw);
  };
  const limit = (2 * Math.PI) / (n + 1);
  const slow = 1 - clipped(drive.speed ?? 1);
  const b = q.map((_, i) =>
    sides.map((sign, side) => {
      if (i > 0) return clipped(at("prop", side, i - 1) * clipped((sign * q[i - 1]) / limit) - slow);
      const phase = t % 60 < 30 === (side === 0) ? 1 : 0;
      return clipped(at("osc", side, 0) * phase - slow + clipped(sign * (drive.turn ?? 0)));
    }),
  );
  return b.map((both, i) => {
    const muscle = (side: number): number =>
      clipped(at("ipsi", side, i) * both[side] + at("contra", side, i) * both[1 - side]);
    return muscle(0) - muscle(1);
  });
}

describe("a circuit", () => {
  const shared = fc.boolean();
  const cases = fc.record({
    ...{ seed: fc.nat(), step: fc.nat(1000), shared, free: fc.boolean() },
    angles: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 7 }),
    drive: fc.record({
      speed: fc.double({ min: -1, max: 2, noNaN: true }),
      turn: fc.double({ min: -2, max: 2, noNaN: true }),
    }),
  });

  it("gives the torques of its equations, in plain numbers and as tensors, between -1 and 1", () => {
    fc.assert(
      fc.property(cases, ({ seed, step, shared, free, angles, drive }) => {
        const joints = angles.length;
        const made = circuit({ joints, shared, ...(free && { ranges: "free" as const }) });
        const params = drawn(joints, shared, Key.of(seed));
        const wanted = byEquations(params, angles, step, free, drive);
        const plain = Array.from(made.controller(params, drive)(bent(angles), step));
        const tensors = made.torques(params, tensor(angles), step, drive).toArray() as number[];
        wanted.forEach((torque, i) => {
          expect(plain[i]).toBeCloseTo(torque, 12);
          expect(tensors[i]).toBeCloseTo(torque, 5);
          expect(Math.abs(plain[i])).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it("keeps the sign of every connection, whatever its parameters are, and counts them", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 7 }), shared, (seed, joints, shared) => {
        const made = circuit({ joints, shared });
        const params = drawn(joints, shared, Key.of(seed));
        const { contra, ...excitatory } = made.effective(params);
        expect(contra.max().item()).toBeLessThanOrEqual(0);
        for (const each of Object.values(excitatory)) expect(each.min().item()).toBeGreaterThanOrEqual(0);
        expect(made.parameters).toBe(Object.values(params).reduce((sum, { size }) => sum + size, 0));
        if (shared) expect(made.parameters).toBe(4);
        const random = made.random(Key.of(seed));
        for (const [name, value] of Object.entries(made.effective(random))) {
          expect(value.toArray()).toEqual(random[name as keyof CircuitParams].toArray());
        }
      }),
    );
  });

  it("has no gradient where a parameter is outside its range", () => {
    const made = circuit();
    const slope = grad((p: CircuitParams) => made.torques(p, tensor([0.3, 0.2, 0, 0, 0]), 0).sum());
    const inside = slope({ ...made.constant(), prop: tensor([[0.5]]) });
    expect(inside.prop.item()).toBeCloseTo(0.3 / (Math.PI / 3) + 0.2 / (Math.PI / 3), 6);
    expect(slope({ ...made.constant(), prop: tensor([[-0.5]]) }).prop.item()).toBe(0);
  });
});

describe("wrong circuits are errors with their cure:", () => {
  const wrong: readonly [CircuitOptions, string][] = [
    [{ ranges: { prop: [1, 0] } }, "no strength of `prop` is at least 1 and at most 0. Give the lower number first"],
    [{ ranges: { osc: [Number.NaN, 1] } }, "no strength of `osc`"],
    [{ ranges: { contra: [2, 3] } }, "the range of `contra`, [2,3], has no strength between -1 and 1 to start from"],
    [{ joints: 0 }, "`joints` is 0: give a whole number from 1 to 1000"],
    [{ period: 7 }, "`period` is 7: give an even number, half for each side"],
  ];
  it.each(wrong)("%j", (options, message) => {
    expect(() => circuit(options)).toThrow(RangeError);
    expect(() => circuit(options)).toThrow(message);
  });
  it("options that do not exist, ranges that are none, parameters and bodies of another circuit", () => {
    expect(() => circuit({ links: 6 } as never)).toThrow(TypeError);
    expect(() => circuit({ ranges: { prop: 1 } } as never)).toThrow("the range of `prop` is 1: give [least, most]");
    expect(() => circuit({ ranges: { propp: [0, 1] } } as never)).toThrow(TypeError);
    const [five, own] = [circuit(), circuit({ shared: false })];
    expect(() => five.controller(own.constant())).toThrow(
      "`params.prop` needs shape [1, 1]: pass what constant() gives",
    );
    const body = swimmerBody({ links: 4 });
    const run = () => swim(simulate(body, swimmerStart(body, Key.of(0))), five.controller(five.constant()));
    expect(run).toThrow("this circuit has 5 joints, the body 3. Make one with circuit({ joints: 3 })");
    expect(() => swim(simulate(body, swimmerStart(body, Key.of(0))), () => [], { steps: 0 })).toThrow("`steps` is 0");
  });
});
