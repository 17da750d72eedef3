// The laws of cost: time and memory of lifetimes with their meta-gradients against steps, synapses, chemicals and episodes, and
// of ops, each with the others fixed. Straight lines are fitted to them and drawn in bench/scaling.svg and
// bench/scaling-memory.svg.
import { writeFileSync } from "node:fs";
import { fitLine } from "./fit.js";
import { type Bench, figure, type Row, rowOfChild } from "./harness.js";
import { plotLines } from "./plot.js";

/** What is counted, and how many; synapses by the width of the four hidden layers. */
const axes: Readonly<Record<string, readonly number[]>> = {
  steps: [10, 25, 50, 100, 150, 200],
  synapses: [25, 50, 100, 150, 200, 250],
  chemicals: [1, 2, 3, 4, 5, 6, 7, 8],
  episodes: [1, 2, 3, 4, 6],
  ops: [10, 30, 100, 300, 1000],
  "ops, compiled": [10, 30, 100, 300, 1000],
};

/** What is measured: the column of a row, and its unit in small. */
const costs = [
  { column: "ms", small: "µs", file: "bench/scaling.svg", title: "ms, with gradient" },
  { column: "kB", small: "bytes", file: "bench/scaling-memory.svg", title: "kB of tensors" },
] as const;

export const scalingBench: Bench = function* () {
  const rows: Row[] = [];
  for (const [axis, counts] of Object.entries(axes)) {
    for (const count of counts) {
      rows.push(rowOfChild("scaling", axis, count));
      yield rows[rows.length - 1];
    }
  }
  for (const { column, small, file, title } of costs) {
    const lines = Object.keys(axes).map((axis) => ({
      label: axis,
      points: rows.filter((row) => row.axis === axis).map((row) => [Number(row.count), Number(row[column])] as const),
    }));
    writeFileSync(file, plotLines(lines, title));
    for (const { label, points } of lines) {
      const { atNone, each, off } = fitLine(points);
      const law = { [`${column} with none`]: figure(atNone), [`${small} each`]: figure(1000 * each) };
      yield { bench: "scaling", law: `${column} by ${label}`, ...law, "off by at most": `${Math.ceil(100 * off)} %` };
    }
  }
};
