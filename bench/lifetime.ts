// A lifetime at full size with its meta-gradient; each row in its own process, so that its peak of memory is measured
// separately.
import { type Bench, rowOfChild } from "./harness.js";

export const lifetimeBench: Bench = function* () {
  for (const steps of [50, 250]) {
    for (const chemicals of [1, 2, 5]) yield rowOfChild("lifetime", chemicals, steps);
  }
};
