// TensorFlow.js in a page, on its WebAssembly backend with threads. The library's own scripts are on the page, since bundlers
// break the file that its threads load.
import convolutions from "../peers/convolutions.json" with { type: "json" };
import { worksOf } from "../peers/tfjs-works.mjs";
import { publish } from "./side.ts";

const { tf } = globalThis;
tf.wasm.setWasmPaths("/peers/@tensorflow/tfjs-backend-wasm/dist/");
tf.wasm.setThreadsCount(navigator.hardwareConcurrency);
await tf.setBackend("wasm");
await tf.ready();
publish(worksOf(tf, convolutions), { threads: tf.wasm.getThreadsCount() });
