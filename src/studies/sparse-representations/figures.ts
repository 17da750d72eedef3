// The figures: why sparse patterns can be told apart, and what this requires.
import type { Curves, Figure, Hue, Series, Table } from "../figure.js";
import { exactOf, type Results, simulatedOf } from "./claims.js";
import { sourceErrors, wordsOf } from "./errors.js";
import {
  ACTIVE,
  CELLS,
  type Compared,
  type ExactRow,
  offBy,
  PATTERNS,
  SEGMENT,
  SILENCED,
  UNION_CELLS,
} from "./exact.js";
import { SILENT } from "./simulated.js";

const HUES: readonly Hue[] = ["s5", "s1", "s2"];
const LOG = "chance, log10";

/** Lines of one curve each. */
const lines = (curves: readonly (readonly number[])[], names: readonly string[]): Series[] =>
  curves.map((curve, i) => ({ name: names[i], hue: HUES[i], curves: [curve] }));

/** What all curves of exact chances share: they are not averaged. */
const plain = { kind: "curves", window: 1 } as const;

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const row = exactOf(results);
  if (!row) return [];
  return [...exactFigures(row), silence(row, results), ...tables(row)];
}

function exactFigures(row: ExactRow): Figure[] {
  const wide = { width: 720 } as const;
  return [
    {
      name: "cells",
      title: "Sparse patterns are not confused",
      about: `The chance that a segment of ${SEGMENT.synapses} synapses, ${SEGMENT.threshold} of which make it fire, fires on a random pattern, by the number of cells and of active cells.`,
      rows: [
        [
          {
            ...{ ...plain, ...wide, quantity: LOG, axis: "cells", domain: [-22, 0], at: CELLS },
            series: lines(
              row.byCells,
              ACTIVE.map((active) => `${active} active`),
            ),
          },
        ],
      ],
    },
    {
      name: "thresholds",
      title: "Thresholds of about ten",
      about:
        "Left: the median chance of a false match over 420 cortical sizes, which is below 1e-9 from a threshold of 10. Right: the chance that a segment of 24 synapses misses the pattern of 64 cells that it has learned when a part of it is silent. Thresholds of 8 to 12 leave both small.",
      rows: [
        [
          {
            ...{ ...plain, quantity: LOG, axis: "threshold", domain: [-30, 0], rule: { at: -9, name: "1e-9" } },
            series: lines([row.medianByThreshold], ["median"]),
          },
          {
            ...{ ...plain, quantity: "chance to miss", axis: "threshold", domain: [0, 1] },
            series: lines(
              row.missedByThreshold,
              SILENCED.map((silenced) => `${Math.round((100 * silenced) / SEGMENT.active)} % silent`),
            ),
          },
        ],
      ],
    },
    {
      name: "unions",
      title: "Several patterns on one segment",
      about:
        "The chance that a segment with 25 synapses for each pattern fires on a random one, at a threshold of 15 and 200 active cells. More patterns need more cells.",
      rows: [
        [
          {
            ...{ ...plain, ...wide, quantity: LOG, axis: "patterns", domain: [-20, 0], at: PATTERNS },
            series: lines(
              row.byPatterns,
              UNION_CELLS.map((cells) => `${cells} cells`),
            ),
          },
        ],
      ],
    },
  ];
}

/** The exact chances and the results of simulated segments, seed by seed. */
function silence(row: ExactRow, results: Results): Figure {
  const seeds = simulatedOf(results).map(({ found }) => found.map(({ times, of }) => times / of));
  const simulated: Series[] = seeds.length > 0 ? [{ name: "simulated segments", hue: "s1", curves: seeds }] : [];
  const drawn: Curves = {
    ...{ ...plain, width: 720, quantity: "found", axis: "silent cells of 64", domain: [0, 1.02], at: SILENT },
    series: [
      ...simulated,
      { name: "exact", hue: "base", dashed: true, curves: [SILENT.map((silent) => row.foundBySilenced[silent])] },
    ],
  };
  return {
    name: "silence",
    title: "A learned pattern is found even if a third of it is silent",
    about: `How often a segment with ${SEGMENT.synapses} synapses on the ${SEGMENT.active} cells of its pattern fires (threshold ${SEGMENT.threshold}) when some of these cells are silent.`,
    rows: [[drawn]],
  };
}

const digits = (value: number): string => (value === 0 ? "0" : value.toPrecision(10));

function tables({ chances, medians, errors }: ExactRow): Figure[] {
  const compared = (numbers: readonly Compared[]): Table => ({
    kind: "table",
    columns: ["segment", "computed elsewhere", "ours", "error, as a multiple of the allowed one"].map((head) => ({
      head,
    })),
    rows: numbers.map((each) => [each.name, String(each.given), digits(each.ours), offBy(each).toFixed(3)]),
  });
  return [
    {
      name: "numbers",
      title: "Numbers",
      about: "Every chance that was computed elsewhere, with the one computed here.",
      rows: [[compared(chances)], [{ kind: "heading", text: "Medians over cortical sizes" }], [compared(medians)]],
    },
    {
      name: "errors",
      title: "Errors of the source",
      about:
        "Numbers that the authors' notebook and scripts print under the wrong label. Their README also gives a sparsity of 0.5 % to 0.3 % where 3 % is meant.",
      rows: [
        [
          {
            kind: "table",
            columns: [{ head: "label" }, { head: "printed" }, { head: "exact" }, { head: "where", text: true }],
            rows: sourceErrors.map(({ match, printed, where }, i) => [
              ...[wordsOf(match), String(printed), digits(errors[i]), where],
            ]),
          },
        ],
      ],
    },
  ];
}
