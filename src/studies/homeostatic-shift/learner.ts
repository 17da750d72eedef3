// A network that learns online from a stream whose labels shift, with a learning rate that is regulated or constant.
import { valueAndGradAux } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, fromNumbers, type Key, leavesOf, type Tensor, withLeaves } from "../../core/index.js";
import { conceptShift } from "../../data/index.js";
import {
  activation,
  classification,
  dense,
  type Examples,
  type Network,
  network,
  type Params,
} from "../../nn/index.js";
import { argmax, mul, random, reshape, sub } from "../../ops/index.js";
import { homeostasis, type Regulated, randomRegulation } from "../../optim/index.js";

/** The samples of a batch. The learner decides once per batch. */
export const BATCH = 10;

/** What can regulate the learning rate. */
export const regulations = ["constant", "homeostatic", "random"] as const;
/** The name of a regulation. */
export type Regulation = (typeof regulations)[number];

/** Everything that a learner depends on, except its stream. */
export interface Learner {
  readonly regulation: Regulation;
  /** The first learning rate. */
  readonly rate: number;
  /** By how much a decision changes the rate. */
  readonly step: number;
  /** How many samples before the one that is decided on are remembered. */
  readonly memory: number;
  /**
   * Which sample of a batch is decided on. In the authors' code it is the first, when only its own gradient is known.
   */
  readonly decides: "first" | "last";
  /** After how many samples two classes exchange their labels; null for never. */
  readonly every: number | null;
}

/** The samples of a learner, always in the same order, and others to test it with. */
export interface Stream {
  readonly train: Examples;
  readonly classes: readonly number[];
  readonly test: Examples;
  readonly testClasses: readonly number[];
  /** How many classes there are. */
  readonly count: number;
}

/** What happened in an epoch. */
export interface Epoch {
  /** Share of the samples that were classified correctly before they were learned from. */
  readonly online: number;
  /** Share of the test samples that are classified correctly after the epoch, with the labels as they are by then. */
  readonly validation: number;
  /** The learning rate after the epoch. */
  readonly rate: number;
  /** How many decisions were made. */
  readonly decisions: number;
  /** In how many of them the learner accepted the sample's effect on its rate. */
  readonly taken: number;
}

/** A network with these widths, inputs first, and ELU between its layers, as in the authors' code. */
export function networkOf(widths: readonly number[]): Network {
  const [inputs, ...units] = widths;
  const layers = units.flatMap((width, i) => [
    ...(i > 0 ? [activation("elu")] : []),
    dense(width, { init: "heNormal" }),
  ]);
  return network({ input: [inputs], layers });
}

/** First parameters as in the authors' code: normal weights of variance 2 / n_in and normal biases of variance 1. */
export function firstParams(net: Network, key: Key): Params {
  const [weightKey, biasKey] = key.split();
  return net
    .init(weightKey)
    .map((layer, i) => (layer.bias ? { ...layer, bias: random.normal(biasKey.fold(i), layer.bias.shape) } : layer));
}

interface State {
  readonly params: Params;
}

/**
 * Learns for some epochs and yields what happened in each. In between, it yields undefined from time to time, so that the
 * caller can handle signals. `trace` gets the learning rate after every decision.
 */
export function* learn(
  net: Network,
  first: Params,
  stream: Stream,
  learner: Learner,
  { epochs, key, trace }: { readonly epochs: number; readonly key: Key; trace?(rate: number): void },
): Generator<Epoch | undefined, void, undefined> {
  const { regulation, step, memory, decides, every } = learner;
  const { train, classes, count } = stream;
  const [shiftKey, chanceKey] = key.split();
  const shift = conceptShift(shiftKey, { classes: count, every: every ?? Number.POSITIVE_INFINITY });
  const flat = (x: Tensor): Tensor => reshape(x, [x.shape[0], net.description.input[0]]);
  const slope = compile((params: Params, x: Tensor, y: Tensor) => {
    const { grad, aux } = valueAndGradAux((p: Params) => {
      const logits = net.apply(p, x);
      return [classification(logits, y), argmax(logits, -1)] as const;
    })(params);
    return { grad, found: aux };
  });
  const descend = compile((params: Params, grads: Params, rate: Tensor): Params => descended(params, grads, rate));
  const answers = compile((params: Params, grads: Params, rate: Tensor, x: Tensor) =>
    argmax(net.apply(descended(params, grads, rate), x), -1),
  );
  const plainly = compile((params: Params, x: Tensor) => argmax(net.apply(params, x), -1));
  const rateTensor = (rate: number): Tensor => fromNumbers([rate], [], "float32");
  try {
    let state: State = { params: first };
    let { rate } = learner;
    let seen = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      let [right, decisions, taken] = [0, 0, 0];
      const batches = Math.floor(train.count / BATCH);
      for (let batch = 0; batch < batches; batch++) {
        const start = batch * BATCH;
        state = advance(state, ({ params }) => {
          const given = (from: number, size: number) => {
            const indices = Array.from({ length: size }, (_, i) => from + i);
            return { x: flat(train.batch(indices).x), own: indices.map((i) => classes[i]) };
          };
          const now = given(start, BATCH);
          const labels = now.own.map((own, i) => shift.labels(seen + i)[own]);
          const y = fromNumbers(Int32Array.from(labels), [BATCH], "int32");
          const { grad, found } = slope(params, now.x, y);
          const predicted = found.data();
          right += labels.filter((label, i) => predicted[i] === label).length;
          const at = decides === "first" ? 0 : BATCH - 1;
          const sample = start + at;
          if (regulation !== "constant" && sample > memory) {
            const remembered = given(sample - memory, memory);
            const current = shift.labels(seen + at);
            // When the first sample is decided on, only its own gradient is known. The authors divide it by the batch size too.
            const known =
              decides === "last"
                ? grad
                : scaled(
                    slope(params, given(start, 1).x, fromNumbers(Int32Array.from([labels[0]]), [1], "int32")).grad,
                    1 / BATCH,
                  );
            const score = (tried: number): number => {
              const said = answers(params, known, rateTensor(tried), remembered.x).data();
              return remembered.own.filter((own, i) => said[i] === current[own]).length / memory;
            };
            const options = { classes: count, step, actual: labels[at] };
            const decided: Regulated =
              regulation === "homeostatic"
                ? homeostasis(rate, { ...options, predicted: predicted[at], score })
                : randomRegulation(rate, { ...options, key: chanceKey.fold(seen + at) });
            ({ rate } = decided);
            decisions++;
            taken += Number(decided.taken);
            trace?.(rate);
          }
          return { params: descend(params, grad, rateTensor(rate)) };
        });
        seen += BATCH;
        if (batch % 20 === 19) yield undefined;
      }
      const labels = shift.labels(seen);
      let correct = 0;
      for (let from = 0; from < stream.test.count; from += 500) {
        const size = Math.min(500, stream.test.count - from);
        const indices = Array.from({ length: size }, (_, i) => from + i);
        advance(undefined, () => {
          const said = plainly(state.params, flat(stream.test.batch(indices).x)).data();
          correct += indices.filter((i, k) => said[k] === labels[stream.testClasses[i]]).length;
          return undefined;
        });
      }
      const validation = correct / Math.max(1, stream.test.count);
      yield { online: right / (batches * BATCH), validation, rate, decisions, taken };
    }
  } finally {
    for (const compiled of [slope, descend, answers, plainly]) compiled.dispose();
  }
}

/** Parameters minus the rate times their gradients. */
function descended(params: Params, grads: Params, rate: Tensor): Params {
  const directions = leavesOf("learn", grads);
  return withLeaves(
    params,
    leavesOf("learn", params).map(({ tensor }, i) => sub(tensor, mul(directions[i].tensor, rate))),
  );
}

const scaled = (grads: Params, by: number): Params =>
  withLeaves(
    grads,
    leavesOf("learn", grads).map(({ tensor }) => mul(tensor, by)),
  );
