// The tables of docs/scale.md, from measured figures alone.
import { Key } from "../../src/index.js";
import { figure } from "../harness.js";
import type { Measured } from "./measured.js";
import { type Outcome, type Policy, simulate, typicalSeconds, type World } from "./simulate.js";

/** A table: names of columns, and rows. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The volunteers of all simulations. What is not measured is assumed, and the page says so. */
export function worldOf({ pageMs }: Measured): World {
  return {
    volunteers: 2000,
    machines: [
      [0.3, 1],
      [0.4, 2],
      [0.25, 5],
      [0.05, 20],
    ],
    episodeSeconds: pageMs.map((ms) => ms / 1000),
    travelSeconds: 0.2,
    ...{ leaves: 0.02, liars: 0, lies: 0 },
  };
}

const SIZE = { steps: 100, batch: 256 };
/** As many episodes of fewer volunteers, so that each gives many results. */
const TRUSTED = { volunteers: 300, size: { steps: 200, batch: 128 } };
const TRUSTING: Policy = { check: 0, probation: 0, twice: false, patience: 3 };

const percent = (share: number): string => `${figure(100 * share)} %`;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
const quantile = (numbers: readonly number[], share: number): number =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(share * numbers.length))];

const spread = (times: readonly number[]): string =>
  `${figure(quantile(times, 0.5))} ms (${Math.min(...times)} to ${Math.max(...times)})`;

/** What was measured. */
export function measuredTable(measured: Measured): Table {
  const { episodeMs, pageMs, ruleBytes, gradientBytes, hashMicros, cellBytes, rowBytes, runEpisodes } = measured;
  return {
    columns: ["what", "measured"],
    rows: [
      ["an episode of the default network with its meta-gradient, in Node", spread(episodeMs)],
      ["the same in a page of Chromium, with the same bits", spread(pageMs)],
      ["the rule that an episode gets", `${ruleBytes} bytes`],
      ["the gradient that it gives back", `${gradientBytes} bytes`],
      ["SHA-256 of the gradient", `${hashMicros} µs`],
      [`a whole run of ${runEpisodes} episodes as a cell`, `${cellBytes} bytes`],
      ["its row", `${rowBytes} bytes`],
      ["Redis's processor for a job of BullMQ that carries an episode", `${measured.jobMicros} µs`],
      ["the same for an empty job", `${measured.emptyJobMicros} µs`],
      ["jobs a second, with both sides in one process", `${Math.round(measured.jobsPerSecond)}`],
    ],
  };
}

/** Seconds of an episode on the mean machine of a volunteer, with the way there and back. */
function meanSeconds({ machines, episodeSeconds, travelSeconds }: World): number {
  const slower = machines.reduce((sum, [share, factor]) => sum + share * factor, 0);
  return mean(episodeSeconds) * slower + travelSeconds;
}

/** Half of what one Redis could do at most: beyond it, waiting grows quickly. */
const LOAD = 0.5;

/** How many jobs a second one Redis takes. */
export const capacity = ({ jobMicros }: Measured): number => (LOAD * 1e6) / jobMicros;

/** How many jobs a second so many volunteers ask for, if a job has so many episodes. */
export function demand(world: World, volunteers: number, episodes: number): number {
  const { travelSeconds } = world;
  return volunteers / (episodes * (meanSeconds(world) - travelSeconds) + travelSeconds);
}

/** What volunteers ask of Redis. */
export function serverTable(measured: Measured): Table {
  const world = worldOf(measured);
  const { ruleBytes, gradientBytes, cellBytes, rowBytes, runEpisodes } = measured;
  const rows = [10_000, 1_000_000].flatMap((volunteers) => {
    const row = (what: string, episodes: number, bytes: number): (string | number)[] => {
      const jobs = demand(world, volunteers, episodes);
      const servers = Math.max(1, Math.ceil(jobs / capacity(measured)));
      return [
        volunteers.toLocaleString("en"),
        what,
        figure(volunteers / jobs),
        figure(jobs),
        servers,
        figure((jobs * bytes) / 1e6),
      ];
    };
    let enough = 1;
    while (demand(world, volunteers, enough) > capacity(measured)) enough++;
    const both = ruleBytes + gradientBytes;
    return [
      row("an episode", 1, both),
      row(`${enough} episodes`, enough, ruleBytes + enough * gradientBytes),
      row(`a run of ${runEpisodes} episodes`, runEpisodes, cellBytes + rowBytes),
    ];
  });
  return { columns: ["volunteers", "a job is", "seconds a job", "jobs a second", "servers", "MB a second"], rows };
}

/** Meta-steps with late copies after different times. */
export function lateTable(measured: Measured): Table {
  const world = worldOf(measured);
  const rows = [20, 8, 5, 3, 2, 1.5].map((patience) => {
    const outcome = simulate(Key.of(1), world, { ...TRUSTING, patience }, SIZE);
    const { stepSeconds, given, counted } = outcome;
    const times = [0.5, 0.95].map((share) => figure(quantile(stepSeconds, share)));
    return [patience, figure(patience * typicalSeconds(world)), ...times, figure(given / counted)];
  });
  return { columns: ["patience", "seconds", "step, median s", "step, 95 % s", "jobs an episode"], rows };
}

/** Ways to trust, against volunteers of whom some lie. */
export function trustTable(measured: Measured): Table {
  const world: World = { ...worldOf(measured), volunteers: TRUSTED.volunteers, liars: 0.05, lies: 0.5 };
  const ways: readonly (readonly [string, Partial<Policy>])[] = [
    ["all results are taken", {}],
    ["2 % are checked", { check: 0.02 }],
    ["10 % are checked", { check: 0.1 }],
    ["10 %, and the first 20 of everyone", { check: 0.1, probation: 20 }],
    ["two equal results", { twice: true }],
    ["all are checked", { check: 1 }],
  ];
  const rows = ways.map(([name, way]) => {
    const outcome = simulate(Key.of(2), world, { ...TRUSTING, ...way }, TRUSTED.size);
    const { wrong, counted, checked, given, liars, found, accused, stepSeconds } = outcome;
    const step = figure(quantile(stepSeconds, 0.5));
    return [
      name,
      percent(wrong / counted),
      percent(checked / counted),
      figure(given / counted),
      `${found} of ${liars}`,
      accused,
      step,
    ];
  });
  return {
    columns: [
      "way",
      "wrong results",
      "server's work",
      "jobs an episode",
      "liars found",
      "honest accused",
      "step, median s",
    ],
    rows,
  };
}

/** The shares at which results are checked in the figure. */
const CHECKS = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9];

/** For a share of checks: the wrong results that a liar gets counted before he is found, simulated and by the formula. */
export function lieCurve(
  measured: Measured,
): { readonly check: number; readonly simulated: number; readonly formula: number }[] {
  // Many liars and few volunteers, so that each of them is found.
  const world: World = { ...worldOf(measured), volunteers: 240, liars: 0.5, lies: 0.5 };
  return CHECKS.map((check) => {
    const outcome: Outcome = simulate(Key.of(3), world, { ...TRUSTING, check }, { steps: 200, batch: 128 });
    return { check, simulated: mean(outcome.wrongBefore), formula: (1 - check) / check };
  });
}

/** A table in Markdown. */
export function markdown({ columns, rows }: Table): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  const numeric = columns.map((_, i) => rows.every((row) => typeof row[i] === "number"));
  return [line(columns), line(numeric.map((is) => (is ? "---:" : "---"))), ...rows.map(line)].join("\n");
}
