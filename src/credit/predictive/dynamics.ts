// One tick of predictive coding. Everything is computed from one snapshot of the values. The values of the next tick are
// new tensors, so no neuron can see a change too early.
import type { Tensor } from "../../core/index.js";
import { add, mul, sub, zerosLike } from "../../ops/index.js";
import type { Activation } from "../activations.js";
import { type CreditParams, checkedTarget, INPUT } from "../checks.js";
import type { ProjectionParams } from "../projections.js";
import { feedForward, OP, type PredictiveNetwork, paramsOf, predictionOf } from "./network.js";

/** A network with its parameters and the targets of a batch. */
export interface Shown {
  readonly net: PredictiveNetwork;
  readonly params: CreditParams;
  readonly target: Tensor;
}

/**
 * The activities, predictions and errors of all vertices at one time, by their places. Each is computed when first
 * needed.
 */
export class Snapshot {
  private readonly activities: (Tensor | undefined)[];
  private readonly predictions: (Tensor | undefined)[];
  private readonly errors: (Tensor | undefined)[] = [];

  /** @param before an earlier snapshot; results whose values are the same tensors there are taken from it. */
  constructor(
    private readonly shown: Shown,
    readonly values: readonly Tensor[],
    private readonly before?: Snapshot,
    { activities, predictions }: { readonly activities: Tensor[]; readonly predictions: Tensor[] } = {
      activities: [],
      predictions: [],
    },
  ) {
    this.activities = activities;
    this.predictions = predictions;
  }

  /** The values that a forward pass predicts. Only the output, which is held at the target, has errors. */
  static predicted(shown: Shown, x: Tensor): Snapshot {
    const { vertices } = shown.net;
    const passed = feedForward(vertices, shown.params, x);
    checkedTarget(OP, passed.predictions[vertices.length - 1], shown.target);
    return new Snapshot(shown, [...passed.predictions], undefined, passed);
  }

  activity(place: number): Tensor {
    this.activities[place] ??=
      this.values[place] === this.before?.values[place]
        ? this.before.activity(place)
        : this.shown.net.vertices[place].activation.apply(this.values[place]);
    return this.activities[place];
  }

  /** Value minus prediction; undefined where the value is the prediction itself, and for the input. */
  error(place: number): Tensor | undefined {
    if (place === 0) return undefined;
    const { net, target } = this.shown;
    const prediction = this.prediction(place);
    const isOutput = place === this.values.length - 1;
    if (!isOutput && prediction === this.values[place]) return undefined;
    this.errors[place] ??= isOutput ? net.outputError(prediction, target) : sub(this.values[place], prediction);
    return this.errors[place];
  }

  private prediction(place: number): Tensor {
    const { net, params } = this.shown;
    const vertex = net.vertices[place];
    const { before } = this;
    this.predictions[place] ??=
      before && vertex.edges.every(({ from }) => this.values[from] === before.values[from])
        ? before.prediction(place)
        : predictionOf(params, vertex, (from) => this.activity(from));
    return this.predictions[place];
  }
}

/** The change of a value that its own error and the errors of the vertices that it predicts call for. */
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

/** How values change in a tick. */
export interface Movement {
  /** The factor on all changes. */
  readonly rate: number;
  /** The factor on the errors of the output; 1 by default. */
  readonly weight?: number;
  /** Whether the value of a vertex may change; all may by default. The input and the output never do. */
  readonly moves?: (place: number) => boolean;
}

/** The values of the next tick. */
export function nextValues(
  { net: { vertices }, params }: Shown,
  now: Snapshot,
  { rate, weight = 1, moves = () => true }: Movement,
): Tensor[] {
  const output = vertices.length - 1;
  const sent: (Tensor | undefined)[] = [];
  vertices.forEach((vertex, i) => {
    const edges = vertex.edges.flatMap(({ from }, edge) =>
      vertices[from].name !== INPUT && moves(from) ? [[from, edge] as const] : [],
    );
    const found = edges.length > 0 ? now.error(i) : undefined;
    if (!found) return;
    const error = weight !== 1 && i === output ? mul(found, weight) : found;
    for (const [from, edge] of edges) {
      const message = vertex.projections[edge].send(paramsOf(params, vertex, edge), now.activity(from), error);
      const others = sent[from];
      sent[from] = others ? add(others, message) : message;
    }
  });
  return now.values.map((value, i) => {
    if (i === 0 || i === output || !moves(i)) return value;
    const change = valueChange(vertices[i].activation, value, now.activity(i), now.error(i), sent[i]);
    if (!change) return value;
    return add(value, rate === 1 ? change : mul(change, rate));
  });
}

/** The credit of the projections to a vertex, by their sources, for these errors of the vertex. */
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
      vertex.projections[edge].credit(paramsOf(params, vertex, edge), now.activity(from), error),
    ]),
  );
}

/** The places of the vertices that have parameters. */
export const placesOf = ({ vertices }: PredictiveNetwork): number[] =>
  vertices.flatMap(({ relay, name }, place) => (relay || name === INPUT ? [] : [place]));

/** The errors of a vertex; zeros where it has none. */
export const errorOf = (now: Snapshot, place: number): Tensor => now.error(place) ?? zerosLike(now.values[place]);
