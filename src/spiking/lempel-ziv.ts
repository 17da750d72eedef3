// The complexity of binary sequences, measured by their number of new phrases (Lempel and Ziv 1976 and 1978).
import { checkKind, kindOf, quote } from "../core/index.js";
import { full, log } from "../ops/index.js";

/** A sequence of zeros and ones, such as the spikes of a neuron. */
export type Train = ArrayLike<number>;

/** Throws a TypeError unless the train is a list, and a RangeError if it is empty or has other numbers than 0 and 1. */
export function checkTrain(op: string, train: Train): void {
  if (!Number.isSafeInteger((train as Train | undefined)?.length)) {
    throw new TypeError(
      `[${op}] the train is ${kindOf(train)}. Give an array of zeros and ones, such as tensor.data().`,
    );
  }
  if (train.length <= 0) throw new RangeError(`[${op}] the train is empty. Give at least one step.`);
  for (let i = 0; i < train.length; i++) {
    if (train[i] === 0 || train[i] === 1) continue;
    throw new RangeError(`[${op}] entry ${i} of the train is ${quote(train[i])}. Give only 0 and 1.`);
  }
}

/**
 * The number of phrases of a sequence, each of which is the shortest that did not occur before its end (Lempel and Ziv
 * 1976), by the algorithm of Kaspar and Schuster (1987). In the worst case, its time is quadratic in the length.
 *
 * ```ts
 * lempelZiv76([0, 1, 0, 1, 1, 0, 1]); // 4: 0, 1, 011, 01
 * ```
 *
 * @throws RangeError for an empty train, and for entries other than 0 and 1.
 */
export function lempelZiv76(train: Train): number {
  checkTrain("lempelZiv76", train);
  const n = train.length;
  if (n === 1) return 1;
  let phrases = 1;
  // The phrase begins at `start`. It is compared with the symbols from `from` on: `length` is the length under comparison,
  // and `longest` the largest so far.
  let [start, from, length, longest] = [1, 0, 1, 1];
  for (;;) {
    if (train[from + length - 1] === train[start + length - 1]) {
      length++;
      if (start + length > n) return phrases + 1;
      continue;
    }
    longest = Math.max(longest, length);
    from++;
    length = 1;
    if (from < start) continue;
    phrases++;
    start += longest;
    if (start + 1 > n) return phrases;
    [from, longest] = [0, 1];
  }
}

/**
 * The number of phrases of a sequence, each of which is an earlier phrase and one more symbol (Lempel and Ziv 1978). A
 * remainder that equals an earlier phrase counts as one.
 *
 * ```ts
 * lempelZiv78([0, 1, 0, 1, 1, 0, 1]); // 5: 0, 1, 01, 10, 1
 * ```
 *
 * @throws RangeError for an empty train, and for entries other than 0 and 1.
 */
export function lempelZiv78(train: Train): number {
  checkTrain("lempelZiv78", train);
  // A tree of phrases: the children of node i are at 2 i and 2 i + 1. 0 means no child, since the root is never a child.
  const children = [0, 0];
  let node = 0;
  for (let i = 0; i < train.length; i++) {
    const child = 2 * node + train[i];
    if (children[child] !== 0) {
      node = children[child];
      continue;
    }
    children[child] = children.length / 2;
    children.push(0, 0);
    node = 0;
  }
  return children.length / 2 - 1 + Number(node !== 0);
}

/**
 * The number of phrases c (1976), normalised by the length n: c log2(n) / n, which for long trains approaches the entropy
 * rate of the source in bits per step (Ziv 1978). It is larger for short trains.
 *
 * ```ts
 * lempelZivComplexity(bernoulliTrains(Key.of(0), tensor([[0.5]]), 4096).data()); // near 1 bit a step
 * ```
 */
export function lempelZivComplexity(train: Train): number {
  const phrases = lempelZiv76(train);
  return (phrases * logOf(train.length)) / train.length;
}

/** The logarithm to base 2, with the precision of float32. */
const logOf = (n: number): number => log(full([], n)).item() * Math.LOG2E;

/** A classifier of trains by their complexity. */
export interface ComplexityClassifier {
  /** The mean complexity of each class that it was made from; NaN for a class without trains. */
  readonly means: readonly number[];
  /** The class whose mean is nearest to the complexity of a train; the first of several. */
  predict(train: Train): number;
}

/**
 * A classifier that compares the complexity of a train with the mean complexity of each class. With two classes, it is a
 * threshold halfway between both means.
 *
 * ```ts
 * const { predict } = complexityClassifier([[0, 0, 0, 0, 0, 1], [0, 1, 1, 0, 1, 0]], [0, 1]);
 * predict([0, 0, 0, 0, 0, 0]); // 0
 * ```
 *
 * @param trains one for each label, in the same order.
 * @param labels whole numbers from 0.
 * @param measure how complex a train is; `lempelZivComplexity` by default.
 * @throws RangeError for lists that are empty or of different lengths, and for labels that are not whole numbers from 0 to
 * 1,000,000.
 */
export function complexityClassifier(
  trains: readonly Train[],
  labels: ArrayLike<number>,
  measure: (train: Train) => number = lempelZivComplexity,
): ComplexityClassifier {
  checkKind("complexityClassifier", "the first argument", trains, "a list");
  checkKind("complexityClassifier", "the second argument", labels, "a list of numbers");
  checkKind("complexityClassifier", "`measure`", measure, "a function");
  if (trains.length === 0 || trains.length !== labels.length) {
    throw new RangeError(
      `[complexityClassifier] ${quote(trains.length)} trains and ${quote(labels.length)} labels. Give one label for each train, and at least one train.`,
    );
  }
  const classes = Array.from(labels);
  const odd = classes.find((label) => !Number.isInteger(label) || label < 0 || label > 1e6);
  if (odd !== undefined) {
    throw new RangeError(`[complexityClassifier] a label is ${quote(odd)}. Give whole numbers from 0 to 1,000,000.`);
  }
  const [sums, counts] = [0, 1].map(() => new Array<number>(Math.max(...classes) + 1).fill(0));
  trains.forEach((train, i) => {
    sums[classes[i]] += measure(train);
    counts[classes[i]]++;
  });
  const means = sums.map((sum, i) => sum / counts[i]);
  return {
    means,
    predict: (train) => {
      const complexity = measure(train);
      let best = -1;
      means.forEach((mean, i) => {
        if (counts[i] > 0 && (best < 0 || Math.abs(complexity - mean) < Math.abs(complexity - means[best]))) best = i;
      });
      return best;
    },
  };
}
