// The workloads in TensorFlow.js on its WebAssembly backend.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { worksOf } from "./tfjs-works.mjs";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist/"));
await tf.setBackend("wasm");
await tf.ready();

export default worksOf(tf, require("./convolutions.json"));
