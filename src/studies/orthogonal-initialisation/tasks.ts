// The tasks of the paper, after the authors' generators: what must be remembered stands at the beginning, and the answer is
// given after the last step.
import { fromNumbers, type Key, type Tensor } from "../../core/index.js";
import { argmax, crossEntropy, mean, mse } from "../../ops/index.js";

/** A batch of sequences with what is wanted after the last step. */
export interface Sequences {
  /** [steps, n, inputs]. */
  readonly inputs: Tensor;
  /** Classes (n), int32, or numbers (n, 1). */
  readonly targets: Tensor;
}

/** A task. */
export interface Task {
  /** Numbers that the network sees in each step. */
  readonly inputs: number;
  /** Numbers that it answers with. */
  readonly outputs: number;
  /** `count` sequences of `length` steps, drawn from the key. */
  draw(key: Key, count: number, length: number): Sequences;
  /** The loss of the answers (n, outputs), shape []. */
  loss(answers: Tensor, targets: Tensor): Tensor;
  /** The share of answers that are wrong, in per cent. */
  error(answers: Tensor, targets: Tensor): number;
}

/** Draws one after the other: whole numbers below a bound, and numbers from 0 to 1. */
function drawer(key: Key): { below(bound: number): number; unit(): number } {
  let at = 0;
  return {
    below: (bound) => key.integer(at++, bound),
    unit: () => key.uniform(at++),
  };
}

/** A step between these shares of the length: from the first on, before the second, and one at least. */
function place(draw: ReturnType<typeof drawer>, length: number, from: number, to: number): number {
  const [low, high] = [Math.floor(from * length), Math.floor(to * length)];
  return low + draw.below(Math.max(1, high - low));
}

const classes: Pick<Task, "loss" | "error"> = {
  loss: (answers, targets) => mean(crossEntropy(answers, targets)),
  error: (answers, targets) => {
    const [found, wanted] = [argmax(answers, 1).data(), targets.data()];
    return (100 * wanted.filter((label, i) => label !== found[i]).length) / wanted.length;
  },
};

/** Sequences of symbols as ones among zeros. */
function symbols(count: number, length: number, kinds: number, of: (item: number) => readonly number[]): Tensor {
  const inputs = new Float32Array(length * count * kinds);
  for (let item = 0; item < count; item++) {
    for (const [step, symbol] of of(item).entries()) inputs[(step * count + item) * kinds + symbol] = 1;
  }
  return fromNumbers(inputs, [length, count, kinds], "float32");
}

/** Squared errors above this are wrong answers of the addition. */
const WRONG = 0.04;

/** By name. */
export const tasks = {
  /** Of six symbols, two stand twice for a bit, early and in the middle; the class is which two. */
  temporal: {
    ...{ inputs: 6, outputs: 4, ...classes },
    draw(key, count, length) {
      const draw = drawer(key);
      const labels = new Int32Array(count);
      const inputs = symbols(count, length, 6, (item) => {
        const sequence = Array.from({ length }, () => 2 + draw.below(4));
        const [first, second] = [draw.below(2), draw.below(2)];
        sequence[place(draw, length, 0.1, 0.2)] = first;
        sequence[place(draw, length, 0.5, 0.6)] = second;
        labels[item] = 2 * first + second;
        return sequence;
      });
      return { inputs, targets: fromNumbers(labels, [count], "int32") };
    },
  },
  /** Of numbers from 0 to 1, two are marked, one in the first tenth and one before the middle; wanted is their mean. */
  addition: {
    ...{ inputs: 2, outputs: 1 },
    draw(key, count, length) {
      const draw = drawer(key);
      const inputs = new Float32Array(length * count * 2);
      const wanted = new Float32Array(count);
      for (let item = 0; item < count; item++) {
        for (let step = 0; step < length; step++) inputs[2 * (step * count + item)] = draw.unit();
        for (const step of [place(draw, length, 0, 0.1), place(draw, length, 0.1, 0.5)]) {
          const at = 2 * (step * count + item);
          inputs[at + 1] = 1;
          wanted[item] += inputs[at] / 2;
        }
      }
      return {
        inputs: fromNumbers(inputs, [length, count, 2], "float32"),
        targets: fromNumbers(wanted, [count, 1], "float32"),
      };
    },
    loss: (answers, targets) => mse(answers, targets),
    error: (answers, targets) => {
      const [found, wanted] = [answers.data(), targets.data()];
      return (100 * wanted.filter((value, i) => (value - found[i]) ** 2 > WRONG).length) / wanted.length;
    },
  },
  /** A hundred symbols, of which the first is one of two; wanted is that one, after all the others. */
  permutation: {
    ...{ inputs: 100, outputs: 100, ...classes },
    draw(key, count, length) {
      const draw = drawer(key);
      const labels = new Int32Array(count);
      const inputs = symbols(count, length, 100, (item) => {
        labels[item] = draw.below(2);
        return [labels[item], ...Array.from({ length: length - 1 }, () => 2 + draw.below(98))];
      });
      return { inputs, targets: fromNumbers(labels, [count], "int32") };
    },
  },
} satisfies Readonly<Record<string, Task>>;

/** The name of a task. */
export type TaskName = keyof typeof tasks;
