// Predictive coding as a way to assign credit: by inference until it settles (Whittington and Bogacz 2017), and by the two
// schedules for which the result is the gradient itself (Song, Lukasiewicz, Xu and Bogacz 2020, "Can the brain do
// backpropagation? Exact implementation of backpropagation in predictive coding networks").
import { loop } from "../../autodiff/index.js";
import { quote, scope, type Tensor } from "../../core/index.js";
import { abs, add, equal, max, maximum, mul, notEqual, onesLike, stack, sub, sum, zeros } from "../../ops/index.js";
import type { CreditParams } from "../checks.js";
import { creditOf, errorOf, nextValues, placesOf, type Shown, Snapshot } from "./dynamics.js";
import type { PredictiveNetwork } from "./network.js";

/** Values of the vertices by name, without input, output and relays. */
export type VertexValues = Readonly<Record<string, Tensor>>;

/** What all algorithms may be told. */
export interface PredictiveOptions {
  /** γ, by which values move in a tick: a number above 0. */
  readonly rate?: number;
  /** Other first values than those of the forward pass, which are given. What is left out keeps its value. */
  readonly start?: (values: VertexValues) => VertexValues;
}

/** Options of `inferenceLearning`. */
export interface InferenceOptions extends PredictiveOptions {
  /** How many ticks values move; 100 by default. */
  readonly steps?: number;
  /** λ, by which the output's error counts in the energy, and by which the credit is divided; 1 by default. */
  readonly outputWeight?: number;
}

/** What `inferenceLearning` gives. */
export interface Inferred {
  /** For each parameter the derivative of the energy at the last values, divided by λ; shaped like the parameters. */
  readonly credit: CreditParams;
  /** The largest change of a value in the last tick, divided by the rate: 0 once all has settled. Shape []. */
  readonly residual: Tensor;
}

/** What `zil` gives. */
export interface Zil {
  /** For each parameter the gradient of `net.loss`, by local means; shaped like the parameters. */
  readonly credit: CreditParams;
}

/** Options of `faZil`. */
export interface FaZilOptions extends PredictiveOptions {
  /** How many ticks to wait; by default as many as an error takes to the last projection. */
  readonly ticks?: number;
}

/** What `faZil` gives. */
export interface FaZil extends Zil {
  /** How many neurons of each vertex fired in each tick, counted over the batch: [ticks], by vertex. */
  readonly fired: Readonly<Record<string, Tensor>>;
}

/** The batch and its first snapshot. */
function begun(
  op: string,
  net: PredictiveNetwork,
  params: CreditParams,
  [x, target]: readonly [Tensor, Tensor],
  { rate = 1, start }: PredictiveOptions,
): { shown: Shown; first: Snapshot } {
  checkAbove(op, "rate", rate);
  const shown = { net, params, target };
  const first = Snapshot.predicted(shown, x);
  if (!start) return { shown, first };
  const { vertices } = net;
  const inner = vertices.flatMap(({ relay, name }, i) =>
    relay || i === 0 || i === vertices.length - 1 ? [] : [[name, i] as const],
  );
  const given = start(Object.fromEntries(inner.map(([name, i]) => [name, first.values[i]])));
  const odd = Object.keys(given).find((name) => !inner.some(([known]) => known === name));
  if (odd !== undefined) {
    throw new RangeError(`[${op}] \`start\` gave values of ${quote(odd)}, which is no inner vertex. Leave them out.`);
  }
  const values = [...first.values];
  for (const [name, i] of inner) values[i] = given[name] ?? values[i];
  return { shown, first: new Snapshot(shown, values) };
}

function checkAbove(op: string, name: string, value: number): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new RangeError(`[${op}] \`${name}\` is ${quote(value)}. Give a finite number above 0.`);
}

function checkCount(op: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`[${op}] \`${name}\` is ${quote(value)}. Give a whole number from 1 up.`);
}

/**
 * IL: values move down the energy E = Σ ½ ‖ε‖² for `steps` ticks, the output held at the target, and then all parameters
 * are given credit at once. It approximates the gradient; the error is proportional to λ (`outputWeight`) as λ goes to 0.
 *
 * @param net the network; its loss decides what the output's errors are.
 * @param params its parameters.
 * @param x data [n, ...input].
 * @param target targets of the shape of the output.
 * @param options `rate` is 0.1 by default.
 * @throws RangeError for shapes that do not fit and for options out of their range.
 */
export function inferenceLearning(
  net: PredictiveNetwork,
  params: CreditParams,
  x: Tensor,
  target: Tensor,
  { steps = 100, outputWeight = 1, rate = 0.1, ...options }: InferenceOptions = {},
): Inferred {
  checkCount("inferenceLearning", "steps", steps);
  checkAbove("inferenceLearning", "outputWeight", outputWeight);
  return scope(() => {
    const { shown, first } = begun("inferenceLearning", net, params, [x, target], { rate, ...options });
    const output = net.vertices.length - 1;
    const step = ({ values }: { values: readonly Tensor[] }) => {
      const next = nextValues(shown, new Snapshot(shown, values), { rate, weight: outputWeight });
      const changes = next.slice(1, output).map((value, i) => max(abs(sub(value, values[i + 1]))));
      const residual = changes.reduce((most, change) => maximum(most, change), zeros([], { dtype: x.dtype }));
      return { values: next, residual: mul(residual, 1 / rate) };
    };
    const start = { values: first.values, residual: zeros([], { dtype: x.dtype }) };
    const { values, residual } = loop(steps, start, step);
    const last = new Snapshot(shown, values);
    const named = placesOf(net).map((place) => {
      // The output's errors count λ times in the energy, and credit is divided by λ.
      const error = place === output ? errorOf(last, place) : mul(errorOf(last, place), 1 / outputWeight);
      return [net.vertices[place].name, creditOf(shown, last, place, error)] as const;
    });
    return { credit: Object.fromEntries(named), residual };
  });
}

/**
 * Z-IL: values begin as predicted (C1), the parameters of a vertex are given credit only in the tick in which its error first
 * arrives, which is its level (C2), and values move at a rate of 1 (C3). The result is the gradient of `net.loss`, but for
 * rounding: values are moved by errors, and errors found again by subtraction.
 *
 * @param options break C1 by `start` and C3 by `rate`; at rate γ a vertex on level k gets γᵏ times its gradient. C2 is broken
 * by `inferenceLearning` at rate 1.
 * @throws RangeError for shapes that do not fit and for a rate that is not above 0.
 */
export function zil(
  net: PredictiveNetwork,
  params: CreditParams,
  x: Tensor,
  target: Tensor,
  options: PredictiveOptions = {},
): Zil {
  return scope(() => {
    const { shown, first } = begun("zil", net, params, [x, target], options);
    const places = placesOf(net);
    const credit: [string, CreditParams[string]][] = [];
    const adjacent = net.vertices.every(({ level, edges }) =>
      edges.every(({ from }) => net.vertices[from].level === level + 1),
    );
    let now = first;
    for (let tick = 0; ; tick++) {
      for (const place of places) {
        const { name, level } = net.vertices[place];
        if (level === tick) credit.push([name, creditOf(shown, now, place, errorOf(now, place))]);
      }
      if (tick === net.depth - 1) break;
      // What happens to values after their vertex has been given credit reaches no other, unless errors of different age mix.
      const moves = adjacent ? (place: number) => net.vertices[place].level > tick : () => true;
      now = new Snapshot(shown, nextValues(shown, now, { rate: options.rate ?? 1, moves }), now);
    }
    return { credit: likeParams(net, credit) };
  });
}

/**
 * Fa-Z-IL: like `zil`, without a schedule. A neuron's synapses are given credit in the tick in which its error goes from zero
 * to another value, φ(ε_t, ε_{t-1}) = [ε_{t-1} = 0 and ε_t ≠ 0], and only the first time for a batch. A neuron whose
 * activation was flat at its value stays out, since no error from above can have moved it. Without these two, a rectified
 * neuron that is off fires one tick late, on an error that comes from below, and one whose error came back to 0 fires again.
 * Where the error that arrives is exactly 0 and a later one is not, φ mistakes the later one.
 *
 * @param options see `FaZilOptions`.
 * @throws RangeError for shapes that do not fit and for options out of their range.
 */
export function faZil(
  net: PredictiveNetwork,
  params: CreditParams,
  x: Tensor,
  target: Tensor,
  { ticks = net.depth, ...options }: FaZilOptions = {},
): FaZil {
  checkCount("faZil", "ticks", ticks);
  return scope(() => {
    const { shown, first } = begun("faZil", net, params, [x, target], options);
    const places = placesOf(net);
    const credit = new Map<number, CreditParams[string]>();
    const fired = new Map(places.map((place): [number, Tensor[]] => [place, []]));
    let quiet = places.map((place) => onesLike(first.values[place]));
    let [before, now] = [first, first];
    for (let tick = 0; tick < ticks; tick++) {
      places.forEach((place, i) => {
        const error = errorOf(now, place);
        const gate = mul(mul(quiet[i], notEqual(error, 0)), plastic(shown, before, place));
        const found = creditOf(shown, now, place, mul(error, gate));
        credit.set(place, sumOf(credit.get(place), found));
        fired.get(place)!.push(sum(gate));
      });
      quiet = quiet.map((still, i) => mul(still, equal(errorOf(now, places[i]), 0)));
      before = now;
      if (tick < ticks - 1) now = new Snapshot(shown, nextValues(shown, now, { rate: options.rate ?? 1 }), now);
    }
    const name = (place: number): string => net.vertices[place].name;
    return {
      credit: Object.fromEntries(places.map((place) => [name(place), credit.get(place)!])),
      fired: Object.fromEntries(places.map((place) => [name(place), stack(fired.get(place)!)])),
    };
  });
}

/** 1 where an error from above can have moved the value, by the slope where it was. */
function plastic({ net }: Shown, before: Snapshot, place: number): Tensor {
  const value = before.values[place];
  const slope = net.vertices[place].activation.pull(onesLike(value), value, before.activity(place));
  return notEqual(slope, 0);
}

/** The sum of two credits of one vertex. */
function sumOf(one: CreditParams[string] | undefined, other: CreditParams[string]): CreditParams[string] {
  if (!one) return other;
  return Object.fromEntries(
    Object.entries(other).map(([source, params]) => [
      source,
      Object.fromEntries(Object.entries(params).map(([name, part]) => [name, add(one[source][name], part)])),
    ]),
  );
}

/** Credits in the order of the parameters. */
function likeParams(
  net: PredictiveNetwork,
  credit: readonly (readonly [string, CreditParams[string]])[],
): CreditParams {
  const found = new Map(credit);
  return Object.fromEntries(
    placesOf(net).map((place) => [net.vertices[place].name, found.get(net.vertices[place].name)!]),
  );
}
