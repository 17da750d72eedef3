// The cost of a lifetime with its meta-gradient as it grows along one axis, with the others fixed: steps, chemicals,
// synapses (by the width of the four hidden layers). The costs are drawn in bench/scaling.svg with straight lines
// through them.
import { writeFileSync } from "node:fs";
import { type Bench, type Row, rowOfChild } from "./harness.js";
import { plotLines } from "./plot.js";

type Point = readonly [chemicals: number, steps: number, width: number];

const CHEMICALS = 2;
const STEPS = 50;
const WIDTH = 100;

const axes: Readonly<Record<string, readonly Point[]>> = {
  steps: [10, 25, 50, 100, 150, 200].map((steps) => [CHEMICALS, steps, WIDTH]),
  synapses: [25, 50, 100, 150, 200, 250].map((width) => [CHEMICALS, STEPS, width]),
  chemicals: [1, 2, 3, 4, 5, 6, 7, 8].map((chemicals) => [chemicals, STEPS, WIDTH]),
};

export const scalingBench: Bench = function* () {
  const rows: Row[] = [];
  for (const [axis, points] of Object.entries(axes)) {
    for (const point of points) {
      const row = { ...rowOfChild("scaling", ...point), axis };
      rows.push(row);
      yield row;
    }
  }
  const lines = Object.keys(axes).map((axis) => ({
    label: axis,
    points: rows.filter((row) => row.axis === axis).map((row) => [Number(row[axis]), Number(row.total)] as const),
  }));
  writeFileSync("bench/scaling.svg", plotLines(lines, "ms a lifetime, with meta-gradient"));
};
