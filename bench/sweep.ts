// What it costs to compute elsewhere: the journey of a tiny cell, short runs, and the episodes of a meta-batch of 16, on
// threads and on workers of Redis and of PostgreSQL that are processes of this machine.
import { execFileSync } from "node:child_process";
import { type Dataset, glyphs } from "../src/data/index.js";
import { defaultTrainConfig, type TrainConfig, train, trainCell } from "../src/meta/index.js";
import { type Cell, dataRef, memoryStore, runCells } from "../src/runs/index.js";
import { type Bench, bestAndMedian, figure } from "./harness.js";
import { BUILD, type Fleet } from "./sweep/fleet.js";

/** A thread compiles while it computes its first episodes. */
const WARM_UP = 6;
const ROUNDS = 2;
const ALONE = 20;
const TINY = 200;
const RUNS = 8;
const EPISODES = 3;
const BATCH = 16;
/** A worker's first meta-step takes 1.7 times as long as those that follow, while its code is compiled; the second 1.1 times. */
const STEPS = 5;

const config = defaultTrainConfig("rcn");
let seeds = 0;

/** Computes runs that no fleet has seen, and gives the seconds that this took. */
async function secondsFor({ executor }: Fleet, images: Dataset, count: number, fields: object): Promise<number> {
  const data = await dataRef(images, "glyphs", String(images.byClass[0].length));
  const cells = Array.from({ length: count }, () => trainCell({ ...config, ...fields, seed: seeds++ }, data) as Cell);
  const began = performance.now();
  const { failures } = await runCells(cells, { store: memoryStore(), executor });
  if (failures.length > 0) throw failures[0].error;
  return (performance.now() - began) / 1000;
}

/** Milliseconds of the journey of one cell, and cells a second when many are under way: of episodes that are hardly any work. */
async function journeys(fleet: Fleet, images: Dataset) {
  const hardlyAny = { hidden: [2], ways: 2, shots: 1, queries: 1, episodes: 1 };
  const alone: number[] = [];
  for (let cell = 0; cell < ALONE; cell++) alone.push(1000 * (await secondsFor(fleet, images, 1, hardlyAny)));
  const perSecond = TINY / (await secondsFor(fleet, images, TINY, hardlyAny));
  return { msAlone: figure(bestAndMedian(alone).median), cellsPerSecond: figure(perSecond) };
}

/** Seconds of the fastest of some meta-steps. */
async function stepSeconds({ executor }: Fleet, images: Dataset): Promise<number> {
  const run: TrainConfig = { ...config, metaBatch: BATCH, episodes: BATCH * STEPS, seed: seeds++ };
  const ends: number[] = [performance.now()];
  await train(images, run, {
    workers: 1,
    executor,
    onEpisode: ({ episode }) => void (episode % BATCH === 0 && ends.push(performance.now())),
  });
  return Math.min(...ends.slice(1).map((end, i) => (end - ends[i]) / 1000));
}

/** The fewest seconds of each fleet over some rounds, in which they take turns. */
async function inTurn(fleets: readonly Fleet[], seconds: (fleet: Fleet) => Promise<number>) {
  const fewest = fleets.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, fleet] of fleets.entries()) fewest[i] = Math.min(fewest[i], await seconds(fleet));
  }
  return fleets.map(({ where, workers }, i) => ({ where, workers, seconds: fewest[i] }));
}

export const sweepBench: Bench = async function* () {
  const { openFleets } = await import("./sweep/fleets.js"); // looks for servers when it is loaded
  execFileSync(process.execPath, ["src/build.mjs", BUILD]);
  const images = glyphs();
  const fleets = await openFleets([images]);
  try {
    for (const fleet of fleets) {
      await secondsFor(fleet, images, 4 * fleet.workers, { episodes: WARM_UP });
      const { where, workers } = fleet;
      yield { bench: "sweep", work: "tiny cells", where, workers, ...(await journeys(fleet, images)) };
    }
    const runs = await inTurn(fleets, (fleet) => secondsFor(fleet, images, RUNS, { episodes: EPISODES }));
    for (const { where, workers, seconds } of runs) {
      const against = { runsPerSecond: figure(RUNS / seconds), againstOneThread: figure(runs[0].seconds / seconds) };
      yield { bench: "sweep", work: `runs of ${EPISODES} episodes`, where, workers, ...against };
    }
    const upToTwo = fleets.filter(({ workers }) => workers <= 2);
    const steps = await inTurn(upToTwo, (fleet) => stepSeconds(fleet, images));
    for (const { where, workers, seconds } of steps) {
      const one = steps.find((step) => step.where === where)?.seconds ?? Number.NaN;
      const against = { secondsAStep: figure(seconds), againstOneWorker: figure(one / seconds) };
      yield { bench: "sweep", work: `a meta-batch of ${BATCH}`, where, workers, ...against };
    }
  } finally {
    for (const fleet of fleets) await fleet.close();
  }
};
