// Convolutions, padded to the size of the image, against TensorFlow.js on WebAssembly in the same run: forward, and the
// derivative with respect to the image. Its backend has no kernel for the derivative with respect to the filter, so
// there only ours is measured.
import { existsSync } from "node:fs";
import { nodeContender, ours, race } from "./contender.js";
import { type Bench, figure } from "./harness.js";
import convolutions from "./peers/convolutions.json" with { type: "json" };

const ROUNDS = 9;
const works = { forward: "conv2d", "to the image": "conv2d-image", "to the filter": "conv2d-filter" };

export const convolutionBench: Bench = async function* () {
  const tfjs = existsSync("bench/peers/node_modules");
  if (!tfjs) console.error("bench: tfjs is left out, since it is not installed: npm ci --prefix bench/peers");
  for (const [name, work] of Object.entries(works)) {
    for (const [index, { batch, side, channels, outputs, kernel }] of convolutions.entries()) {
      const peers =
        tfjs && work !== "conv2d-filter" ? [nodeContender("tfjs wasm", "bench/peers/tfjs.mjs", work, index)] : [];
      const best = await race([ours(work, index), ...peers], ROUNDS);
      const [mine, theirs] = [best.get("synaptape"), best.get("tfjs wasm")];
      if (!mine) continue;
      yield {
        bench: "convolution",
        derivative: name,
        batch,
        image: `${side} x ${side} x ${channels}`,
        filter: `${kernel} x ${kernel} to ${outputs}`,
        ours: figure(mine.ms),
        "tfjs wasm": theirs ? figure(theirs.ms) : "",
        ratio: theirs ? figure(theirs.ms / mine.ms) : "",
      };
    }
  }
};
