// Volunteers who compute the episodes of a meta-training: slow ones, some who leave, and some who lie. Every draw depends
// on a key and an index, and every time on measured ones, so the same measurement gives the same figures.
import type { Key } from "../../src/index.js";
import { EventQueue } from "./events.js";

/** Kinds of machines: their share of the volunteers, and how many times longer than here an episode takes. */
export type Machine = readonly [share: number, slower: number];

/** Who takes part. */
export interface World {
  readonly volunteers: number;
  readonly machines: readonly Machine[];
  /** Seconds of single episodes, as measured here. */
  readonly episodeSeconds: readonly number[];
  /** Seconds for a job and its result on the way, and in the queue. */
  readonly travelSeconds: number;
  /** The share of jobs whose volunteer leaves before the end. */
  readonly leaves: number;
  /** The share of volunteers who lie, all with the same wrong bits, once they are past their probation. */
  readonly liars: number;
  /** The share of a liar's results that are wrong. */
  readonly lies: number;
}

/** How results are trusted, and what is done about late ones. */
export interface Policy {
  /** The share of results that the server computes again. */
  readonly check: number;
  /** How many of a volunteer's first results are all computed again. */
  readonly probation: number;
  /** Whether a result counts only when two volunteers gave the same. */
  readonly twice: boolean;
  /** After this many times the median time of an episode, it is given to another volunteer too; 0 for never. */
  readonly patience: number;
}

/** What came of it. */
export interface Outcome {
  /** Seconds of each meta-step. */
  readonly stepSeconds: readonly number[];
  /** Episodes that counted, and those among them whose bits were wrong. */
  readonly counted: number;
  readonly wrong: number;
  /** Jobs that volunteers began, and results that the server computed again. */
  readonly given: number;
  readonly checked: number;
  /** Liars in all, those who were found, and honest volunteers who were taken for liars. */
  readonly liars: number;
  readonly found: number;
  readonly accused: number;
  /** Results that liars who were found had got counted before, for each of them. */
  readonly wrongBefore: readonly number[];
}

/** How much slower the machine is at which so large a share of the volunteers is reached. */
function machineAt(machines: readonly Machine[], share: number): number {
  let reached = 0;
  for (const [own, slower] of machines) {
    reached += own;
    if (share < reached) return slower;
  }
  return machines[machines.length - 1][1];
}

/** The median of the times that an episode takes on these machines, which are given from the fastest to the slowest. */
export function typicalSeconds({ machines, episodeSeconds, travelSeconds }: World): number {
  const sorted = [...episodeSeconds].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] * machineAt(machines, 0.5) + travelSeconds;
}

interface Volunteer {
  readonly key: Key;
  readonly slower: number;
  readonly liar: boolean;
  jobs: number;
  results: number;
  wrong: number;
  banned: boolean;
}

interface Episode {
  /** Results that wait for an equal one, by the volunteer. */
  readonly results: { readonly by: number; readonly wrong: boolean }[];
  readonly askers: Set<number>;
  counted: boolean;
}

type Event =
  | { readonly kind: "result"; readonly by: number; readonly of: Episode; readonly wrong: boolean }
  | { readonly kind: "gone"; readonly by: number }
  | { readonly kind: "late"; readonly of: Episode };

// What the draws of a volunteer's job are for.
const [MACHINE, LIAR, EPISODE, LEAVE, LIE, CHECK] = [0, 1, 2, 3, 4, 5];
const PER_JOB = 8;

/** Runs `steps` meta-steps of `batch` episodes each, one after the other. */
export function simulate(
  key: Key,
  world: World,
  policy: Policy,
  { steps, batch }: { steps: number; batch: number },
): Outcome {
  const volunteers = Array.from({ length: world.volunteers }, (_, i) => volunteerOf(key.fold(i), world));
  const late = policy.patience * typicalSeconds(world);
  const idle = volunteers.map((_, i) => i);
  const totals = { counted: 0, wrong: 0, given: 0, checked: 0, found: 0, accused: 0 };
  const wrongBefore: number[] = [];
  const stepSeconds: number[] = [];
  const events = new EventQueue<Event>();
  let now = 0;

  const give = (waiting: Episode[]): void => {
    while (waiting.length > 0) {
      const episode = waiting[0];
      const at = idle.findIndex((i) => !volunteers[i].banned && !episode.askers.has(i));
      if (at < 0) return;
      waiting.shift();
      if (episode.counted) continue;
      const [by] = idle.splice(at, 1);
      const { key: own, slower, liar, jobs, results } = volunteers[by];
      volunteers[by].jobs++;
      totals.given++;
      episode.askers.add(by);
      const draw = (what: number): number => own.uniform(PER_JOB * (jobs + 1) + what);
      const base = world.episodeSeconds[Math.floor(draw(EPISODE) * world.episodeSeconds.length)];
      const takes = base * slower + world.travelSeconds;
      const wrong = liar && results >= policy.probation && draw(LIE) < world.lies;
      // One who leaves is replaced by another of the same kind, who begins where he was.
      if (draw(LEAVE) < world.leaves) events.add(now + takes, { kind: "gone", by });
      else events.add(now + takes, { kind: "result", by, of: episode, wrong });
      if (late > 0) events.add(now + late, { kind: "late", of: episode });
    }
  };

  const ban = (by: number): void => {
    const volunteer = volunteers[by];
    if (volunteer.banned) return;
    volunteer.banned = true;
    if (volunteer.liar) {
      totals.found++;
      wrongBefore.push(volunteer.wrong);
    } else totals.accused++;
  };

  const count = (episode: Episode, by: number, wrong: boolean): void => {
    episode.counted = true;
    totals.counted++;
    if (!wrong) return;
    totals.wrong++;
    volunteers[by].wrong++;
  };

  /** Takes a result; true if the episode has to be given to one more volunteer. */
  const take = (episode: Episode, by: number, wrong: boolean): boolean => {
    const volunteer = volunteers[by];
    const draw = volunteer.key.uniform(PER_JOB * volunteer.jobs + CHECK);
    const checks = volunteer.results++ < policy.probation || draw < policy.check;
    if (episode.counted) return false;
    if (checks) {
      totals.checked++;
      if (wrong) ban(by);
      // The server has computed the episode, so it counts in any case.
      count(episode, by, false);
      return false;
    }
    if (!policy.twice) {
      count(episode, by, wrong);
      return false;
    }
    const equal = episode.results.find((each) => each.wrong === wrong);
    episode.results.push({ by, wrong });
    if (equal) count(episode, by, wrong);
    else if (episode.results.length === 1) return true;
    else {
      totals.checked++;
      for (const each of episode.results) if (each.wrong) ban(each.by);
      count(episode, by, false);
    }
    return false;
  };

  for (let step = 0; step < steps; step++) {
    const begin = now;
    const episodes: Episode[] = Array.from({ length: batch }, () => ({
      results: [],
      askers: new Set(),
      counted: false,
    }));
    const waiting = [...episodes];
    let left = batch;
    give(waiting);
    while (left > 0) {
      const next = events.next();
      if (!next) throw new Error("[scale] nobody is left to compute the episodes of a step.");
      now = next.at;
      const { event } = next;
      if (event.kind === "late") {
        if (!event.of.counted) waiting.push(event.of);
      } else {
        if (!volunteers[event.by].banned) idle.push(event.by);
        if (event.kind === "result" && !volunteers[event.by].banned) {
          const before = event.of.counted;
          if (take(event.of, event.by, event.wrong)) waiting.push(event.of);
          if (!before && event.of.counted && episodes.includes(event.of)) left--;
        }
      }
      give(waiting);
    }
    stepSeconds.push(now - begin);
  }
  const liars = volunteers.filter(({ liar }) => liar).length;
  return { ...totals, liars, stepSeconds, wrongBefore };
}

function volunteerOf(key: Key, { machines, liars }: World): Volunteer {
  const slower = machineAt(machines, key.uniform(MACHINE));
  return { key, slower, liar: key.uniform(LIAR) < liars, jobs: 0, results: 0, wrong: 0, banned: false };
}
