// Backpropagation as a diffusion: in each tick, activities travel forward and errors backward by one edge, all at once, and
// each synapse uses only what is at its two ends (Betti and Gori 2019, arXiv 1912.04635, of which only the abstract was read,
// and PARTIME, a program of the same group).
import {
  checkKind,
  checkMade,
  checkShape,
  type DType,
  type Key,
  listed,
  quote,
  type Shape,
  scope,
  type Tensor,
} from "../../core/index.js";
import { add, zeros } from "../../ops/index.js";
import type { ActivationOption } from "../activations.js";
import { type CreditParams, chainOf, checkedData, checkedTarget, checkParams, drawnParams, INPUT } from "../checks.js";
import { lossOf, type OutputLossName } from "../output.js";
import { type FullyConnectedOptions, fullyConnected } from "../projections.js";
import { distanceTo, placed, type WaveVertex, type WaveVertexDescription } from "./graph.js";

/** The description of a network, for `waveNetwork`. */
export interface WaveDescription {
  /** The shape of one item of the data. */
  readonly input: Shape;
  /** The groups of neurons by name. They may drive each other in cycles. */
  readonly vertices: Readonly<Record<string, WaveVertexDescription>>;
  /** The name of the vertex that is compared with targets. */
  readonly output: string;
  /**
   * As for `predictiveNetwork`: "squared" (the default), or "crossEntropy", for which the output should have the
   * activation "identity".
   */
  readonly loss?: OutputLossName;
  /**
   * How many ticks a target waits before it is compared, so that it meets the output for its own data. By default it is the
   * length of the shortest path from the input to the output; with 0 it does not wait.
   */
  readonly targetDelay?: number;
}

/** Everything that travels through a network: a tree of tensors, so that `loop`, `scan` and `advance` can carry it. */
export interface WaveState {
  /** Activities by vertex, including the input's. */
  readonly activities: Readonly<Record<string, Tensor>>;
  /** Errors by vertex: minus the derivative of the loss with respect to the drive, as far as it has arrived. */
  readonly errors: Readonly<Record<string, Tensor>>;
  /** The targets that wait, the oldest first. */
  readonly targets: readonly Tensor[];
}

/** The result of a tick. */
export interface WaveTick {
  /** The state after it. */
  readonly state: WaveState;
  /** The credit that each synapse finds in this tick; shaped like the parameters. */
  readonly credit: CreditParams;
}

/** A network of neurons with a delay of one tick. */
export interface WaveNetwork {
  /** The vertices, the input first. */
  readonly vertices: readonly WaveVertex[];
  /** How many ticks a target waits. */
  readonly targetDelay: number;
  /** First parameters; float32 by default. */
  init(key: Key, options?: { readonly dtype?: DType }): CreditParams;
  /** The state before anything has arrived, for batches of `count` items; float32 by default. */
  rest(count: number, options?: { readonly dtype?: DType }): WaveState;
  /**
   * One tick, with data [n, ...input] and targets of the shape of the output. The state is not changed. Its batch size must
   * be that of the data.
   */
  tick(params: CreditParams, state: WaveState, x: Tensor, target: Tensor): WaveTick;
  /** The output [n, ...] without delays; differentiable. Throws a RangeError for graphs with a cycle. */
  apply(params: CreditParams, x: Tensor): Tensor;
  /** The loss without delays, summed over the batch: shape []. Its gradient is what the waves approach. */
  loss(params: CreditParams, x: Tensor, target: Tensor): Tensor;
}

/**
 * Makes a network in which every edge takes one tick.
 *
 * ```ts
 * const net = waveChain([5, 12, 3]);
 * let state = net.rest(1);
 * for (const { x, target } of stream) {
 *   const tick = net.tick(params, state, x, target);
 *   state = tick.state;
 *   params = optimizer.step(params, tick.credit, optimizer.init(params)).params;
 * }
 * ```
 *
 * While data and targets stay the same, the credit of a chain of L layers is the gradient of `loss` from tick 2L - 1 on, and
 * that of layer l from tick 2L - l, counted from 0. For data that change slowly, the error is about 2L times their change per
 * tick. In a graph with cycles that settles, the credit approaches the derivative of the loss of the steady state. Where paths
 * of different lengths meet, errors that started in different ticks mix.
 *
 * @throws RangeError for names that do not exist, shapes that do not fit, and options out of their range.
 */
export function waveNetwork(description: WaveDescription): WaveNetwork {
  checkMade("waveNetwork", "what it is given", description, ["input", "vertices"], "Give { input, vertices, output }.");
  checkKind("waveNetwork", "`vertices`", description.vertices, "an object");
  const op = "waveNetwork";
  const { input, vertices: described, output, loss } = description;
  checkShape(op, input);
  const { loss: lossFunction, error: outputError } = lossOf(op, loss);
  const vertices = placed(op, input, described);
  const last = vertices.findIndex(({ name }) => name === output && name !== INPUT);
  if (last < 0) {
    throw new RangeError(
      `[${op}] the \`output\` is ${quote(output)}, which does not exist. Use one of ${listed(Object.keys(described))}.`,
    );
  }
  const { targetDelay = distanceTo(vertices, last) } = description;
  if (!(Number.isSafeInteger(targetDelay) && targetDelay >= 0)) {
    throw new RangeError(`[${op}] \`targetDelay\` is ${quote(targetDelay)}. Give a whole number of ticks from 0 up.`);
  }

  /** The sum of all drives of a vertex. */
  const driveOf = (params: CreditParams, { name, edges }: WaveVertex, activityOf: (place: number) => Tensor): Tensor =>
    edges
      .map(({ from, source, projection }) => projection.predict(params[name][source], activityOf(from)))
      .reduce((sum, part) => add(sum, part));

  const apply = (params: CreditParams, x: Tensor): Tensor =>
    scope(() => {
      checkParams(op, params, vertices);
      const found: Tensor[] = [checkedData(op, input, x)];
      const open = new Set<number>();
      const activityOf = (place: number): Tensor => {
        if (found[place]) return found[place];
        if (open.has(place)) {
          throw new RangeError(
            `[${op}] ${quote(vertices[place].name)} drives itself through a cycle, so there is no output without delays. Use tick.`,
          );
        }
        open.add(place);
        found[place] = vertices[place].activation.apply(driveOf(params, vertices[place], activityOf));
        open.delete(place);
        return found[place];
      };
      return activityOf(last);
    });

  return {
    vertices,
    targetDelay,
    init: (key, { dtype = "float32" } = {}) =>
      scope(() => {
        const drawn = vertices.slice(1).map(({ name, edges }) => ({
          name,
          edges: edges.map((edge) => ({ ...edge, shape: vertices[edge.from].shape })),
        }));
        return drawnParams(key, drawn, dtype);
      }),
    rest: (count, { dtype = "float32" } = {}) => {
      const empty = (shape: Shape): Tensor => zeros([count, ...shape], { dtype });
      return {
        activities: Object.fromEntries(vertices.map(({ name, shape }) => [name, empty(shape)])),
        errors: Object.fromEntries(vertices.slice(1).map(({ name, shape }) => [name, empty(shape)])),
        targets: Array.from({ length: targetDelay }, () => empty(vertices[last].shape)),
      };
    },
    tick: (params, before, x, target) =>
      scope(() => {
        checkParams(op, params, vertices);
        const drives = vertices.map((vertex, i) =>
          i === 0
            ? checkedData(op, input, x)
            : driveOf(params, vertex, (place) => before.activities[vertices[place].name]),
        );
        const activities = vertices.map(({ activation }, i) => activation.apply(drives[i]));
        const targets = [...before.targets, checkedTarget(op, activities[last], target)];
        const sent: (Tensor | undefined)[] = [];
        sent[last] = outputError(activities[last], targets[0]);
        for (const { name, edges } of vertices) {
          for (const { from, source, projection } of edges) {
            if (from === 0) continue;
            const message = projection.send(params[name][source], before.activities[source], before.errors[name]);
            const others = sent[from];
            sent[from] = others ? add(others, message) : message;
          }
        }
        const errors = vertices.slice(1).map(({ name, activation }, i): [string, Tensor] => {
          const arrived = sent[i + 1];
          return [name, arrived ? activation.pull(arrived, drives[i + 1], activities[i + 1]) : before.errors[name]];
        });
        const errorOf = Object.fromEntries(errors);
        const credit = vertices
          .slice(1)
          .map(({ name, edges }) => [
            name,
            Object.fromEntries(
              edges.map(({ source, projection }) => [
                source,
                projection.credit(params[name][source], before.activities[source], errorOf[name]),
              ]),
            ),
          ]);
        return {
          state: {
            activities: Object.fromEntries(vertices.map(({ name }, i) => [name, activities[i]])),
            errors: errorOf,
            targets: targets.slice(1),
          },
          credit: Object.fromEntries(credit),
        };
      }),
    apply,
    loss: (params, x, target) =>
      scope(() => {
        const found = apply(params, x);
        return lossFunction(found, checkedTarget(op, found, target));
      }),
  };
}

/** Options of `waveChain`. */
export interface WaveChainOptions extends FullyConnectedOptions, Pick<WaveDescription, "loss" | "targetDelay"> {
  /** The activation function of all layers, including the last one; "tanh" by default. */
  readonly activation?: ActivationOption;
  /** The activation function of the last layer; by default that of the others. */
  readonly outputActivation?: ActivationOption;
}

/**
 * A network of fully connected layers, one after the other: `waveChain([5, 12, 3])`. Its vertices are called "layer1", "layer2",
 * ..., and the last one "output".
 *
 * ```ts
 * const net = waveChain([5, 12, 3], { outputActivation: "identity" });
 * const tick = net.tick(net.init(Key.of(0)), net.rest(1), zeros([1, 5]), zeros([1, 3]));
 * ```
 *
 * @param sizes the number of neurons of each layer, that of the input first.
 * @throws RangeError for fewer than two sizes, or sizes that are not whole numbers from 1 up.
 */
export function waveChain(sizes: readonly number[], given: WaveChainOptions = {}): WaveNetwork {
  checkKind("waveChain", "its last argument", given, "an object");
  const { activation = "tanh", outputActivation = activation, loss, targetDelay, ...options } = given;
  const vertices = chainOf("waveChain", sizes).map(
    ({ name, source, size, isLast }): [string, WaveVertexDescription] => [
      name,
      { from: { [source]: fullyConnected(size, options) }, activation: isLast ? outputActivation : activation },
    ],
  );
  return waveNetwork({
    ...{ input: [sizes[0]], vertices: Object.fromEntries(vertices), output: "output" },
    ...(loss !== undefined && { loss }),
    ...(targetDelay !== undefined && { targetDelay }),
  });
}
