// The network itself, a millisecond at a time: relays, a teacher that forces the output to spike, and synapses that learn
// from the nearest pairs of spikes, in the machine's fixed point.
import { BITS, bitsOf, expOf, GAP, MEMBRANE, RESISTANCE } from "./closed.js";

/** Neurons that integrate currents and leak, without synaptic currents that last. */
class Cells {
  readonly #above: Float64Array;

  constructor(readonly count: number) {
    this.#above = new Float64Array(count);
  }

  /** A millisecond with these currents; who spikes. */
  step(currents: ArrayLike<number>): boolean[] {
    return Array.from({ length: this.count }, (_, i) => {
      const above = this.#above[i] * MEMBRANE + currents[i] * RESISTANCE * (1 - MEMBRANE);
      const spikes = above >= GAP * (1 - 1e-9);
      this.#above[i] = spikes ? 0 : above;
      return spikes;
    });
  }
}

/** Weights of relays, with which one spike makes one spike. */
const RELAY = 20;
/** When inputs spike whose bit is 1, and those whose bit is 0; the teacher; and all at the end, which closes the updates. */
const TIMES = { one: [1, 26, 56], zero: [6, 36, 59], teacher: 29, save: 65, end: 70 } as const;
/** The amplitudes and the time constant of learning in ms, the delay of the dendrite, the largest weight, and fixed point. */
const [PLUS, MINUS, TAU, DENDRITE, MOST, UNITS] = [1, -1, 5, 1, 20, 128];
/** How much of a trace is left after so many milliseconds; made when it is first needed. */
const fadingAfter = (ms: number): number => {
  fading ??= Array.from({ length: TIMES.end + 1 }, (_, after) => expOf(-after / TAU));
  return fading[ms];
};
let fading: readonly number[] | undefined;

/** Weights that a word leaves: from the population that spikes for ones, and from that which spikes for zeros. */
export interface Weights {
  readonly ones: number[];
  readonly zeros: number[];
}

/** Trains a fresh network on one word. */
export function train(word: number): Weights {
  const bits = bitsOf(word);
  const inputs = 2 * BITS;
  const trained = new Float64Array(inputs);
  const last = new Array<number | undefined>(inputs).fill(undefined);
  const relays = new Cells(inputs + 1);
  const output = new Cells(1);
  let sent: readonly boolean[] = new Array<boolean>(inputs + 1).fill(false);
  let relayed = sent;
  let post: number | undefined;
  const change = (i: number, by: number): void => {
    trained[i] = Math.min(MOST, Math.max(0, trained[i] + Math.floor(by * UNITS) / UNITS));
  };
  for (let ms = 0; ms <= TIMES.end; ms++) {
    const before = relayed;
    relayed = relays.step(sent.map((on) => (on ? RELAY : 0)));
    const current = before.reduce((sum, on, i) => sum + (on ? (i === inputs ? RELAY : trained[i]) : 0), 0);
    const [fired] = output.step([current]);
    // The spike of the output reaches the synapses when it has gone up the dendrite.
    if (post !== undefined && ms === post) {
      last.forEach((pre, i) => {
        if (pre !== undefined) change(i, PLUS * fadingAfter(ms - pre));
      });
    }
    relayed.forEach((on, i) => {
      if (!on || i === inputs) return;
      if (post !== undefined && post <= ms) change(i, -MINUS * fadingAfter(ms - post));
      last[i] = ms;
    });
    if (fired) post = ms + DENDRITE;
    const at = (times: readonly number[]): boolean => times.includes(ms) || ms === TIMES.save;
    sent = [
      ...bits.map((bit) => (bit === 1 ? at(TIMES.one) : ms === TIMES.save)),
      ...bits.map((bit) => (bit === 0 ? at(TIMES.zero) : ms === TIMES.save)),
      ms === TIMES.teacher,
    ];
  }
  return { ones: Array.from(trained.subarray(0, BITS)), zeros: Array.from(trained.subarray(BITS)) };
}

/** The sums of the weights of words that were trained one by one. */
export function summed(words: readonly number[]): Weights {
  const all = words.map(train);
  const sum = (pick: (weights: Weights) => number[]): number[] =>
    Array.from({ length: BITS }, (_, j) => all.reduce((total, weights) => total + pick(weights)[j], 0));
  return { ones: sum(({ ones }) => ones), zeros: sum(({ zeros }) => zeros) };
}

/**
 * Whether the output fires for a word: the inputs for ones excite through the weights for ones and inhibit through those for
 * zeros, and the inputs for zeros the other way round.
 */
export function fires({ ones, zeros }: Weights, word: number, factor: number): boolean {
  const output = new Cells(1);
  const current = bitsOf(word).reduce((sum, bit, j) => sum + (bit === 1 ? ones[j] - zeros[j] : zeros[j] - ones[j]), 0);
  return output.step([current * factor])[0];
}

/** The least factor with which a word makes the output fire, by bisection; Infinity where none up to 100 does. */
export function neededFactor(weights: Weights, word: number): number {
  let [low, high] = [1e-4, 100];
  if (!fires(weights, word, high)) return Infinity;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (fires(weights, word, middle)) high = middle;
    else low = middle;
  }
  return high;
}
