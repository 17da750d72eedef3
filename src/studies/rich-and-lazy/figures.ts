// The figures: alignments by rank, and aligned weights as the exception.
import type { Drawing, Figure, Hue, Points, Table } from "../figure.js";
import { mean } from "../statistics.js";
import { ofRank, ofStart, type Results } from "./claims.js";
import { type LinearRow, startNames } from "./linear.js";
import type { RecurrentConfig, RecurrentRow } from "./recurrent.js";

const HUES: readonly Hue[] = ["s1", "s2", "s3", "s4", "s5", "s6"];

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const ranks = [
    ...new Set(
      results.flatMap(({ cell, row }) => ("representation" in row ? [(cell.config as RecurrentConfig).rank] : [])),
    ),
  ].sort((a, b) => a - b);
  const linear = results.some(({ row }) => "moved" in row);
  return [...(ranks.length > 0 ? [byRank(results, ranks)] : []), ...(linear ? [exception(results)] : [])];
}

function byRank(results: Results, ranks: readonly number[]): Figure {
  const points = (quantity: string, pick: (row: RecurrentRow) => number): Points => ({
    ...{ kind: "points", quantity },
    rows: ranks.map((rank, i) => ({
      ...{ name: `rank ${rank}`, hue: HUES[i % HUES.length] },
      values: ofRank(results, rank, pick).map(({ value }) => value),
    })),
  });
  const columns: [head: string, pick: (row: RecurrentRow) => number][] = [
    ["effective rank", ({ effective }) => effective],
    ["weights moved", ({ change }) => change],
    ["alignment of representations", ({ representation }) => representation],
    ["alignment of kernels", ({ kernel }) => kernel],
    ["units that kept their state", ({ signs }) => signs],
    ["loss", ({ loss }) => loss],
    ["accuracy", ({ accuracy }) => accuracy],
  ];
  const table: Table = {
    kind: "table",
    columns: [{ head: "rank" }, ...columns.map(([head]) => ({ head }))],
    rows: ranks.map((rank) => [
      String(rank),
      ...columns.map(([, pick]) => mean(ofRank(results, rank, pick).map(({ value }) => value)).toFixed(3)),
    ]),
  };
  const drawings: Drawing[] = [
    points("alignment of representations", ({ representation }) => representation),
    points("alignment of tangent kernels", ({ kernel }) => kernel),
  ];
  return {
    name: "ranks",
    title: "Rank and the regime of learning",
    about:
      "Recurrent networks that learned to choose between two alternatives, from first weights of the same norm and different ranks. At an alignment of 1, learning changed only the size of a kernel: it was lazy.",
    rows: [drawings, [table]],
  };
}

function exception(results: Results): Figure {
  const columns: [head: string, pick: (row: LinearRow) => number, digits: number][] = [
    ["first layer moved", ({ moved }) => moved, 3],
    ["alignment of kernels", ({ kernel }) => kernel, 4],
    ["steps", ({ steps }) => steps, 0],
  ];
  const table: Table = {
    kind: "table",
    columns: [{ head: "first weights" }, ...columns.map(([head]) => ({ head }))],
    rows: startNames.map((start) => [
      start,
      ...columns.map(([, pick, digits]) =>
        mean(ofStart(results, start, pick).map(({ value }) => value)).toFixed(digits),
      ),
    ]),
  };
  return {
    name: "exception",
    title: "A single direction is enough if it is the right one",
    about:
      "Linear networks of two layers that learned one direction, from first weights of the same norm: full, of rank one along a random direction, and of rank one along the direction to learn.",
    rows: [[table]],
  };
}
