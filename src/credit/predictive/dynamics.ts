// One tick of predictive coding. Everything is computed from one snapshot of values; the values of the next tick are new
// tensors, so that nothing can be seen too early.
import type { Tensor } from "../../core/index.js";
import { add, mul, sub, zerosLike } from "../../ops/index.js";
import type { Activation } from "./activations.js";
import { INPUT } from "./levels.js";
import {
  checkedData,
  checkedTarget,
  feedForward,
  type PredictiveNetwork,
  type PredictiveParams,
  paramsOf,
  predictionOf,
} from "./network.js";
import type { ProjectionParams } from "./projections.js";

/** What is known of all vertices at one time, by their places. */
export interface Snapshot {
  readonly values: readonly Tensor[];
  readonly activities: readonly Tensor[];
  readonly predictions: readonly Tensor[];
  /** Value minus prediction; nothing where the value is the prediction itself, and for the input. */
  readonly errors: readonly (Tensor | undefined)[];
}

/** A batch that a network is shown. */
export interface Shown {
  readonly net: PredictiveNetwork;
  readonly params: PredictiveParams;
  readonly target: Tensor;
}

/** The change of a value: what its own error and the errors that it causes ask for. */
export function valueChange(
  activation: Activation,
  value: Tensor,
  activity: Tensor,
  error: Tensor | undefined,
  sent: Tensor | undefined,
): Tensor | undefined {
  const up = sent && activation.pull(sent, value, activity);
  if (!error) return up;
  return up ? sub(up, error) : error.neg();
}

/** Values as a forward pass predicts them, hence without errors but that of the output, which is held at the target. */
export function firstSnapshot({ net, params, target }: Shown, x: Tensor): Snapshot {
  const { predictions, activities } = feedForward(net.vertices, params, checkedData(net.vertices, params, x));
  const output = predictions.length - 1;
  checkedTarget(predictions[output], target);
  return {
    ...{ values: predictions, activities, predictions },
    errors: predictions.map((prediction, i) => (i === output ? net.outputError(prediction, target) : undefined)),
  };
}

/** The snapshot of other values. What depends on values that are the same tensors as before is not computed again. */
export function snapshotOf({ net, params, target }: Shown, values: readonly Tensor[], before?: Snapshot): Snapshot {
  const { vertices } = net;
  const output = vertices.length - 1;
  const activities = values.map((value, i) =>
    before && value === before.values[i] ? before.activities[i] : vertices[i].activation.apply(value),
  );
  const predictions = vertices.map((vertex, i) => {
    if (i === 0) return values[0];
    const same = before && vertex.edges.every(({ from }) => activities[from] === before.activities[from]);
    return same ? before.predictions[i] : predictionOf(params, vertex, activities);
  });
  const errors = predictions.map((prediction, i) => {
    if (i === output) return net.outputError(prediction, target);
    return prediction === values[i] ? undefined : sub(values[i], prediction);
  });
  return { values, activities, predictions, errors };
}

/**
 * The values of the next tick: each moves by `rate` times its change. The input and the output are held.
 *
 * @param weight what the errors of the output are multiplied by.
 */
export function nextValues({ net: { vertices }, params }: Shown, now: Snapshot, rate: number, weight = 1): Tensor[] {
  const sent: (Tensor | undefined)[] = vertices.map(() => undefined);
  vertices.forEach((vertex, i) => {
    const found = now.errors[i];
    if (!found) return;
    const error = weight !== 1 && i === vertices.length - 1 ? mul(found, weight) : found;
    vertex.edges.forEach(({ from }, edge) => {
      if (vertices[from].name === INPUT) return;
      const message = vertex.projections[edge].send(paramsOf(params, vertex, edge), now.activities[from], error);
      const others = sent[from];
      sent[from] = others ? add(others, message) : message;
    });
  });
  return now.values.map((value, i) => {
    if (i === 0 || i === vertices.length - 1) return value;
    const change = valueChange(vertices[i].activation, value, now.activities[i], now.errors[i], sent[i]);
    if (!change) return value;
    return add(value, rate === 1 ? change : mul(change, rate));
  });
}

/** The credit of a vertex' projections, by their sources, for these errors of it. */
export function creditOf(
  { net: { vertices }, params }: Shown,
  now: Snapshot,
  place: number,
  error: Tensor,
): Record<string, ProjectionParams> {
  const vertex = vertices[place];
  return Object.fromEntries(
    vertex.edges.map(({ from, source }, edge) => [
      source,
      vertex.projections[edge].credit(paramsOf(params, vertex, edge), now.activities[from], error),
    ]),
  );
}

/** The places of the vertices that have parameters. */
export const placesOf = ({ vertices }: PredictiveNetwork): number[] =>
  vertices.flatMap(({ relay, name }, place) => (relay || name === INPUT ? [] : [place]));

/** The errors of a vertex as numbers, also where it has none. */
export const errorOf = (now: Snapshot, place: number): Tensor => now.errors[place] ?? zerosLike(now.values[place]);
