// The benchmarks by name, in the order in which they run.
import { alignmentBench } from "./alignment.js";
import { bioBench } from "./bio.js";
import { browsersBench } from "./browsers.js";
import { compileBench } from "./compile.js";
import { controlBench } from "./control.js";
import { convolutionBench } from "./convolution.js";
import { creditBench } from "./credit.js";
import { flatBench } from "./flat.js";
import { float64Bench } from "./float64.js";
import { formsBench } from "./forms.js";
import { gpuBench } from "./gpu.js";
import type { Bench } from "./harness.js";
import { jaxBench } from "./jax.js";
import { lifetimeBench } from "./lifetime.js";
import { limitBench } from "./limit.js";
import { matmulBench } from "./matmul.js";
import { memoryBench } from "./memory.js";
import { mnistBench } from "./mnist.js";
import { opsBench } from "./ops.js";
import { peersBench } from "./peers.js";
import { playgroundBench } from "./playground.js";
import { scaleBench } from "./scale.js";
import { scalingBench } from "./scaling.js";
import { sizesBench } from "./sizes.js";
import { smallLoopBench } from "./small-loop.js";
import { spikingBench } from "./spiking.js";
import { startupBench } from "./startup.js";
import { sweepBench } from "./sweep.js";
import { swimmerBench } from "./swimmer.js";
import { vmapBench } from "./vmap.js";
import { workersBench } from "./workers.js";

export const benches: Readonly<Record<string, Bench>> = {
  lifetime: lifetimeBench,
  forms: formsBench,
  memory: memoryBench,
  flat: flatBench,
  scaling: scalingBench,
  workers: workersBench,
  sweep: sweepBench,
  matmul: matmulBench,
  float64: float64Bench,
  convolution: convolutionBench,
  mnist: mnistBench,
  "small-loop": smallLoopBench,
  compile: compileBench,
  vmap: vmapBench,
  sizes: sizesBench,
  alignment: alignmentBench,
  bio: bioBench,
  credit: creditBench,
  control: controlBench,
  swimmer: swimmerBench,
  spiking: spikingBench,
  ops: opsBench,
  gpu: gpuBench,
  scale: scaleBench,
  startup: startupBench,
  playground: playgroundBench,
  limit: limitBench,
  peers: peersBench,
  jax: jaxBench,
  browsers: browsersBench,
};
