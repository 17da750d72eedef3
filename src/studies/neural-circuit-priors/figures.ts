// The figures: the swim, returns by body, period and strengths beside those of MuJoCo, and learning.
import type { Curves, Figure, Hue, Table } from "../figure.js";
import { mean } from "../statistics.js";
import { ofGradient, ofTrained, ofUntrained, type Results } from "./claims.js";
import { type PolicyName, policyNames } from "./policies.js";
import { published, returnsOfEngine } from "./reference.js";
import { ABLATIONS, LINKS, PERIODS, type UntrainedRow } from "./untrained.js";

const HUES: Readonly<Record<PolicyName, Hue>> = { constant: "s5", constrained: "s1", free: "s2", perceptron: "base" };
const WORDS: Readonly<Record<PolicyName, string>> = {
  constant: "circuit, strengths 1",
  constrained: "circuit, random, signed",
  free: "circuit, random, no signs",
  perceptron: "perceptron",
};

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const has = (name: string): boolean => results.some(({ row }) => name in row);
  return [
    ...swims(results),
    ...(has("still") ? [bodies(results)] : []),
    ...(has("curve") ? [learning(results)] : []),
    ...(has("simulated") ? [throughPhysics(results)] : []),
  ];
}

function swims(results: Results): Figure[] {
  return results.flatMap(({ row }) =>
    "frames" in row
      ? [
          {
            name: "swim",
            title: "A swim",
            about:
              "The untrained circuit on the body of six links, from a random start, at the speed of the simulation. The dotted line is the way of its nose.",
            rows: [
              [
                {
                  ...{ kind: "motion" as const, hue: "s5" as const, frames: row.frames, seconds: row.seconds },
                  label: `a swimmer of six links, ${row.seconds.toFixed(0)} seconds`,
                },
              ],
            ],
          },
        ]
      : [],
  );
}

/** What is compared besides changed strengths. */
const OTHERS: readonly (readonly [string, (row: UntrainedRow) => number])[] = [
  ["random, signed", (row) => row.first.constrained],
  ["random, no signs", (row) => row.first.free],
  ["perceptron", (row) => row.first.perceptron],
  ["random torques", (row) => row.random],
  ["no torques", (row) => row.still],
];

const meanBy = (results: Results, pick: (row: UntrainedRow) => number): string =>
  mean(ofUntrained(results, pick).map(({ value }) => value)).toFixed(1);

function bodies(results: Results): Figure {
  const others = published as Readonly<Record<string, Readonly<Record<string, number>>>>;
  const table = (what: string, starts: string, rows: string[][]): Table[] => [
    {
      kind: "table",
      columns: [what, `another program, ${starts}`, "MuJoCo, our starts", "ours"].map((head) => ({ head })),
      rows,
    },
  ];
  const line = (name: keyof typeof returnsOfEngine, key: string | number, pick: (row: UntrainedRow) => number) => [
    ...[String(key), String(others[name][key])],
    ...[mean(returnsOfEngine[name][key]).toFixed(1), meanBy(results, pick)],
  ];
  return {
    name: "untrained",
    title: "Returns without learning",
    about:
      "Mean returns of episodes; 1000 is the most. The other program drove MuJoCo from other random starts; MuJoCo's WebAssembly build was driven from ours, seeds 0 to 4.",
    rows: [
      table(
        "links",
        "five starts",
        LINKS.map((links, i) => line("links", links, (row) => row.links[i])),
      ),
      table(
        "period, steps",
        "one start",
        PERIODS.map((period, i) => line("periods", period, (row) => row.periods[i])),
      ),
      table("strengths", "three starts", [
        ...Object.keys(ABLATIONS).map((name, i) => line("ablations", name, (row) => row.ablations[i])),
        ...OTHERS.map(([name, pick]) => [name, String(others.ablations[name]), "-", meanBy(results, pick)]),
      ]),
    ],
  };
}

function learning(results: Results): Figure {
  const curvesOf = (name: PolicyName): number[][] =>
    results.flatMap(({ cell, row }) =>
      "curve" in row && (cell.config as { policy?: PolicyName }).policy === name ? [[...row.curve]] : [],
    );
  const curves: Curves = {
    ...{ kind: "curves", quantity: "return", axis: "generation", domain: [0, 1000], window: 1, width: 720 },
    series: policyNames.map((name) => ({ name: WORDS[name], hue: HUES[name], curves: curvesOf(name) })),
  };
  const average = (name: PolicyName, pick: Parameters<typeof ofTrained>[2]): string =>
    mean(ofTrained(results, name, pick).map(({ value }) => value)).toFixed(1);
  return {
    name: "learning",
    title: "Learning by an evolution strategy",
    about:
      "The mean return of the members of each generation, and of five starts before and after; on other bodies, after it.",
    rows: [
      [curves],
      [
        {
          kind: "table",
          columns: ["policy", "parameters", "before", "after", ...LINKS.map((links) => `on ${links} links`)].map(
            (head) => ({ head }),
          ),
          rows: policyNames.map((name) => [
            WORDS[name],
            String(Number(average(name, ({ parameters }) => parameters))),
            average(name, ({ before }) => before),
            average(name, (row) => row.after),
            ...LINKS.map((_, i) => average(name, ({ transfer }) => transfer?.[i] ?? Number.NaN).replace("NaN", "-")),
          ]),
        },
      ],
    ],
  };
}

function throughPhysics(results: Results): Figure {
  const values = (pick: Parameters<typeof ofGradient>[1]): number[] =>
    ofGradient(results, pick).map(({ value }) => value);
  const [simulated] = values((row) => row.simulated);
  const [generations] = values((row) => row.generations);
  return {
    name: "gradient",
    title: "Learning by the gradient through the physics",
    about: `Circuits with random strengths learn from ${simulated} simulated steps of control: by the gradient through windows of 50 steps, or in ${generations} generations of an evolution strategy with windows of the same length.`,
    rows: [
      [
        {
          ...{ kind: "points", quantity: "return", digits: 1 },
          rows: [
            { name: "before", hue: "base", values: values((row) => row.before) },
            { name: "evolution strategy", hue: "s1", values: values((row) => row.evolution) },
            { name: "gradient", hue: "s5", values: values((row) => row.gradient) },
          ],
        },
      ],
    ],
  };
}
