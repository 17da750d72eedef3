// Claims that compare the credit assigned by predictive coding with the gradient.
import type { Result } from "../../runs/index.js";
import { boundedLaw, bySeed, isAtLeast, isAtMost, largestOf, smallestOf } from "../measure.js";
import type { Claim } from "../study.js";
import { LAMBDAS, type TrialsRow } from "./measure.js";

type Results = readonly Result<TrialsRow>[];
type Pick = (row: TrialsRow) => number;

const largest = (pick: Pick) => (results: Results) => largestOf(bySeed(results, ({ row }) => pick(row)));
const smallest = (pick: Pick) => (results: Results) => smallestOf(bySeed(results, ({ row }) => pick(row)));
const most = (numbers: Readonly<Record<string, number>>): number => Math.max(...Object.values(numbers));

const law = boundedLaw<TrialsRow>;

const atLambda = (lambda: number) => (row: TrialsRow) => row.limit.errors[LAMBDAS.indexOf(lambda)];

/** All claims. */
export const claims: readonly Claim<TrialsRow>[] = [
  {
    ...law(
      "exact",
      "In float64, Z-IL gives the gradient of random networks (largest relative error of a layer)",
      1e-10,
      ({ exact }) => Math.max(exact.sigmoid, exact.tanh, exact.relu),
    ),
    published: { value: 0, where: "the theorem of Song et al. 2020" },
  },
  law("graphs", "Z-IL also gives it with biases, for the cross-entropy, and in residual networks", 1e-10, ({ exact }) =>
    Math.max(exact.biases, exact["cross-entropy"], exact.residual),
  ),
  law(
    "training",
    "After 20 steps of training, Z-IL has the weights of backpropagation (largest relative difference of a layer)",
    1e-9,
    ({ trained }) => trained,
  ),
  law(
    "rate",
    "At a rate of γ = 0.9, a layer on level k gets γᵏ times its gradient (largest difference between its error and 1 - γᵏ)",
    1e-9,
    ({ slow }) => slow.off,
  ),
  law(
    "autonomous",
    "Fa-Z-IL, which has no schedule, also gives the gradient (largest relative error of a layer)",
    1e-10,
    ({ autonomous }) => autonomous.error,
  ),
  law(
    "firing",
    "In Fa-Z-IL, a layer fires in the tick of its level (neurons that fire in another tick)",
    0,
    ({ autonomous }) => autonomous.late,
  ),
  {
    label: "limit",
    statement:
      "For λ from 1e-4 to 1e-2, the error of inference (IL) is proportional to λ (distance from 1 of the slope on logarithmic axes)",
    source: "law",
    measure: largest(({ limit }) => Math.abs(limit.slope - 1)),
    holds: (measured) => isAtMost(measured, 0.1),
  },
  {
    label: "rounding",
    statement: "In float32, Z-IL differs from the gradient by at most 1e-3 of the largest gradient",
    source: "reference",
    published: { value: 1.8e-4, where: "the same experiment in NumPy, largest" },
    measure: largest(({ single }) => most(single)),
    holds: (measured) => isAtMost(measured, 1e-3),
  },
  {
    label: "rounding-only",
    statement: "This difference is rounding: in float64 it is smaller by a factor of at least 1e5 (smallest factor)",
    source: "reference",
    measure: smallest(({ fall }) => fall),
    holds: (measured) => isAtLeast(measured, 1e5),
  },
  {
    label: "c1",
    statement: "With noise of 0.1 on the first values, which breaks C1, the error is at least 0.01 (smallest error)",
    source: "reference",
    published: { value: 0.033, where: "the same experiment in NumPy, smallest" },
    measure: smallest(({ broken }) => broken.start),
    holds: (measured) => isAtLeast(measured, 1e-2),
  },
  {
    label: "c2",
    statement:
      "With all weights updated in the last tick, which breaks C2, the error is at least 0.01 (smallest error)",
    source: "reference",
    published: { value: 0.12, where: "the same experiment in NumPy, smallest" },
    measure: smallest(({ broken }) => broken.schedule),
    holds: (measured) => isAtLeast(measured, 1e-2),
  },
  {
    label: "levels",
    statement:
      "Without relays on edges that skip levels, a residual network does not get its gradient (smallest error)",
    source: "paper",
    published: { value: "not 0", where: "Salvatori et al. 2022, where a residual network diverges" },
    measure: smallest(({ broken }) => broken.levels),
    holds: (measured) => isAtLeast(measured, 1e-2),
  },
  {
    label: "inference",
    statement: "At λ = 1e-3, the error of inference is within a factor of 3 of another program's (largest error)",
    source: "reference",
    published: { value: 9.1e-3, where: "the same experiment in NumPy, one network" },
    measure: largest(atLambda(1e-3)),
    holds: ({ value }) => (value >= 9.1e-3 / 3 && value <= 9.1e-3 * 3 ? "holds" : "does not hold"),
  },
];
