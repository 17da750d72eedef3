// What must hold of the parts: complexity, second-order neurons and pairs of spikes.
import { Key, scope } from "../../core/index.js";
import { exp, full, log, random, reshape, sub, tensor } from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import {
  complexityClassifier,
  lempelZiv76,
  lempelZivComplexity,
  markovTrains,
  metaNeuron,
  runNeurons,
  stdp,
  type Train,
} from "../../spiking/index.js";
import { pause } from "../pause.js";
import { mean } from "../statistics.js";

/** Sequences with their numbers of phrases. */
const PHRASES = [
  ["00000000", 2],
  ["01010101", 3],
  ["0001101001000101", 6],
  ["1001111011000010", 6],
  ["0101101", 4],
] as const;
/** Inputs of second-order neurons; the rates of the first parameters and of others (a, b, c, d), by another program. */
const INPUTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1] as const;
const RATES = [
  [{}, [0, 0, 0, 0.03, 0.06, 0.09, 0.145, 0.2]],
  [{ a: 0.06, b: 0.219, c: -0.01, d: 0.05 }, [undefined, undefined, undefined, 0.09, 0.19, 0.275, 0.48, 0.565]],
] as const;

/** The row of facts. */
export interface FactsRow {
  /** Sequences whose number of phrases is wrong. */
  readonly phrases: number;
  /** How far the rates of second-order neurons are from those of another program, at the most. */
  readonly meta: number;
  /** How far the change of a weight by a pair of spikes is from its exponential, at the most. */
  readonly pair: number;
}

const trainOf = (text: string): number[] => Array.from(text, Number);

function metaOff(): number {
  const steps = 200;
  let off = 0;
  for (const [options, wanted] of RATES) {
    const neuron = metaNeuron(INPUTS.length, options);
    // The neuron squeezes its current by a sigmoid.
    const p = tensor(INPUTS, { dtype: "float64" });
    const current = sub(log(p), log(sub(tensor(1 + 1e-15, { dtype: "float64" }), p)));
    const given = tensor(Array.from({ length: steps }, () => Array.from(current.data())).flat(), {
      shape: [1, steps, INPUTS.length],
      dtype: "float64",
    });
    const spikes = runNeurons(neuron, {}, given).spikes.data();
    wanted.forEach((rate, unit) => {
      if (rate === undefined) return;
      let count = 0;
      for (let t = 0; t < steps; t++) count += spikes[t * INPUTS.length + unit];
      off = Math.max(off, Math.abs(count / steps - rate));
    });
  }
  return off;
}

function pairOff(): number {
  const [plus, minus, tauPlus, tauMinus, most] = [0.01, 0.012, 17, 34, 60];
  const rule = stdp({ plus, minus, tauPlus, tauMinus, bound: "none" });
  const on = tensor([1], { dtype: "float64" });
  const off = tensor([0], { dtype: "float64" });
  const none = tensor([[0]], { dtype: "float64" });
  const curve = (apart: number, tau: number): number => exp(full([], -apart / tau, { dtype: "float64" })).item();
  let largest = 0;
  // One side spikes first; for the other it is every later step in which it could be the second.
  for (const senderFirst of [true, false]) {
    let { state } = senderFirst ? rule.step(none, rule.init(none), on, off) : rule.step(none, rule.init(none), off, on);
    for (let apart = 1; apart <= most; apart++) {
      const [pre, post] = senderFirst ? [off, on] : [on, off];
      const change = rule.step(none, state, pre, post).weights.item();
      const wanted = senderFirst ? plus * curve(apart, tauPlus) : -minus * curve(apart, tauMinus);
      largest = Math.max(largest, Math.abs(change - wanted));
      state = rule.step(none, state, off, off).state;
    }
  }
  return largest;
}

/** Computes all of it. */
export function factsRow(): FactsRow {
  return scope(() => ({
    phrases: PHRASES.filter(([text, count]) => lempelZiv76(trainOf(text)) !== count).length,
    meta: metaOff(),
    pair: pairOff(),
  }));
}

/** How many trains are drawn. */
export interface ComplexityConfig {
  /** Trains of each class, for learning and again for tests. */
  readonly trains: number;
  /** Long trains whose complexity is compared with the entropy of their source. */
  readonly long: number;
}

/** Sources that are told apart, by name. */
export const pairsOfSources = ["chain or not, 512", "0.1 or 0.2, 128", "0.1 or 0.2, 512"] as const;

/** The row of complexity. */
export interface ComplexityRow {
  /** The share of trains that complexity and count name rightly, for each pair of sources. */
  readonly pairs: readonly { readonly complexity: number; readonly count: number }[];
  /** How far the complexity of 4096 independent steps is from their entropy in bits, on average over draws, at the most. */
  readonly entropy: number;
}

/** The entropy in bits of a step with this probability of a spike. */
const ENTROPY = [
  [0.05, 0.28639695711595625],
  [0.1, 0.4689955935892812],
  [0.2, 0.7219280948873623],
  [0.3, 0.8812908992306927],
  [0.5, 1],
] as const;

/** Tells sources apart by the complexity of their trains, and by their count. */
export async function complexityRow(
  { config: { trains, long }, seed }: Cell<ComplexityConfig>,
  context: Context,
): Promise<ComplexityRow> {
  const key = Key.of(seed);
  const rows = (each: { readonly shape: readonly number[]; data(): ArrayLike<number> }): number[][] => {
    const [n, steps] = each.shape;
    const data = Array.from(each.data());
    return Array.from({ length: n }, (_, i) => data.slice(i * steps, (i + 1) * steps));
  };
  const independent = (own: Key, p: number, steps: number): number[][] =>
    rows(random.bernoulli(own, p, [2 * trains, steps]));
  const chain = (own: Key): number[][] =>
    rows(reshape(markovTrains(own, [2 * trains, 1], 512, { rate: 0.2, stay: 0.7 }), [2 * trains, 512]));
  const sources = scope(() => [
    [independent(key.fold(0), 0.2, 512), chain(key.fold(1))] as const,
    [independent(key.fold(2), 0.1, 128), independent(key.fold(3), 0.2, 128)] as const,
    [independent(key.fold(4), 0.1, 512), independent(key.fold(5), 0.2, 512)] as const,
  ]);
  const share = (pair: readonly [number[][], number[][]], measure: (train: Train) => number): number => {
    const shown = pair.map((each) => each.slice(0, trains));
    const labels = [0, 1].flatMap((label) => new Array<number>(trains).fill(label));
    const classifier = complexityClassifier(shown.flat(), labels, measure);
    const tested = pair.flatMap((each) => each.slice(trains));
    return mean(tested.map((train, i) => Number(classifier.predict(train) === labels[i])));
  };
  const pairs: { complexity: number; count: number }[] = [];
  for (const [i, pair] of sources.entries()) {
    await pause(context, i / 5);
    pairs.push({
      complexity: share(pair, lempelZivComplexity),
      count: share(pair, (train) => mean(Array.from(train))),
    });
  }
  let entropy = 0;
  for (const [i, [p, bits]] of ENTROPY.entries()) {
    await pause(context, 0.6 + i / 13);
    const found = scope(() => rows(random.bernoulli(key.fold(10 + i), p, [long, 4096])));
    entropy = Math.max(entropy, Math.abs(mean(found.map(lempelZivComplexity)) - bits));
  }
  return { pairs, entropy };
}
