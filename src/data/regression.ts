// Regression tasks: numbers to be learned from numbers, drawn from a key alone. In each a network sees pairs of an input
// and a target one after the other, and is asked about new inputs afterwards. Targets have a variance near 1 (sinusoids
// of small amplitude less).
import { InputError, type Key, quote, scope, type Tensor } from "../core/index.js";
import { add, concat, matmul, mul, ones, random, sin, slice, tanh, tensor } from "../ops/index.js";

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
   * t = (A_slow + A_fast) x, x normal. A_slow stays for the whole episode; A_fast is drawn anew after a number of steps
   * that is drawn from `segment`, both ends included. The queries are about the teacher of the last step. `fast` is the
   * share of the target's variance that A_fast causes. What is best is to learn A_slow slowly and A_fast fast, and to
   * forget it fast: two time scales.
   */
  | {
      readonly kind: "two-timescale";
      readonly inputs: number;
      readonly outputs: number;
      readonly segment: readonly [number, number];
      readonly fast: number;
    };

/** One episode's data, row-major. */
export interface RegressionTask {
  /** What is shown, (steps, inputs). */
  readonly inputs: Float32Array;
  /** What is right, (steps, outputs). */
  readonly targets: Float32Array;
  /** What is asked afterwards, (queries, inputs). */
  readonly queryInputs: Float32Array;
  /** What is then right, (queries, outputs). */
  readonly queryTargets: Float32Array;
  /** What would be right of the slow part alone, (queries, outputs); "two-timescale" only. */
  readonly slowTargets?: Float32Array;
}

/** The number of inputs and outputs that a network for these tasks has. */
export function regressionShape(kind: RegressionKind): { inputs: number; outputs: number } {
  return kind.kind === "sinusoid" ? { inputs: 2, outputs: 1 } : { inputs: kind.inputs, outputs: kind.outputs };
}

/** Throws an InputError that names the first field that makes no sense. */
export function checkRegression(kind: RegressionKind): void {
  const fail = (fact: string): never => {
    throw new InputError(`[task] ${fact}`);
  };
  const count = (name: string, value: number): void => {
    if (!(Number.isSafeInteger(value) && value > 0)) fail(`${name} is ${quote(value)}: give a whole number from 1 up.`);
  };
  if (kind.kind === "sinusoid") return;
  count("inputs", kind.inputs);
  count("outputs", kind.outputs);
  if (kind.kind === "teacher") count("width", kind.width);
  if (kind.kind !== "two-timescale") return;
  const [from, to] = kind.segment;
  count("the shortest segment", from);
  count("the longest segment", to);
  if (from > to) fail(`segments of ${quote(from)} to ${quote(to)} steps: the shorter comes first.`);
  if (!(kind.fast >= 0 && kind.fast <= 1)) fail(`fast is ${quote(kind.fast)}: give a share from 0 to 1.`);
}

/** The episode of this key: `steps` pairs to learn from and `queries` to be asked. */
export function sampleRegression(kind: RegressionKind, key: Key, steps: number, queries: number): RegressionTask {
  checkRegression(kind);
  // Numbers are copied out, so the episode outlives the scope of the tensors that it is computed with.
  return scope(() => {
    const [teacherKey, inputKey, queryKey] = key.split(3);
    const copy = (x: Tensor): Float32Array => x.data() as Float32Array;
    if (kind.kind === "two-timescale") return twoTimescale(kind, teacherKey, inputKey, queryKey, steps, queries);
    const { input, teach } = kind.kind === "sinusoid" ? sinusoid(teacherKey) : teacher(kind, teacherKey);
    const [shown, asked] = [input(inputKey, steps), input(queryKey, queries)];
    return {
      inputs: copy(shown),
      targets: copy(teach(shown)),
      queryInputs: copy(asked),
      queryTargets: copy(teach(asked)),
    };
  });
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

function teacher({ inputs, outputs, width }: RegressionKind & { kind: "teacher" }, key: Key): Teacher {
  const [hiddenKey, outKey] = key.split();
  const u = random.normal(hiddenKey, [inputs, width], { std: 1 / Math.sqrt(inputs) });
  const v = random.normal(outKey, [width, outputs], { std: 1 / Math.sqrt(TANH_POWER * width) });
  return {
    input: (key, rows) => random.normal(key, [rows, inputs]),
    teach: (x) => matmul(tanh(matmul(x, u)), v),
  };
}

function twoTimescale(
  { inputs, outputs, segment: [from, to], fast }: RegressionKind & { kind: "two-timescale" },
  key: Key,
  inputKey: Key,
  queryKey: Key,
  steps: number,
  queries: number,
): RegressionTask {
  const [slowKey, fastKey, lengthKey] = key.split(3);
  const matrix = (key: Key, share: number): Tensor =>
    random.normal(key, [inputs, outputs], { std: Math.sqrt(share / inputs) });
  const slow = matrix(slowKey, 1 - fast);
  const shown = random.normal(inputKey, [steps, inputs]);
  const targets = new Float32Array(steps * outputs);
  let at = 0;
  let now = slow;
  for (let part = 0; at < steps; part++) {
    now = add(slow, matrix(fastKey.fold(part), fast));
    const end = Math.min(steps, at + from + lengthKey.integer(part, to - from + 1));
    targets.set(matmul(slice(shown, [at], [end]), now).data(), at * outputs);
    at = end;
  }
  const asked = random.normal(queryKey, [queries, inputs]);
  const copy = (x: Tensor): Float32Array => x.data() as Float32Array;
  return {
    inputs: copy(shown),
    targets,
    queryInputs: copy(asked),
    queryTargets: copy(matmul(asked, now)),
    slowTargets: copy(matmul(asked, slow)),
  };
}
