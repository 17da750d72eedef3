// A contender in Node: module, work, number. The module's default export has the workloads by name; each prepares
// itself from the number and returns a function that does the work once. For the messages to the parent see
// ../contender.ts.
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { LEAST, timed, type Workload, type Workloads } from "../timed.js";

const [module, work, size] = process.argv.slice(2);
const works: Workloads = (await import(pathToFileURL(resolve(module)).href)).default;
let run: Workload | undefined;
let count = 1;
for await (const _ of createInterface(process.stdin)) {
  if (!run) {
    run = await works[work](Number(size));
    await timed(run, 1);
    while ((await timed(run, count)) < LEAST) count *= 2;
  }
  const ms = (await timed(run, count)) / count;
  console.log(JSON.stringify({ ms, bytes: 1024 * process.resourceUsage().maxRSS }));
}
