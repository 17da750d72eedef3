// Runs the lifetime of a golden case and measures how far loss, gradients, logits and weights are off.
import { valueAndGradAux } from "../../autodiff/index.js";
import type { Elements, FloatName, Tensor } from "../../core/index.js";
import type { Gpu } from "../../gpu/index.js";
import { oneHot, tensor } from "../../ops/index.js";
import { lifetime, logitsOf, lossOf, type Rule, ruleFrom, type Start, type Stream } from "../index.js";
import type { GoldenCase, Numbers, Part } from "./read-case.js";

/** The largest errors that pass, each relative to the largest element of its array. */
export interface Tolerance {
  readonly loss: number;
  readonly gradients: number;
  /** Of the gradients of a case of full size, which sums more rounding errors. */
  readonly fullGradients: number;
  readonly weights: number;
  readonly logits: number;
}

/** What passes for each type of float. The expected numbers themselves were computed in float64. */
export const TOLERANCES: Readonly<Record<FloatName, Tolerance>> = {
  float32: { loss: 1e-5, gradients: 1e-4, fullGradients: 1e-3, weights: 1e-4, logits: 1e-4 },
  float64: { loss: 1e-11, gradients: 1e-11, fullGradients: 1e-11, weights: 1e-11, logits: 1e-11 },
};

/** Where a case runs. */
export interface CheckOptions {
  /** The type of all numbers; "float32" by default. "float64" needs its module to be loaded. */
  readonly dtype?: FloatName;
  /** The GPU that computes; the CPU by default. */
  readonly gpu?: Gpu | undefined;
}

/** What `verify` reports about a case. */
export interface CaseResult {
  readonly case: string;
  readonly lossError: number;
  readonly gradError: Partial<Record<Part, number>>;
  readonly weightError: number;
  readonly logitError: number;
  readonly ok: boolean;
}

/** The largest difference over the largest expected element; the difference itself if all expected ones are 0. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(got[i] - expected[i]);
    if (!(difference <= worst)) worst = difference; // so that NaN is kept
    largest = Math.max(largest, Math.abs(expected[i]));
    if (Number.isNaN(worst)) return Number.NaN;
  }
  return largest > 0 ? worst / largest : worst;
}

/** Several arrays as one. */
function joined(arrays: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    out.set(array, at);
    at += array.length;
  }
  return out;
}

/** The results of the case's lifetime here. */
interface Outcome {
  loss: number;
  grad: Partial<Record<Part, Float64Array>>;
  weights: Elements[];
  logits: Elements;
}

/** Runs the case. */
async function live(golden: GoldenCase, { gpu, dtype = "float32" }: CheckOptions): Promise<Outcome> {
  const { config, rule, sizes, y, z } = golden;
  const place = ({ values, shape }: Numbers): Tensor => tensor(values, { shape: [...shape], dtype });
  const start = { weights: golden.weights.map(place), feedback: golden.feedback.map(place) };
  // Labels are turned into targets, which are ordinary numbers, as a GPU needs.
  const labels = oneHot(tensor(golden.labels, { dtype: "int32" }), sizes[sizes.length - 1], { dtype });
  const stream = { images: place(golden.images), labels };
  const queries = { images: place(golden.queryImages), labels: tensor(golden.queryLabels, { dtype: "int32" }) };
  const nested = Object.entries(rule).map(([part, list]) => [part, list.map(place)]);
  const given: Rule = { ...ruleFrom({}), ...Object.fromEntries(nested) };
  const meta = (candidate: Rule, begin: Start, lived: Stream, asked: Stream) => {
    const weights = lifetime(config, candidate, begin, lived, { scales: { y, z } });
    const logits = logitsOf(weights, asked.images, config.beta);
    return [lossOf(logits, asked.labels), { weights, logits }] as const;
  };
  const options = { unused: "zero" } as const;
  const differentiate = gpu ? gpu.valueAndGradAux(meta, options) : valueAndGradAux(meta, options);
  const { value, aux, grad } = await differentiate(given, start, stream, queries);
  const outcome: Outcome = {
    loss: value.item(),
    grad: {},
    weights: aux.weights.map((w) => w.data()),
    logits: aux.logits.data(),
  };
  for (const part of Object.keys(rule) as Part[]) {
    outcome.grad[part] = joined((grad[part] as readonly Tensor[]).map((g) => g.data()));
  }
  return outcome;
}

/** The errors of this case, and whether all are small enough. */
export async function checkCase(golden: GoldenCase, options: CheckOptions = {}): Promise<CaseResult> {
  const { loss, grad, weights, logits } = await live(golden, options);
  const lossError = relativeError([loss], [golden.loss]);
  const gradError: CaseResult["gradError"] = {};
  for (const [part, expected] of Object.entries(golden.grad) as [Part, readonly Numbers[]][]) {
    gradError[part] = relativeError(grad[part] ?? [], joined(expected.map(({ values }) => values)));
  }
  const norm = (w: Elements): number => Math.sqrt(Float64Array.from(w).reduce((sum, x) => sum + x * x, 0));
  const weightErrors = golden.finalWeights
    ? golden.finalWeights.map((expected, layer) => relativeError(weights[layer], expected))
    : [relativeError(weights.map(norm), golden.finalNorms ?? [])];
  const weightError = Math.max(...weightErrors); // NaN if one of them is
  const logitError = relativeError(logits, golden.logits);
  const most = TOLERANCES[options.dtype ?? "float32"];
  const ok =
    lossError <= most.loss &&
    weightError <= most.weights &&
    logitError <= most.logits &&
    Object.values(gradError).every((error) => error <= (golden.full ? most.fullGradients : most.gradients));
  return { case: golden.name, lossError, gradError, weightError, logitError, ok };
}
