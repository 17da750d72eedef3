// Prints the table of ops x orders x modes with the largest relative error of each against the float64 reference:
// `npm run laws`, or for some ops only `npm run laws -- tanh softmax`. Exits with 1 if a law is broken.
import { verdictOf } from "../../src/testing/check-op.js";
import { laws } from "../../src/testing/laws.js";
import { table } from "./table.js";

const columns = [
  ["value", /^computes/],
  ["1 reverse", /^reverse:/],
  ["1 forward", /^forward:/],
  ["2 rev/rev", /second order: reverse over reverse/],
  ["2 fwd/rev", /second order: forward over reverse/],
  ["2 rev/fwd", /second order: reverse over forward/],
] as const;
const shown = columns.map(([title, pattern]) => ({ title, law: laws.find(({ name }) => pattern.test(name))! }));
const asked = process.argv.slice(2);
const width = Math.max(...table.map(({ name }) => name.length));

console.log("op".padEnd(width), ...shown.map(({ title }) => title.padStart(10)));
console.log("allowed".padEnd(width), ...shown.map(({ law }) => law.tolerance.toExponential(0).padStart(10)));
let broken = 0;
for (const op of table.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  if (op.domain.length === 0) {
    console.log(op.name.padEnd(width), "no derivative passes".padStart(10));
    continue;
  }
  const cells = shown.map(({ law }) => {
    const { error } = verdictOf(op, law);
    if (error < law.tolerance) return error.toExponential(1).padStart(10);
    broken++;
    return `!${error.toExponential(1)}`.padStart(10);
  });
  console.log(op.name.padEnd(width), ...cells);
}
if (broken > 0) {
  console.log(`${broken} of these are larger than allowed`);
  process.exitCode = 1;
}
