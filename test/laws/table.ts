// Every op record there is: what the laws run over.
import type { AnyOp } from "../../src/autodiff/index.js";
import { regulatedOp } from "../../src/bio/regulated.js";
import { traceOps } from "../../src/credit/recurrent/decay-outer.js";
import { linalgOps } from "../../src/linalg/table.js";
import { opTable } from "../../src/ops/internal.js";
import { chemicalStepOp, linearStepOp, motifFactorsOp } from "../../src/plasticity/index.js";
import { motifSquaresOp } from "../../src/plasticity/motifs/units.js";
import { specialOps } from "../../src/special/functions.js";
import { eventOps } from "../../src/spiking/event-matmul.js";

export const table: readonly AnyOp[] = [
  ...opTable,
  ...linalgOps,
  ...specialOps,
  ...traceOps,
  ...eventOps,
  ...([motifFactorsOp, motifSquaresOp, linearStepOp, chemicalStepOp, regulatedOp] as unknown as AnyOp[]),
];

/** Those that the laws of derivatives can be tested on. */
export const tested = table.filter(({ domain }) => domain.length > 0);

/**
 * Ops whose references have fewer digits than float64, and why: what their laws find in float64 is the reference's own
 * error. What they compute is tested by other means, in test/linalg and test/special.
 */
export const roughReferences: Readonly<Record<string, string>> = {
  svd: "goes through A'A, which costs it half of the digits",
  lgamma: "is a series whose last digits differences enlarge",
};
