// The memory of a tape: peak bytes of one lifetime of five chemicals with its meta-gradient, for each way to
// checkpoint.
import { type Bench, rowOfChild } from "./harness.js";

export const memoryBench: Bench = function* () {
  for (const steps of [50, 100, 250]) {
    for (const mode of ["off", "auto", "every:7", "every:16", "bytes:64e6"]) yield rowOfChild("memory", steps, mode);
  }
};
