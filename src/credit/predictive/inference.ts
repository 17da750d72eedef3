// Predictive coding as a way to assign credit: by inference until it settles (Whittington and Bogacz 2017), and by the two
// algorithms whose result is the gradient itself (Song, Lukasiewicz, Xu and Bogacz 2020, "Can the brain do backpropagation?
// Exact implementation of backpropagation in predictive coding networks").
import { checkTensors, loop } from "../../autodiff/index.js";
import { checkKind, checkMade, quote, scope, type Tensor } from "../../core/index.js";
import { abs, add, equal, max, maximum, mul, notEqual, onesLike, stack, sub, sum, zeros } from "../../ops/index.js";
import { type CreditParams, checkCount } from "../checks.js";
import { creditOf, errorOf, nextValues, placesOf, type Shown, Snapshot } from "./dynamics.js";
import type { PredictiveNetwork } from "./network.js";

/** Values of the vertices by name, without input, output and relays. */
export type VertexValues = Readonly<Record<string, Tensor>>;

/** Options of all algorithms in this file. */
export interface PredictiveOptions {
  /** γ, the factor on the change of values in a tick: above 0. The default is 1, but 0.1 for `inferenceLearning`. */
  readonly rate?: number;
  /** Changes the first values, given those of the forward pass. Vertices that are left out keep their values. */
  readonly start?: (values: VertexValues) => VertexValues;
}

/** Options of `inferenceLearning`. */
export interface InferenceOptions extends PredictiveOptions {
  /** The number of ticks of inference; 100 by default. */
  readonly steps?: number;
  /** λ, the weight of the output's error in the energy, by which the credit is divided: above 0; 1 by default. */
  readonly outputWeight?: number;
}

/** The result of `inferenceLearning`. */
export interface Inferred {
  /** For each parameter the derivative of the energy at the last values, divided by λ; shaped like the parameters. */
  readonly credit: CreditParams;
  /** The largest change of a value in the last tick, divided by the rate: 0 once all values have settled. Shape []. */
  readonly residual: Tensor;
}

/** The result of `zil`. */
export interface Zil {
  /** For each parameter the gradient of `net.loss`, computed locally; shaped like the parameters. */
  readonly credit: CreditParams;
}

/** Options of `faZil`. */
export interface FaZilOptions extends PredictiveOptions {
  /** The number of ticks; by default as many as an error needs to reach the last projection. */
  readonly ticks?: number;
}

/** The result of `faZil`. */
export interface FaZil extends Zil {
  /** How many neurons of each vertex fired in each tick, counted over the batch: [ticks], by vertex. */
  readonly fired: Readonly<Record<string, Tensor>>;
}

function checkNet(op: string, net: PredictiveNetwork): void {
  checkMade(op, "the network", net, ["vertices", "depth"], "Make one with predictiveNetwork() or predictiveChain().");
}

/** The batch and its first snapshot. */
function begun(
  op: string,
  net: PredictiveNetwork,
  params: CreditParams,
  [x, target]: readonly [Tensor, Tensor],
  options: PredictiveOptions,
): { shown: Shown; first: Snapshot } {
  checkNet(op, net);
  checkTensors(op, [x, target]);
  checkKind(op, "its last argument", options, "an object");
  const { rate = 1, start } = options;
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
    throw new RangeError(
      `[${op}] \`start\` gave values for ${quote(odd)}, which is not an inner vertex. Leave them out.`,
    );
  }
  const values = [...first.values];
  for (const [name, i] of inner) values[i] = given[name] ?? values[i];
  return { shown, first: new Snapshot(shown, values) };
}

function checkAbove(op: string, name: string, value: number): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new RangeError(`[${op}] \`${name}\` is ${quote(value)}. Give a finite number above 0.`);
}

/**
 * IL: values move down the energy E = Σ ½ ‖ε‖² for `steps` ticks, with the output held at the target, and then credit is
 * assigned to all parameters at once. It approximates the gradient, with an error proportional to λ (`outputWeight`) as λ
 * goes to 0.
 *
 * ```ts
 * const net = predictiveChain([4, 32, 3]);
 * const [params, x, target] = [net.init(Key.of(0)), zeros([6, 4]), zeros([6, 3])];
 * const { credit, residual } = inferenceLearning(net, params, x, target, { steps: 200, outputWeight: 0.01 });
 * ```
 *
 * @param net the network; its loss determines the errors of the output.
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
  given: InferenceOptions = {},
): Inferred {
  checkKind("inferenceLearning", "its last argument", given, "an object");
  const { steps = 100, outputWeight = 1, rate = 0.1, ...options } = given;
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
      // The output's errors have the weight λ in the energy, and the credit is divided by λ.
      const error = place === output ? errorOf(last, place) : mul(errorOf(last, place), 1 / outputWeight);
      return [net.vertices[place].name, creditOf(shown, last, place, error)] as const;
    });
    return { credit: Object.fromEntries(named), residual };
  });
}

/**
 * Z-IL: values begin as predicted (C1), credit is assigned to the parameters of a vertex only in the tick in which its error
 * first arrives, which is its level (C2), and values change at a rate of 1 (C3). The result is the gradient of `net.loss`,
 * except for rounding: errors are added to values and recovered from them by subtraction.
 *
 * ```ts
 * const net = predictiveChain([4, 32, 3], { loss: "crossEntropy" });
 * const [params, x] = [net.init(Key.of(0)), random.normal(Key.of(1), [3, 4])];
 * const { credit } = zil(net, params, x, eye(3)); // the gradient of net.loss
 * ```
 *
 * @param net the network.
 * @param params its parameters.
 * @param x data [n, ...input].
 * @param target targets of the shape of the output.
 * @param options `start` breaks C1 and `rate` C3: at a rate of γ, a vertex on level k gets γᵏ times its gradient. To break
 * C2, use `inferenceLearning` at a rate of 1.
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
      // Once credit is assigned to a vertex, its values affect no later credit, unless edges skip levels.
      const moves = adjacent ? (place: number) => net.vertices[place].level > tick : () => true;
      now = new Snapshot(shown, nextValues(shown, now, { rate: options.rate ?? 1, moves }), now);
    }
    return { credit: likeParams(net, credit) };
  });
}

/**
 * Fa-Z-IL: like `zil`, without a schedule. Credit is assigned to a neuron's synapses in the tick in which its error changes
 * from zero to another value, φ(ε_t, ε_{t-1}) = [ε_{t-1} = 0 and ε_t ≠ 0]: the neuron fires. Two conditions are added. A
 * neuron fires only once for a batch; otherwise one whose error returned to 0 could fire again. And it does not fire if the
 * slope of its activation function was 0, since no error from above can have moved it; otherwise a rectified neuron that is
 * off would fire one tick late, on an error from below. If the error that arrives is exactly 0 and a later one is not, φ
 * takes the later one by mistake. In float32 small errors are lost in rounding beside their values, and their neurons then do
 * not fire: late in training, when errors are small, use float64.
 *
 * ```ts
 * const net = predictiveChain([4, 32, 3]);
 * const { fired } = faZil(net, net.init(Key.of(0)), random.normal(Key.of(1), [3, 4]), eye(3));
 * fired.output; // all 9 in the first tick
 * ```
 *
 * @param net the network.
 * @param params its parameters.
 * @param x data [n, ...input].
 * @param target targets of the shape of the output.
 * @param options see `FaZilOptions`.
 * @throws RangeError for shapes that do not fit and for options out of their range.
 */
export function faZil(
  net: PredictiveNetwork,
  params: CreditParams,
  x: Tensor,
  target: Tensor,
  given: FaZilOptions = {},
): FaZil {
  checkNet("faZil", net);
  checkKind("faZil", "its last argument", given, "an object");
  const { ticks = net.depth, ...options } = given;
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

/**
 * 1 where the slope of the activation function was not 0, so that an error from above can have moved the value; else 0.
 */
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
