// The figures of a card, from its data alone.
import type { Curves, Drawing, Figure, Hue, PointRow, Table } from "../figure.js";
import { signed } from "../statistics.js";
import type { Card, CardNumber, CardPart, CardScore } from "./card.js";
import { HEAT_NOTE } from "./drawings.js";

/** An accuracy with three digits, and its interval. */
const digits = (value: number | null, count = 3): string => (value === null ? "–" : value.toFixed(count));
const shown = ({ mean, low, high }: CardNumber, count = 3): string =>
  low === null ? digits(mean, count) : `${digits(mean, count)} (${digits(low, count)} to ${digits(high, count)})`;
const difference = ({ mean, low, high }: CardNumber): string => {
  const text = (value: number | null): string => (value === null ? "–" : signed(value));
  return low === null ? text(mean) : `${text(mean)} (${text(low)} to ${text(high)})`;
};

const of = ({ scores }: Card, ...topics: CardScore["topic"][]): readonly CardScore[] =>
  scores.filter(({ topic }) => topics.includes(topic));

/** The condition in words that people use. */
const CONDITIONS: Readonly<Record<string, string>> = {
  trained: "new tasks, drawn as in training",
  permuted: "same images, other outputs",
  "new images": "images that training never showed",
  "held out": "classes that training never showed",
};

/** What the numbers of a card are means of. */
export const unitsOf = ({ over, tasks, runs }: Card): string =>
  over === "seeds"
    ? `${runs.length} seeds, ${tasks} tasks of each; 98 % intervals are over the seeds`
    : `one seed, ${tasks} tasks; 98 % intervals are over the tasks`;

const points = (quantity: string, rows: readonly PointRow[], reference?: { at: number; name: string }): Drawing => ({
  ...{ kind: "points", quantity, rows, reference },
});

/** Seeds as points; with one seed its mean alone. */
const row = (name: string, hue: Hue, values: readonly number[]): PointRow => ({ name, hue, values });

/** The scores of a topic as a table. */
function scoreTable(scores: readonly CardScore[], head: string): Table {
  return {
    kind: "table",
    columns: [
      { head, text: true },
      ...["accuracy (98 %)", "initial rule", "gain (98 %)", "tasks"].map((each) => ({ head: each })),
    ],
    rows: scores.map(({ name, topic, learned, initial, gain, tasks }) => [
      topic === "tasks" ? (CONDITIONS[name] ?? name) : name,
      shown(learned),
      initial ? digits(initial.mean) : "–",
      gain ? difference(gain) : "–",
      String(tasks),
    ]),
  };
}

/** A figure of scores: points by seed, and the table. */
function scoreFigure(card: Card, topic: CardScore["topic"], title: string, head: string, about: string): Figure[] {
  const scores = of(card, topic);
  if (scores.length === 0) return [];
  const rows = scores.map(({ name, bySeed }) =>
    row(topic === "tasks" ? (CONDITIONS[name] ?? name) : name, "s5", bySeed),
  );
  const drawn = card.over === "seeds" ? [[points("accuracy", rows)]] : [];
  return [{ name: topic, title, about, rows: [...drawn, [scoreTable(scores, head)]] }];
}

/** Accuracy by the number of images: the learned and the initial rule. */
function shotsFigure(card: Card): Figure[] {
  const scores = of(card, "shots");
  if (scores.length < 2) return [];
  const curves: Curves = {
    ...{ kind: "curves", quantity: "accuracy", domain: [0, 1], window: 1 },
    at: scores.map(({ shots }) => shots),
    axis: card.config.ways === 1 ? "steps" : "images of each class",
    series: [
      { name: "learned", hue: "s5", curves: card.runs.map((_, i) => scores.map(({ bySeed }) => bySeed[i])) },
      {
        ...{ name: "initial rule", hue: "base", dashed: true },
        curves: [scores.map(({ initial }) => initial?.mean ?? Number.NaN)],
      },
    ],
  };
  return [
    {
      name: "shots",
      title: "By the number of images",
      about: "How well a network knows a task after few and after many images. Each image is shown once.",
      rows: [[curves], [scoreTable(scores, "learned from")]],
    },
  ];
}

/** What is lost without each part. */
function partsFigure(card: Card): Figure[] {
  const scores = of(card, "motifs", "chemicals");
  if (scores.length === 0) return [];
  const whole = of(card, "tasks")[0];
  const rows = scores.map(({ name, topic, bySeed }) =>
    row(`without ${name}`, topic === "motifs" ? "s5" : "s1", bySeed),
  );
  const table: Table = {
    kind: "table",
    columns: [{ head: "without", text: true }, { head: "accuracy (98 %)" }, { head: "lost (98 %)" }, { head: "tasks" }],
    rows: scores.map(({ name, learned, lost, tasks }) => [
      name,
      shown(learned),
      lost ? difference(lost) : "–",
      String(tasks),
    ]),
  };
  const reference = whole?.learned.mean == null ? undefined : { at: whole.learned.mean, name: "whole rule" };
  const drawn = card.over === "seeds" ? [[points("accuracy", rows, reference)]] : [];
  return [
    {
      name: "without",
      title: "What each part is needed for",
      about:
        "The frozen rule, with the coefficients of one motif set to 0, or with one chemical that drives nothing and is driven by nothing; the same tasks from the same initial weights.",
      rows: [...drawn, [table]],
    },
  ];
}

/** The coefficients as heat maps, and as a table with intervals. */
function partFigure(card: Card): Figure[] {
  if (card.parts.length === 0) return [];
  const heats = card.parts.filter(({ part }) => part === "P" || part === "K");
  const wheres = [...new Set(heats.map(({ where }) => where))];
  const maps = wheres.flatMap((where): Drawing[][] => [
    ...(wheres.length > 1 ? [[{ kind: "heading", text: where } as const]] : []),
    heats
      .filter((each) => each.where === where)
      .map(
        ({ part, rows, columns, seeds }): Drawing => ({
          kind: "heat",
          title: `${part}, ${where}`,
          seeds,
          rows,
          columns,
        }),
      ),
  ]);
  const cells = ({ part, where, rows, columns, numbers }: CardPart): string[][] =>
    numbers.map((value, i) => [
      `${part} ${where}`,
      [rows[Math.floor(i / columns.length)], columns[i % columns.length]].filter((name) => name !== "value").join(", "),
      value.mean === null ? "–" : value.mean.toExponential(3),
      value.low === null || value.high === null
        ? "one seed"
        : `${value.low.toExponential(2)} to ${value.high.toExponential(2)}`,
    ]);
  const columns = [
    { head: "part", text: true },
    { head: "number", text: true },
    { head: "mean" },
    { head: "98 % interval" },
  ];
  return [
    {
      name: "coefficients",
      title: "The rule",
      about: card.over === "seeds" ? HEAT_NOTE : "Thousandths. There is one seed, so there is no interval.",
      rows: [...maps, [{ kind: "table", columns, rows: card.parts.flatMap(cells) }]],
    },
  ];
}

/** Both parts of a continual task, while the second is learned. */
function retentionFigure(card: Card): Figure[] {
  const known = card.retention.filter(({ curves }) => curves.length > 0);
  if (known.length === 0) return [];
  const [{ curves }] = known;
  const series = known.map(({ rule, part, curves }) => ({
    name: rule === "learned" ? `${part} classes` : `${part}, initial rule`,
    hue: (part === "first" ? "s5" : "s1") as Hue,
    dashed: rule === "initial",
    curves: curves.map((curve) => curve.map((value) => value ?? Number.NaN)),
  }));
  const { ways } = card.config;
  return [
    {
      name: "retention",
      title: "What is kept",
      about: `${ways} classes are learned, then ${ways} others; accuracy on both, with all output units to choose from.`,
      rows: [
        [
          {
            ...{
              kind: "curves",
              quantity: "accuracy",
              domain: [0, 1],
              window: 1,
              axis: "% of the second part",
              series,
            },
            at: curves[0].map((_, i, all) => (100 * i) / (all.length - 1)),
          },
        ],
      ],
    },
  ];
}

/** What was measured in networks, and the time constants. */
function insideFigure({ inside, timeConstants }: Card): Figure[] {
  if (inside.length === 0) return [];
  const columns = [{ head: "measure", text: true }, { head: "where", text: true }, { head: "value (98 %)" }];
  const rows = inside.flatMap(({ measure, numbers }) => numbers.map(({ at, value }) => [measure, at, shown(value, 2)]));
  const about =
    "Measured at the end of lifetimes on new tasks. Angle of the error: between what is sent back and what backpropagation would send; below 90° it is useful. Angle of the feedback: between feedback weights and weights. Saturated: |tanh| beyond tanh 1 in the last step. E₁: squared distance between a layer's input and its reconstruction from the output.";
  const points = timeConstants.map((at) => ({ at, open: false }));
  const times: Drawing[][] =
    points.length > 0
      ? [[{ kind: "log-points", quantity: "time constants, steps", rows: [{ name: "fixed", points }] }]]
      : [];
  return [
    { name: "inside", title: "Inside the networks", about, rows: [[{ kind: "table", columns, rows }], ...times] },
  ];
}

/** Accuracy while it was trained. */
function trainingFigure(card: Card): Figure[] {
  const { runs, training } = card;
  const least = Math.min(...runs.map(({ accuracy }) => accuracy.length));
  if (least === 0) return [];
  const curves = runs.map(({ accuracy }) => accuracy.slice(0, least));
  const rows = [
    ["first 50 episodes", shown(training.first)],
    ["last 50 episodes", shown(training.last)],
    ["episodes", [...new Set(runs.map(({ episodes }) => episodes))].join(", ")],
    ["seconds for a seed", [...new Set(runs.map(({ seconds }) => seconds))].join(", ")],
    ["episodes in which the guard acted, by seed", runs.map(({ guarded }) => guarded).join(", ")],
  ];
  return [
    {
      name: "training",
      title: "How it was trained",
      about:
        "Accuracy of each episode's queries: moving average over 20 episodes, mean and 98 % interval over the seeds.",
      rows: [
        [
          {
            ...{ kind: "curves", quantity: "query accuracy, mean of 20 episodes", domain: [0, 1] },
            series: [{ name: card.name, hue: "s5", curves }],
          },
        ],
        [{ kind: "table", columns: [{ head: "what", text: true }, { head: "value" }], rows }],
        [
          {
            kind: "table",
            columns: [
              { head: "setting", text: true },
              { head: "value", text: true },
            ],
            rows: settings(card.config),
          },
        ],
      ],
    },
  ];
}

/** Every setting by its path. */
function settings(value: object, path = ""): string[][] {
  return Object.entries(value).flatMap(([name, each]) => {
    const here = path === "" ? name : `${path}.${name}`;
    return typeof each === "object" && each !== null && !Array.isArray(each)
      ? settings(each, here)
      : [[here, typeof each === "string" ? each || "–" : JSON.stringify(each)]];
  });
}

/** What identifies the rule, and what was left out. */
function hashFigure({ runs, hashes, version, numerics, left }: Card): Figure {
  const rows = [
    ...runs.map(({ seed, ruleHash }) => [`rule of seed ${seed}`, ruleHash]),
    ["settings", hashes.settings],
    ["images", hashes.images],
    ["version", `${version}, numerics ${numerics}`],
  ];
  const columns = [
    { head: "what", text: true },
    { head: "SHA-256", text: true },
  ];
  const missing: Drawing[][] =
    left.length === 0
      ? []
      : [
          [{ kind: "heading", text: "Not tried" }],
          ...left.map(({ name, why }): Drawing[] => [{ kind: "note", text: `${name}: ${why}` }]),
        ];
  const about = "The same hashes mean the same rule, settings and images, bit for bit.";
  return { name: "hashes", title: "Hashes", about, rows: [[{ kind: "table", columns, rows }], ...missing] };
}

/** The figures of a card, in the order of its page. */
export const cardFigures = (card: Card): Figure[] => [
  ...scoreFigure(
    card,
    "tasks",
    "On new tasks",
    "tasks",
    "Both rules learn the same tasks from the same initial weights.",
  ),
  ...partFigure(card),
  ...partsFigure(card),
  ...shotsFigure(card),
  ...scoreFigure(
    card,
    "ways",
    "By the number of classes",
    "classes of a task",
    "Accuracy falls with more classes; guessing is right once in so many times.",
  ),
  ...scoreFigure(
    card,
    "data",
    "On other images",
    "images",
    "A new network is fitted to the images; the rule is the same.",
  ),
  ...scoreFigure(
    card,
    "networks",
    "In other networks",
    "hidden layers",
    "Narrower, wider, shallower and deeper networks than that of training.",
  ),
  ...retentionFigure(card),
  ...insideFigure(card),
  ...trainingFigure(card),
  hashFigure(card),
];
