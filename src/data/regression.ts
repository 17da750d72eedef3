// Regression tasks: functions of numbers that are learned from examples, drawn from a key alone. In each task a network
// sees pairs of an input and a target one after the other, and is tested on new inputs afterwards. Targets have a
// variance near 1 (sinusoids of small amplitude have less).
import { checkKey, checkKind, InputError, type Key, quote, scope, type Tensor } from "../core/index.js";
import { add, concat, matmul, mul, ones, random, sin, slice, tanh, tensor } from "../ops/index.js";
import { drawOwn, ownTask } from "./own-task.js";

/** Which family of functions, and its sizes. */
export type RegressionKind =
  /**
   * t = A sin(5 x + phi) / 5 with x in U(-1, 1), A in U(0.1, 5) and phi in U(0, pi): Finn, Abbeel and Levine 2017 (MAML),
   * section 5.1, scaled by 5. Inputs are x and the constant 1, since the network has no biases.
   */
  | { readonly kind: "sinusoid" }
  /** t = V tanh(U x), a random teacher of two layers with `width` hidden units; x is normal. */
  | { readonly kind: "teacher"; readonly inputs: number; readonly outputs: number; readonly width: number }
  /**
   * t = (A_slow + A_fast) x, x normal. A_slow stays for the whole episode; A_fast is drawn again after a number of
   * steps that is itself drawn from `segment`, including both ends. The queries are about the teacher of the last step.
   * `fast` is the share of the target's variance that A_fast causes. The best strategy is to learn A_slow slowly, and
   * to learn and forget A_fast fast, which takes two time scales.
   */
  | {
      readonly kind: "two-timescale";
      readonly inputs: number;
      readonly outputs: number;
      readonly segment: readonly [number, number];
      readonly fast: number;
    }
  /** A task that `defineTask` added under this name. */
  | { readonly kind: "own"; readonly name: string };

/** One episode's data, row-major. */
export interface RegressionTask {
  /** The inputs to learn from, (steps, inputs). */
  readonly inputs: Float32Array;
  /** Their targets, (steps, outputs). */
  readonly targets: Float32Array;
  /** The inputs of the queries, (queries, inputs). */
  readonly queryInputs: Float32Array;
  /** The targets of the queries, (queries, outputs). */
  readonly queryTargets: Float32Array;
  /** The targets that the slow part alone would give, (queries, outputs); "two-timescale" only. */
  readonly slowTargets?: Float32Array;
}

/** The keys to draw from: the teacher, the examples and the queries each have their own. */
interface Draw {
  /** The key of the episode, from which the others follow. */
  readonly key: Key;
  readonly teacher: Key;
  readonly shown: Key;
  readonly asked: Key;
  readonly steps: number;
  readonly queries: number;
}

/** A kind of regression. */
interface Kind<Task> {
  /** The number of inputs and outputs. */
  shape(task: Task): { inputs: number; outputs: number };
  /** Throws for the first setting that is invalid. */
  check(task: Task): void;
  /** An episode; its numbers are copied out of the tensors that it is computed with. */
  draw(task: Task, from: Draw): RegressionTask;
}

/** The settings of the kind of this name. */
type Of<Name extends RegressionKind["kind"]> = Extract<RegressionKind, { kind: Name }>;

/** Every kind by its name. No other code compares the name of a kind. */
const kinds: { readonly [Name in RegressionKind["kind"]]: Kind<Of<Name>> } = {
  sinusoid: {
    shape: () => ({ inputs: 2, outputs: 1 }),
    check: () => {},
    draw: (_, from) => taught(sinusoid(from.teacher), from),
  },
  teacher: {
    shape: ({ inputs, outputs }) => ({ inputs, outputs }),
    check({ inputs, outputs, width }) {
      count("inputs", inputs);
      count("outputs", outputs);
      count("width", width);
    },
    draw: (task, from) => taught(teacher(task, from.teacher), from),
  },
  "two-timescale": {
    shape: ({ inputs, outputs }) => ({ inputs, outputs }),
    check({ inputs, outputs, segment: [from, to], fast }) {
      count("inputs", inputs);
      count("outputs", outputs);
      count("the shortest segment", from);
      count("the longest segment", to);
      if (from > to) fail(`segments have ${quote(from)} to ${quote(to)} steps. Give the shorter one first.`);
      if (!(fast >= 0 && fast <= 1)) fail(`fast is ${quote(fast)}. Give a share from 0 to 1.`);
    },
    draw: twoTimescale,
  },
  own: {
    shape: ({ name }) => ownTask(name),
    check: ({ name }) => void ownTask(name),
    draw: ({ name }, { key, steps, queries }) => drawOwn(ownTask(name), key, steps, queries),
  },
};

function fail(fact: string): never {
  throw new InputError(`[task] ${fact}`);
}

function count(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value > 0)) fail(`${name} is ${quote(value)}. Give a whole number from 1 up.`);
}

function kindOf(task: RegressionKind): Kind<RegressionKind> {
  checkKind("regression", "the task", task, "an object");
  const { kind } = task;
  if (Object.hasOwn(kinds, kind)) return kinds[kind] as Kind<RegressionKind>;
  return fail(`no regression task is called ${quote(kind)}. Use one of ${Object.keys(kinds).join(", ")}.`);
}

/**
 * The number of inputs and outputs that a network for these tasks has.
 *
 * @example regressionShape({ kind: "sinusoid" }) // { inputs: 2, outputs: 1 }
 */
export function regressionShape(task: RegressionKind): { inputs: number; outputs: number } {
  const { inputs, outputs } = kindOf(task).shape(task);
  return { inputs, outputs };
}

/**
 * Throws an InputError that names the first field that is invalid.
 *
 * @example checkRegression({ kind: "sinusoid" }) // returns nothing; a wrong setting throws
 */
export function checkRegression(task: RegressionKind): void {
  kindOf(task).check(task);
}

/**
 * The episode of this key: `steps` pairs to learn from, and `queries` queries.
 *
 * @example
 * const task = sampleRegression({ kind: "sinusoid" }, Key.of(0), 10, 5);
 * Object.keys(task); // ["inputs", "targets", "queryInputs", "queryTargets"]
 */
export function sampleRegression(task: RegressionKind, key: Key, steps: number, queries: number): RegressionTask {
  checkRegression(task);
  checkKey("regression", key, "the key");
  return scope(() => {
    const [teacher, shown, asked] = key.split(3);
    return kindOf(task).draw(task, { key, teacher, shown, asked, steps, queries });
  });
}

const copy = (x: Tensor): Float32Array => x.data() as Float32Array;

/** An episode of a teacher that stays the same. */
function taught({ input, teach }: Teacher, { shown, asked, steps, queries }: Draw): RegressionTask {
  const [inputs, queryInputs] = [input(shown, steps), input(asked, queries)];
  return {
    inputs: copy(inputs),
    targets: copy(teach(inputs)),
    queryInputs: copy(queryInputs),
    queryTargets: copy(teach(queryInputs)),
  };
}

/** How inputs are drawn, and the function of them that is to be learned. */
interface Teacher {
  input(key: Key, rows: number): Tensor;
  teach(inputs: Tensor): Tensor;
}

function sinusoid(key: Key): Teacher {
  const amplitude = 0.1 + 4.9 * key.uniform(0);
  const phase = Math.PI * key.uniform(1);
  return {
    input: (inputs, rows) => concat([random.uniform(inputs, [rows, 1], { low: -1, high: 1 }), ones([rows, 1])], 1),
    // A row [x, 1] times [5, phase].
    teach: (inputs) => mul(sin(matmul(inputs, tensor([[5], [phase]]))), amplitude / 5),
  };
}

/** The mean square of tanh of a standard normal number, so that the teacher's outputs have variance 1. */
const TANH_POWER = 0.394294;

function teacher({ inputs, outputs, width }: Of<"teacher">, key: Key): Teacher {
  const [hiddenKey, outKey] = key.split();
  const u = random.normal(hiddenKey, [inputs, width], { std: 1 / Math.sqrt(inputs) });
  const v = random.normal(outKey, [width, outputs], { std: 1 / Math.sqrt(TANH_POWER * width) });
  return {
    input: (key, rows) => random.normal(key, [rows, inputs]),
    teach: (x) => matmul(tanh(matmul(x, u)), v),
  };
}

function twoTimescale(
  { inputs, outputs, segment: [from, to], fast }: Of<"two-timescale">,
  { teacher, shown: shownKey, asked: askedKey, steps, queries }: Draw,
): RegressionTask {
  const [slowKey, fastKey, lengthKey] = teacher.split(3);
  const matrix = (key: Key, share: number): Tensor =>
    random.normal(key, [inputs, outputs], { std: Math.sqrt(share / inputs) });
  const slow = matrix(slowKey, 1 - fast);
  const shown = random.normal(shownKey, [steps, inputs]);
  const targets = new Float32Array(steps * outputs);
  let at = 0;
  let now = slow;
  for (let part = 0; at < steps; part++) {
    now = add(slow, matrix(fastKey.fold(part), fast));
    const end = Math.min(steps, at + from + lengthKey.integer(part, to - from + 1));
    targets.set(matmul(slice(shown, [at], [end]), now).data(), at * outputs);
    at = end;
  }
  const asked = random.normal(askedKey, [queries, inputs]);
  return {
    inputs: copy(shown),
    targets,
    queryInputs: copy(asked),
    queryTargets: copy(matmul(asked, now)),
    slowTargets: copy(matmul(asked, slow)),
  };
}
