// The figures: estimates against the truth, coverage by setting, and the table of all rules and settings.
import type { Figure, Points, Table } from "../figure.js";
import { mean } from "../statistics.js";
import { coverageOf, covered, isTold, type Method, type Results, recoveries, twoChoiceCoverageOf } from "./claims.js";
import { type RuleName, ruleNames, rules, type SettingName, settingNames } from "./rules.js";

/** The settings of which there are results, in their order. */
const settingsOf = (results: Results): SettingName[] =>
  settingNames.filter((name) => recoveries(results, (config) => config.name === name).length > 0);

/** What was found of one rule in one setting, by data set. */
const cellsOf = (results: Results, rule: RuleName, name: SettingName) =>
  recoveries(results, (config) => config.rule === rule && config.name === name).sort((a, b) => a.seed - b.seed);

/** Estimates of the coefficients of a rule, each relative to the truth, by setting. */
function estimates(results: Results, rule: RuleName): Points {
  return {
    ...{ kind: "points", quantity: `${rule}: estimate / truth`, reference: { at: 1, name: "truth" }, digits: 2 },
    rows: settingsOf(results).flatMap((name) => {
      const found = cellsOf(results, rule, name);
      return rules[rule].terms.map((term, k) => ({
        ...({ name: `${term.name}, ${name}`, hue: name.startsWith("choices") ? "s3" : "s1" } as const),
        values: found.map(({ row }) => row.estimates[k] / row.truth[k]),
      }));
    }),
  };
}

/** How many intervals hold the truth, by setting and by rule. */
function coverages(results: Results): Points[] {
  const chart = (quantity: string, rows: Points["rows"]): Points => ({
    ...{ kind: "points", quantity, rows: rows.filter(({ values }) => values.length > 0) },
    reference: { at: 0.9, name: "0.9" },
  });
  const values = (method: Method, keep: Parameters<typeof coverageOf>[2]): number[] =>
    coverageOf(results, method, keep).map(({ value }) => value);
  return [
    chart(
      "coverage by setting",
      settingsOf(results).map((name) => ({
        ...{ name, hue: "s1" },
        values: values("intervals", (config) => config.name === name),
      })),
    ),
    chart("coverage by rule and method", [
      ...ruleNames.map((rule) => ({
        ...({ name: rule, hue: "s5" } as const),
        values: values("intervals", (config) => config.rule === rule),
      })),
      { name: "bootstrap, recordings", hue: "s2", values: values("recordings", undefined) },
      { name: "bootstrap, model", hue: "s2", values: values("model", undefined) },
      ...(["intervals", "recordings"] as const).map((method) => ({
        name: method === "intervals" ? "two choices" : "two choices, bootstrap of flies",
        hue: method === "intervals" ? ("s3" as const) : ("s2" as const),
        values: twoChoiceCoverageOf(results, method).map(({ value }) => value),
      })),
    ]),
  ];
}

/** The table of recovery: every coefficient in every setting. */
function recovery(results: Results): Table {
  const rows = ruleNames.flatMap((rule) =>
    settingsOf(results).flatMap((name) => {
      const found = cellsOf(results, rule, name);
      if (found.length === 0) return [];
      const of = (count: number): string => `${count} of ${found.length}`;
      const told = of(found.filter(isTold).length);
      return rules[rule].terms.map((term, k) => {
        const [low, high] = [0, 1].map((end) => mean(found.map(({ row }) => row.intervals[k][end])).toFixed(4));
        const held = found.filter(({ row }) => covered(row, row.intervals)[k]).length;
        return [
          ...[rule, name, term.name, found[0].row.truth[k].toFixed(4)],
          mean(found.map(({ row }) => row.estimates[k])).toFixed(4),
          ...[`${low} to ${high}`, of(held), k === 0 ? told : ""],
        ];
      });
    }),
  );
  const columns = [
    ...[{ head: "rule" }, { head: "recorded", text: true }, { head: "term", text: true }],
    ...[{ head: "truth" }, { head: "mean estimate" }, { head: "mean interval (90 %)" }],
    ...[{ head: "covered, data sets" }, { head: "told from other classes" }],
  ];
  return { kind: "table", columns, rows };
}

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  if (recoveries(results).length === 0) return [];
  return [
    {
      name: "estimates",
      title: "Estimates",
      about:
        "The estimate of each coefficient divided by the truth: every data set as a point, and their mean with its interval.",
      rows: ruleNames.map((rule) => [estimates(results, rule)]),
    },
    {
      name: "coverage",
      title: "Coverage",
      about:
        "The share of 90 % intervals that hold the true coefficient. A point is a data set; an interval is that of the mean over " +
        "data sets, of 98 %.",
      rows: coverages(results).map((chart) => [chart]),
    },
    {
      name: "recovery",
      title: "Recovery",
      about:
        "Each coefficient in each setting: the truth, the means of estimates and of the ends of intervals over data sets, how many " +
        "intervals hold the truth, and in how many data sets other recordings are more likely under the rule's own class than under " +
        "those of the other three rules.",
      rows: [[recovery(results)]],
    },
  ];
}
