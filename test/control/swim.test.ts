// Whole episodes against another program, which drove MuJoCo's own Python build from the same starts (starts.py).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type CircuitParams,
  type Controller,
  circuit,
  simulate,
  swim,
  swimmerBody,
  swimmerStart,
} from "../../src/control/index.js";
import { Key, tensor } from "../../src/index.js";

const starts: Readonly<Record<string, readonly (readonly number[])[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "starts.json"), "utf8"),
);

/** Returns of the circuit with constant strengths. */
const returns: Readonly<Record<number, readonly number[]>> = {
  4: [338.1, 348.0, 345.3, 336.0, 340.4],
  6: [811.3, 799.8, 795.0, 794.1, 790.6],
  8: [915.2, 902.1, 901.3, 899.4, 895.5],
  10: [920.5, 908.2, 909.4, 905.8, 899.6],
  12: [909.2, 908.6, 902.0, 898.2, 894.6],
};
/** Returns from the first start with other periods of the oscillator. */
const periods: Readonly<Record<number, number>> = { 30: 499, 40: 612, 50: 705, 60: 811, 80: 810, 100: 780, 120: 781 };
/** Returns from three starts with other strengths, by MuJoCo's WebAssembly build (mujoco.ts). */
const ablations: readonly [Partial<Record<keyof CircuitParams, number>>, readonly number[]][] = [
  [{ prop: 0 }, [145.1, 115.7, 116.7]],
  [{ osc: 0 }, [121.0, 78.2, 56.0]],
  [{ contra: 0 }, [811.3, 799.8, 795.0]],
  [{ prop: 0.5, osc: 0.5, ipsi: 0.5, contra: -0.5 }, [255.5, 255.7, 253.5]],
  [{ prop: 1.2, ipsi: 1.2 }, [860.2, 849.7, 844.7]],
  [{ prop: 2 }, [879.5, 870.9, 863.3]],
];

function returnOf(
  links: number,
  seed: number,
  strengths: Partial<Record<keyof CircuitParams, number>> = {},
  period = 60,
) {
  const body = swimmerBody({ links });
  const made = circuit({ joints: body.joints, period });
  const changed = Object.entries(strengths).map(([name, value]) => [name, tensor([[value]])]);
  const params = { ...made.constant(), ...Object.fromEntries(changed) };
  return swim(simulate(body, { position: starts[links][seed] }), made.controller(params)).total;
}

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

describe("the circuit's returns are those of the other program", () => {
  it.each(Object.entries(returns))("with %s links", (links, wanted) => {
    for (const [seed, each] of wanted.entries()) {
      expect(Math.abs(returnOf(Number(links), seed) - each)).toBeLessThan(0.5);
    }
  });
  it.each(Object.entries(periods))("with a period of %s", (period, wanted) => {
    expect(Math.abs(returnOf(6, 0, {}, Number(period)) - wanted)).toBeLessThan(1);
  });
  it.each(ablations)("with strengths %j", (strengths, wanted) => {
    for (const [seed, each] of wanted.entries()) {
      expect(Math.abs(returnOf(6, seed, strengths) - each)).toBeLessThan(0.5);
    }
  });
});

it("random torques swim no farther than the other program's do, and none at all gives nothing", () => {
  const body = swimmerBody();
  const total = (seed: number, controller: Controller): number =>
    swim(simulate(body, swimmerStart(body, Key.of(seed))), controller).total;
  const random = [0, 1, 2, 3, 4].map((seed) => {
    const key = Key.of(seed).fold(1);
    return total(seed, (_, step) => Array.from({ length: 5 }, (_, i) => 2 * key.fold(step).uniform(i) - 1));
  });
  expect(mean(random)).toBeLessThan(200);
  expect(total(0, () => [0, 0, 0, 0, 0])).toBeLessThan(60);
});
