// Prints the table of ops x types x orders x modes, with the largest relative error of each against the reference, and
// whether vmap gives the bits of single calls: `npm run laws`, or for some ops only `npm run laws -- tanh softmax`. Exits
// with 1 if a law is broken. A mark ~ stands at ops whose references have fewer digits than float64.
import "../../src/float64/index.js";
import type { AnyOp } from "../../src/autodiff/index.js";
import { type FloatName, floatNames, scope } from "../../src/core/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { verdictOf } from "../../src/testing/check-op.js";
import { laws } from "../../src/testing/laws.js";
import { mappedOf } from "./batched.js";
import { roughReferences, table } from "./table.js";

const columns = [
  ["value", /^computes/],
  ["1 reverse", /^reverse:/],
  ["1 forward", /^forward:/],
  ["2 rev/rev", /second order: reverse over reverse/],
  ["2 fwd/rev", /second order: forward over reverse/],
  ["2 rev/fwd", /second order: reverse over forward/],
  ["3 reverse", /third order: reverse three times/],
  ["3 forward", /third order: forward twice over reverse/],
] as const;
const shown = columns.map(([title, pattern]) => ({ title, law: laws.find(({ name }) => pattern.test(name))! }));
const asked = process.argv.slice(2);
const width = Math.max(...table.map(({ name }) => name.length));

/** Whether vmap gives the bits of single calls, values and derivatives. */
const sameUnderVmap = (op: AnyOp, dtype: FloatName): boolean =>
  scope(() =>
    op.domain.every((_, index) =>
      [...mappedOf(op, index, dtype)].every(
        ({ got, wanted }) => JSON.stringify(bitsOf([got])) === JSON.stringify(bitsOf([wanted])),
      ),
    ),
  );

let broken = 0;
/** A cell: marked where the law is broken. */
const cell = (text: string, holds: boolean, rough: boolean): string => {
  if (holds) return text.padStart(10);
  if (!rough) broken++;
  return `${rough ? "~" : "!"}${text}`.padStart(10);
};

const line = (name: string, dtype: string, cells: readonly string[]): void =>
  console.log(name.padEnd(width), dtype.padEnd(7), ...cells);

line(
  "op",
  "",
  [...shown, { title: "vmap" }].map(({ title }) => title.padStart(10)),
);
for (const dtype of floatNames) {
  line("allowed", dtype, [
    ...shown.map(({ law }) => law.tolerance[dtype].toExponential(0).padStart(10)),
    "same bits".padStart(10),
  ]);
}
const worst = Object.fromEntries(floatNames.map((dtype) => [dtype, shown.map(() => 0)]));
for (const op of table.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  if (op.domain.length === 0) {
    line(op.name, "", ["no derivative passes"]);
    continue;
  }
  for (const dtype of floatNames) {
    const rough = dtype === "float64" && op.name in roughReferences;
    const cells = shown.map(({ law }, i) => {
      const { error } = verdictOf(op, law, 2, dtype);
      if (!rough) worst[dtype][i] = Math.max(worst[dtype][i], error);
      return cell(error.toExponential(1), error < law.tolerance[dtype], rough);
    });
    const same = sameUnderVmap(op, dtype);
    line(op.name, dtype, [...cells, cell(same ? "same" : "differs", same, false)]);
  }
}
for (const dtype of floatNames)
  line("worst", dtype, [...worst[dtype].map((error) => error.toExponential(1).padStart(10))]);
if (broken > 0) {
  console.log(`${broken} of these are larger than allowed, or differ`);
  process.exitCode = 1;
}
