// The figures: a wave, its spikes, membranes of single cells, how often they spike, and what can be read from a grid.
import type { Curves, Figure, Hue, PointRow } from "../figure.js";
import { accuracyOf, type Results, singleOf, wavesOf } from "./claims.js";
import { type Arm, arms } from "./reading.js";
import { CURRENTS, type SingleRow, TYPES } from "./single.js";
import { DRAWN, SIDE, STEPS, type WavesRow } from "./waves.js";

/** All figures for which there are results. */
export function figuresOf(results: Results): Figure[] {
  const [single, waves] = [singleOf(results), wavesOf(results)];
  const rows = arms.map((arm) => pointsOf(results, arm)).filter(({ values }) => values.length > 0);
  return [
    ...(waves ? [wave(waves), raster(waves)] : []),
    ...(single ? [membranes(single), rates(single)] : []),
    ...(rows.length > 0 ? [readOut(rows)] : []),
  ];
}

/** Milliseconds of a step, between pictures, and over which the colour of a spike fades. */
const [MS, EVERY, FADE] = [0.5, 4, 12];

function wave({ first }: WavesRow): Figure {
  const at = (now: number): number[] =>
    first.map((step) => {
      const past = step === null ? -1 : now - step * MS;
      return past < 0 ? 0 : Math.max(0.12, 1 - past / FADE);
    });
  return {
    name: "wave",
    title: "A wave",
    about: `A pulse into the middle of ${SIDE} by ${SIDE} cells with eight neighbours and a weight of ${DRAWN}. Cells are dark when they spike for the first time, and fade over ${FADE} ms.`,
    rows: [
      [
        {
          ...{ kind: "maps", label: "First spikes on the grid, at ten moments", hue: "s5", columns: SIDE, size: 6 },
          maps: Array.from({ length: 10 }, (_, i) => ({ name: `${(i + 1) * EVERY} ms`, values: at((i + 1) * EVERY) })),
        },
      ],
    ],
  };
}

function raster({ raster: trains }: WavesRow): Figure {
  return {
    name: "raster",
    title: "Spikes of this wave",
    about: `The cells from the middle (top) to the right edge (bottom), over ${STEPS * MS} ms from left to right: every spike. Once the front has passed, cells drive one another to spike in every step, since nothing inhibits them.`,
    rows: [
      [
        {
          ...{ kind: "maps", label: "Spikes by cell and time", hue: "s1", columns: STEPS, size: 6 },
          maps: [
            {
              name: "cells by time",
              values: trains.flatMap((train) => Array.from({ length: STEPS }, (_, t) => Number(train.includes(t)))),
            },
          ],
        },
      ],
    ],
  };
}

const hues: readonly Hue[] = ["s5", "s1", "s2", "s3", "s4"];
const names = ["regular", "bursting", "low threshold", "chattering", "fast"];

function membranes({ membranes: traces }: SingleRow): Figure {
  const of = (i: number): Curves => ({
    ...{
      kind: "curves" as const,
      window: 1,
      width: 720,
      height: 150,
      quantity: "mV",
      axis: "ms",
      domain: [-90, 35] as const,
      alongside: names,
    },
    at: traces[i].map((_, ms) => ms),
    series: [{ name: names[i], hue: hues[i], curves: [traces[i]] }],
  });
  return {
    name: "membranes",
    title: "Membranes of single cells",
    about: "The first 200 ms at a current of 10, by type; peaks are cut off at 30 mV.",
    rows: TYPES.map((_, i) => [of(i)]),
  };
}

function rates({ curves }: SingleRow): Figure {
  return {
    name: "rates",
    title: "How often single cells spike",
    about: "Spikes in one second by the constant current, by type, in steps of 0.1 ms from rest at -65 mV.",
    rows: [
      [
        {
          ...{ kind: "curves", window: 1, width: 720, quantity: "spikes", axis: "current" },
          at: [...CURRENTS],
          domain: [0, Math.max(1, ...curves.flat())],
          series: curves.map((counts, i) => ({ name: names[i], hue: hues[i], curves: [counts] })),
        },
      ],
    ],
  };
}

const pointsOf = (results: Results, arm: Arm): PointRow => ({
  name: arm,
  hue: arm.startsWith("grid") ? "s5" : "base",
  values: accuracyOf(results, arm).map(({ value }) => value),
});

const readOut = (rows: readonly PointRow[]): Figure => ({
  name: "read-out",
  title: "What can be read from a grid",
  about:
    "The share of new characters whose class a linear read-out names, from pixels or from how often cells spiked. All arms have the same images, and choose their penalty on the same others.",
  rows: [[{ kind: "points", quantity: "accuracy", rows }]],
});
