// One row of the memory benchmark: steps, checkpoint ("off", "auto", "every:steps" or "bytes:number").
import { type Checkpoint, memory } from "../../src/index.js";
import { figure } from "../harness.js";
import { lifetimeWork } from "../workloads.js";

const [steps, mode] = process.argv.slice(2);
const [kind, number] = mode.split(":");
const checkpoint = (number === undefined ? kind : { [kind]: Number(number) }) as Checkpoint;
const { total } = lifetimeWork({ chemicals: 5, steps: Number(steps), checkpoint });
const begin = performance.now();
total();
console.log(
  JSON.stringify({
    bench: "memory",
    chemicals: 5,
    steps: Number(steps),
    checkpoint: mode,
    peakBytes: memory.stats().arenaPeak,
    first: figure(performance.now() - begin),
  }),
);
