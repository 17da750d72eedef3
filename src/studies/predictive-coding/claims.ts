// Claims about predictive coding and the gradient.
import type { Result } from "../../runs/index.js";
import { bySeed, isAtMost, largestOf } from "../measure.js";
import type { Claim, Measured, Verdict } from "../study.js";
import { LAMBDAS, type TrialsRow } from "./measure.js";

type Results = readonly Result<TrialsRow>[];
type Pick = (row: TrialsRow) => number;

const largest = (pick: Pick) => (results: Results) => largestOf(bySeed(results, ({ row }) => pick(row)));
const smallest =
  (pick: Pick) =>
  (results: Results): Measured | undefined => {
    const values = bySeed(results, ({ row }) => pick(row)).map(({ value }) => value);
    return values.length === 0 ? undefined : { value: Math.min(...values), seeds: values.length };
  };
const isAtLeast = ({ value }: Measured, bound: number): Verdict => (value >= bound ? "holds" : "does not hold");
const most = (numbers: Readonly<Record<string, number>>): number => Math.max(...Object.values(numbers));

/** A law: nothing is larger than the bound. */
const law = (label: string, statement: string, bound: number, pick: Pick): Claim<TrialsRow> => ({
  ...{ label, statement, source: "law", measure: largest(pick), holds: (measured) => isAtMost(measured, bound) },
});

const atLambda = (lambda: number) => (row: TrialsRow) => row.limit.errors[LAMBDAS.indexOf(lambda)];

/** All claims. */
export const claims: readonly Claim<TrialsRow>[] = [
  {
    ...law(
      "exact",
      "In float64, Z-IL gives the gradient of random networks: the largest relative error of a layer",
      1e-10,
      ({ exact }) => Math.max(exact.sigmoid, exact.tanh, exact.relu),
    ),
    published: { value: 0, where: "the theorem of Song et al. 2020" },
  },
  law("graphs", "So it does with biases, for the cross-entropy and in residual networks", 1e-10, ({ exact }) =>
    Math.max(exact.biases, exact["cross-entropy"], exact.residual),
  ),
  law(
    "training",
    "Weights after 20 steps of training by Z-IL are those of backpropagation",
    1e-9,
    ({ trained }) => trained,
  ),
  law(
    "rate",
    "At rate γ = 0.9 a layer on level k gets γᵏ of its gradient: largest distance of its error from 1 - γᵏ",
    1e-9,
    ({ slow }) => slow.off,
  ),
  law(
    "autonomous",
    "Fa-Z-IL, which has no schedule, gives the gradient too: largest relative error of a layer",
    1e-10,
    ({ autonomous }) => autonomous.error,
  ),
  law(
    "firing",
    "In Fa-Z-IL a layer fires in the tick of its level: neurons that fire in another one",
    0,
    ({ autonomous }) => autonomous.late,
  ),
  {
    label: "limit",
    statement:
      "The error of inference (IL) is proportional to λ: the slope of its logarithm for λ from 1e-4 to 1e-2, less 1",
    source: "law",
    measure: largest(({ limit }) => Math.abs(limit.slope - 1)),
    holds: (measured) => isAtMost(measured, 0.1),
  },
  {
    label: "rounding",
    statement: "In float32 Z-IL differs by at most 1e-3 of the largest gradient",
    source: "reference",
    published: { value: 1.8e-4, where: "the same in NumPy, at most" },
    measure: largest(({ single }) => most(single)),
    holds: (measured) => isAtMost(measured, 1e-3),
  },
  {
    label: "rounding-only",
    statement: "That is rounding: in float64 it is smaller by at least 1e5",
    source: "reference",
    measure: smallest(({ fall }) => fall),
    holds: (measured) => isAtLeast(measured, 1e5),
  },
  {
    label: "c1",
    statement: "Noise of 0.1 on the first values (C1 broken) makes an error of at least 0.01: the smallest",
    source: "reference",
    published: { value: 0.033, where: "the same in NumPy, the smallest" },
    measure: smallest(({ broken }) => broken.start),
    holds: (measured) => isAtLeast(measured, 1e-2),
  },
  {
    label: "c2",
    statement: "Updating all weights at the last tick (C2 broken) makes an error of at least 0.01: the smallest",
    source: "reference",
    published: { value: 0.12, where: "the same in NumPy, the smallest" },
    measure: smallest(({ broken }) => broken.schedule),
    holds: (measured) => isAtLeast(measured, 1e-2),
  },
  {
    label: "levels",
    statement:
      "Without relays on edges that skip levels, a residual network does not get its gradient: the smallest error",
    source: "paper",
    published: { value: "not 0", where: "Salvatori et al. 2022, where a residual network diverges" },
    measure: smallest(({ broken }) => broken.levels),
    holds: (measured) => isAtLeast(measured, 1e-2),
  },
  {
    label: "inference",
    statement: "At λ = 1e-3 the error of inference is that of another program within a factor of 3: the largest",
    source: "reference",
    published: { value: 9.1e-3, where: "the same in NumPy, one network" },
    measure: largest(atLambda(1e-3)),
    holds: ({ value }) => (value >= 9.1e-3 / 3 && value <= 9.1e-3 * 3 ? "holds" : "does not hold"),
  },
];
