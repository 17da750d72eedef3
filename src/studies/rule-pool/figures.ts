// The figures: accuracy by episode, the paths of the coefficients, and what the rules are without each motif.
import type { Result } from "../../runs/index.js";
import { type Curves, cycle, type Figure, type Hue, type Table } from "../figure.js";
import { bootstrap, signed } from "../statistics.js";
import { motifsOf, type Results, resultsOf, sizesOf } from "./claims.js";
import type { PathRow } from "./path.js";
import { type Label, labels, pools } from "./pools.js";

/** Colours of the ten motifs; those that the paper's pool ends with are set apart. */
const MOTIF_HUES: readonly Hue[] = ["base", "l1", "s5", "l2", "l3", "s1", "s2", "s3", "s4", "s6"];

/** Accuracy by episode, for as many episodes as all of these runs have. */
function accuracyCurves(results: Results): Curves {
  const shown = labels.filter((label) => resultsOf(results, label).length > 0);
  const episodes = Math.min(...results.map(({ row }) => row.accuracy.length));
  return {
    ...{ kind: "curves", quantity: "query accuracy, mean of 20 episodes", domain: [0, 1] },
    series: shown.map((label, i) => ({
      ...{ name: pools[label].name, hue: cycle[i % cycle.length] },
      curves: resultsOf(results, label).map(({ row }) => row.accuracy.slice(0, episodes)),
    })),
  };
}

/** The coefficients of a motif along the path, in thousandths: as they are, or their mean size if there are several. */
function pathOf(result: Result<PathRow>, column: number): number[] {
  const motifs = motifsOf(result).length;
  return result.row.path.map((all) => 1000 * (all.length === motifs ? all[column] : sizesOf(result, all)[column]));
}

/** The paths of a pool's coefficients. */
function pathCurves(results: Results, label: Label): Curves[] {
  const runs = resultsOf(results, label);
  if (runs.length === 0) return [];
  const points = Math.min(...runs.map(({ row }) => row.at.length));
  const motifs = motifsOf(runs[0]);
  const several = (runs[0].row.path[0]?.length ?? 0) > motifs.length;
  const series = motifs.map((motif, column) => ({
    ...{ name: `F${motif}`, hue: MOTIF_HUES[motif] },
    curves: runs.map((run) => pathOf(run, column).slice(0, points)),
  }));
  const all = series.flatMap(({ curves }) => curves.flat());
  return [
    {
      ...{ kind: "curves", window: 1, axis: "episode", at: runs[0].row.at.slice(0, points), series },
      domain: [Math.min(0, ...all), Math.max(0, ...all)],
      quantity: `${pools[label].name}: ${several ? "mean size of coefficients" : "coefficients"}, in thousandths`,
    },
  ];
}

const shown = (values: readonly number[], digits: number, sign = false): string => {
  const { mean, low, high } = bootstrap(values);
  const text = (x: number): string => (sign ? signed(x, digits) : x.toFixed(digits));
  return Number.isNaN(low) ? text(mean) : `${text(mean)} (${text(low)} to ${text(high)})`;
};

/** For each motif of each pool: its coefficients at the end, and the accuracy that the rule loses without it. */
function motifTable(results: Results): Table {
  const rows = labels.flatMap((label) => {
    const runs = resultsOf(results, label).filter(({ row }) => row.path.length > 0);
    if (runs.length === 0 || motifsOf(runs[0]).length < 2) return [];
    const { name, selects } = pools[label];
    return motifsOf(runs[0]).map((motif, column) => {
      const lost = runs.map(({ row }) => row.whole - row.without[column]);
      const sizes = runs.map((run) => 1000 * sizesOf(run)[column]);
      // Only coefficients of pools are in units in which sizes can be compared.
      return [name, `F${motif}`, selects ? shown(sizes, 3) : "", shown(lost, 3, true), String(runs.length)];
    });
  });
  return {
    kind: "table",
    columns: [
      { head: "rule", text: true },
      { head: "motif", text: true },
      { head: "size of its coefficients, thousandths (98 %)" },
      { head: "accuracy lost without it (98 %)" },
      { head: "seeds" },
    ],
    rows,
  };
}

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  if (results.length === 0) return [];
  const paths = labels.filter((label) => pools[label].selects).flatMap((label) => pathCurves(results, label));
  return [
    {
      name: "accuracy",
      title: "Accuracy",
      about: "Query accuracy before the meta-step of each episode, each of which is a new task.",
      rows: [[accuracyCurves(results)]],
    },
    ...(paths.length === 0
      ? []
      : [
          {
            name: "paths",
            title: "The paths of the coefficients",
            about:
              "Every coefficient in units of its effect: the share of their root mean square, in thousandths, by which its motif changes " +
              "a layer's weights in a step. Bands: 98 % bootstrap interval over the seeds.",
            rows: paths.map((path) => [path]),
          },
        ]),
    {
      name: "motifs",
      title: "What the rules need",
      about:
        "The coefficients at the end, and what the frozen rule loses on new tasks if a motif is taken out of it. Means over the seeds.",
      rows: [[motifTable(results)]],
    },
  ];
}
