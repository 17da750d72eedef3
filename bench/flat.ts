// Whether the memory of a hand-written training loop stays constant: resident memory after 10, 100, ... steps, and the
// time of a step. A network is inputs-hidden-outputs-batch.
import { type Bench, rowOfChild } from "./harness.js";

export const flatBench: Bench = function* () {
  for (const frees of ["advance", "collector"]) {
    for (const mode of ["sync", "async"]) {
      yield rowOfChild("flat", "8-16-4-16", mode, 100_000, frees);
      yield rowOfChild("flat", "784-128-10-8", mode, 10_000, frees);
      yield rowOfChild("flat", "784-4096-10-8", mode, 1_000, frees);
    }
  }
};
