// What the page of explorables shows and what its parts do: one explorable, its moment, and the clock that moves it.
import { shallowReactive } from "vue";
import type { ExploreActs, Seen } from "../../explore/acts.js";
import { type ExplorableName, explorables, type Place, stepsOf, usualPlace } from "../../explore/controls.js";
import { startWorker } from "../ask.js";
import { newQueue, startClock } from "../clock.js";

/** What the page shows. */
export interface ExploreState {
  readonly seen: Seen | undefined;
  readonly playing: boolean;
  /** Steps a second. */
  readonly speed: number;
  /** A sentence about what went wrong. */
  readonly problem: string;
  /** SHA-256 of the numbers of this moment; empty while they move. */
  readonly hash: string;
}

/** Steps a second that can be chosen. */
export const SPEEDS = [1, 5, 33, 60, 240] as const;
/** Steps a second for those who want little motion. */
const SLOW = 5;

/** The topic of moments to show: of several that wait, the last is wanted. */
const MOMENT = "moment";

/** The explorable of a page. */
export function useExplore() {
  const state = shallowReactive<{ -readonly [K in keyof ExploreState]: ExploreState[K] }>({
    ...{ seen: undefined, playing: false, speed: SLOW, problem: "", hash: "" },
  });
  const fail = (sentence: string): void => {
    Object.assign(state, { problem: sentence, playing: false });
  };
  const ask = startWorker<ExploreActs>("explorer.js", fail);
  const { soon, busy } = newQueue(fail);

  /** Counts what is asked for: what was to be said of an older moment is not said. */
  let asked = 0;
  /** Writes the moment into the address, and says its hash, a little after it has come to rest. */
  function rest(): void {
    const { seen, playing } = state;
    const mine = asked;
    if (!seen || playing) return;
    setTimeout(async () => {
      if (mine !== asked) return;
      const [address, hash] = await Promise.all([ask("address", seen.place), ask("hash")]);
      if (mine !== asked) return;
      history.replaceState(null, "", `#${address}`);
      state.hash = hash;
    }, 200);
  }

  /** Goes on with a place made from the one that is shown then; under a topic, unless a later one takes its place. */
  const show = (change: (place: Place) => Partial<Place>, topic?: string): Promise<void> => {
    asked++;
    return soon(async () => {
      if (!state.seen) return;
      state.hash = "";
      const place = { ...state.seen.place, ...change(state.seen.place) } as Place;
      state.seen = await ask("go", { ...place, at: Math.min(place.at, stepsOf(place)) });
      rest();
    }, topic);
  };

  const open = (): void => {
    const address = location.hash.slice(1);
    asked++;
    Object.assign(state, { playing: false, hash: "" });
    void soon(async () => {
      const usual = usualPlace(Object.keys(explorables)[0] as ExplorableName);
      const place = address === "" ? usual : await ask("open", address).catch((error: Error) => error);
      const next = place instanceof Error ? usual : place;
      const { title, pace } = explorables[next.name];
      document.title = `${title} — Synaptape`;
      state.speed = matchMedia("(prefers-reduced-motion: reduce)").matches ? SLOW : pace;
      state.problem = place instanceof Error ? place.message : "";
      state.seen = await ask("go", next);
      rest();
    });
  };
  open();
  addEventListener("hashchange", open);

  startClock(
    () => (state.playing ? state.speed : 0),
    (steps) => {
      const { seen } = state;
      if (!seen || busy()) return false;
      const { place } = seen;
      if (place.at < stepsOf(place)) void show(({ at }) => ({ at: at + steps }), MOMENT);
      else {
        state.playing = false;
        rest();
      }
      return true;
    },
  );

  return {
    state: state as ExploreState,
    seek(at: number): void {
      state.playing = false;
      void show(() => ({ at }), MOMENT);
    },
    play(): void {
      const { seen, playing } = state;
      if (!playing && seen && seen.place.at === stepsOf(seen.place)) void show(() => ({ at: 0 }), MOMENT);
      state.playing = !playing;
      rest();
    },
    setSpeed(speed: number): void {
      state.speed = speed;
    },
    /** Chooses something else; the moment stays. */
    choose(key: string, value: number | string): void {
      void show(({ settings }) => ({ settings: { ...settings, [key]: value } as Place["settings"] }), key);
    },
    /** Chooses what is usual again, before the first step. */
    reset(): void {
      state.playing = false;
      void show(({ name }) => usualPlace(name));
    },
  };
}

/** The explorable of a page, for its parts. */
export type Exploring = ReturnType<typeof useExplore>;
