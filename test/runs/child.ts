// A process that takes the lock of a folder, says so, and keeps it until it is killed: `node child.mjs FOLDER [THREADS]`,
// with so many threads that compute beside it.
import { Worker } from "node:worker_threads";
import { lockFolder } from "../../src/runs/node.js";

try {
  const threads = Number(process.argv[3] ?? 0);
  for (let i = 0; i < threads; i++) new Worker("new Float64Array(1 << 22).fill(1); for (;;);", { eval: true });
  await lockFolder(process.argv[2]);
  console.log("held");
  setInterval(() => {}, 1000);
} catch (error) {
  console.log((error as Error).message);
}
