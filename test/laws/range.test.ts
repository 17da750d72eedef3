// Derivatives to third order over the whole range: for every op that works element by element, at inputs from 1e-30 to 1e30 of
// both signs, those in float32 are those in float64, where nothing on the way comes near an end of the range. (That these are
// right is the law of the domains, and test/ops/third.test.ts has textbooks' derivatives up to both ends.)
import { expect, it } from "vitest";
import "../../src/float64/index.js";
import { type AnyOp, applyAll, grad } from "../../src/autodiff/index.js";
import { type FloatName, scope, type Tensor } from "../../src/core/index.js";
import { cast, sum, tensor } from "../../src/ops/index.js";
import { tested } from "./table.js";

const SIZES = Array.from({ length: 31 }, (_, i) => Math.fround(10 ** (2 * i - 30) * (1 + (i % 7) / 8)));
const SIGNED = SIZES.flatMap((x) => [x, -x]);

/** The least normal number of float32 and the largest. */
const [LEAST, MOST] = [2 ** -126, 3.4e38];

/** What two numbers are differentiated to: the distance of the point from the origin, to a power. */
const power = (a: number, b: number, exponent: number): number => Math.hypot(a, b) ** exponent;

/**
 * By what derivatives may be off besides their own rounding: those of ops that saturate are differences of such values, and an
 * angle's are differences of two shares over a power of the distance.
 */
const rounding: Readonly<Record<string, (order: number, a: number, b: number) => number>> = {
  sigmoid: () => 1e-6,
  softplus: () => 1e-6,
  logAddExp: () => 1e-6,
  atan2: (order, a, b) => 1e-6 * power(a, b, -order),
};

/** Where ops of two numbers are not asked, and why. */
const beyond: Readonly<Record<string, (order: number, a: number, b: number) => boolean>> = {
  // Shares of a and b in the distance, over powers of it; where that power leaves the range, some are infinite.
  hypot: (order, a, b) => power(a, b, 1 - order) > MOST,
  atan2: (order, a, b) => power(a, b, -order) > MOST,
  // A part of hypot, one order further on.
  hypotShare: (order, a, b) => order === 3 || power(a, b, -order) > MOST,
  // Polynomials in b times a to the b - order; and whether b - 1 is odd is not known of a number beyond 2^24.
  pow: (order, a, b) => Math.abs(a) ** (b - order) > MOST || (a < 0 && Math.abs(b) > 2 ** 24),
  // A staircase in b: the step is not known at its edge, and that of a quotient below the numbers of float32 is 0.
  mod: (_, a, b) => Math.abs(a / b) < LEAST || Math.abs(a / b - Math.round(a / b)) < 1e-6 * Math.abs(a / b),
};

const ops = tested.filter(({ batch, domain }) => {
  return batch === "elementwise" && domain.every(({ inputs }) => inputs.every(({ dtype }) => dtype !== "int32"));
});

/** The places of a sample's inputs, all combinations: of every size, of every second for two inputs, of a few for more. */
function placesOf(count: number): number[][] {
  const values = SIGNED.filter((_, i) => i % [2, 4, 8][Math.min(count, 3) - 1] < 2);
  let places: number[][] = [[]];
  for (let i = 0; i < count; i++) places = places.flatMap((place) => values.map((x) => [...place, x]));
  return places;
}

/** All partial derivatives of this order, as the inputs by which to differentiate in turn. */
function partials(inputs: number, order: number, from = 0): number[][] {
  if (order === 0) return [[]];
  return Array.from({ length: inputs - from }, (_, i) => from + i).flatMap((first) =>
    partials(inputs, order - 1, first).map((rest) => [first, ...rest]),
  );
}

/** A partial derivative of the op at the places. */
function derivative(op: AnyOp, attributes: unknown, by: readonly number[], places: number[][], dtype: FloatName) {
  const f = by.reduce<(p: Tensor[]) => Tensor>(
    (g, i) => (p) => grad((q: Tensor[]) => sum(g(q)), { unused: "zero" })(p)[i],
    (p) => applyAll(op, p, attributes as undefined)[0],
  );
  return scope(() =>
    f(
      places[0].map((_, i) =>
        cast(
          tensor(
            places.map((place) => place[i]),
            { dtype: "float64" },
          ),
          dtype,
        ),
      ),
    ).data(),
  );
}

it("is asked of most ops", () => {
  expect(ops.length).toBeGreaterThan(40);
});

it.each(ops.map((op) => [op.name, op] as const))("%s", (name, op) => {
  for (const { inputs, attributes } of op.domain) {
    const places = placesOf(inputs.length);
    const values = derivative(op, attributes, [], places, "float32");
    for (const order of [1, 2, 3]) {
      for (const by of partials(inputs.length, order)) {
        const found = derivative(op, attributes, by, places, "float32");
        const right = derivative(op, attributes, by, places, "float64");
        const wrong = places.flatMap((place, i) => {
          if (!Number.isFinite(values[i]) || Number.isNaN(right[i]) || beyond[name]?.(order, place[0], place[1]))
            return [];
          const isRight =
            Math.abs(right[i]) > MOST
              ? Math.abs(found[i]) > MOST / 4 && found[i] > 0 === right[i] > 0
              : Math.abs(found[i] - right[i]) <=
                Math.max(1e-4 * Math.abs(right[i]), 2 * LEAST, rounding[name]?.(order, place[0], place[1]) ?? 0);
          return isRight ? [] : [`at ${place}: ${found[i]}, not ${right[i]}`];
        });
        expect(wrong, `order ${order}, by ${by}, ${JSON.stringify(attributes)}`).toEqual([]);
      }
    }
  }
});
