// What the page shows and what its parts do: one life, its moment, and the clock that moves it.
import { shallowReactive } from "vue";
import type { MotifId } from "../../plasticity/index.js";
import type { Acts, Begun, Frame } from "../acts.js";
import type { Change, Remembered } from "../edit.js";
import { columnOf } from "../numbers-of.js";
import type { Setup } from "../setup.js";
import { startWorker } from "./ask.js";
import { newQueue, startClock } from "./clock.js";

/** What the page shows. */
export interface State {
  readonly begun: Begun | undefined;
  readonly frame: Frame | undefined;
  /** The preset or the kept rule that the rule came from. */
  readonly choice: string;
  /** How much was known under the rule before it was changed. */
  readonly before: Float32Array | undefined;
  readonly playing: boolean;
  /** Images a second. */
  readonly speed: number;
  readonly layer: number;
  /** A sentence about what went wrong. */
  readonly problem: string;
  /** A sentence about what was done. */
  readonly done: string;
}

/** The first preset: a rule with chemicals, which shows everything that there is to see. */
const FIRST = "rcn";

/** How another setup is taken. */
interface TakeOptions {
  readonly stay?: boolean;
  readonly other?: boolean;
  readonly topic?: string;
}

/** The playground of a page. */
export function usePlay() {
  const state = shallowReactive<{ -readonly [K in keyof State]: State[K] }>({
    ...{ begun: undefined, frame: undefined, choice: FIRST, before: undefined, playing: false },
    ...{ speed: matchMedia("(prefers-reduced-motion: reduce)").matches ? 2 : 20, layer: 0, problem: "", done: "" },
  });
  const fail = (sentence: string): void => {
    state.problem = sentence;
  };
  const ask = startWorker<Acts>("worker.js", fail);
  let remembered: Remembered = {};
  const { soon, busy } = newQueue((sentence) => {
    state.problem = sentence;
    state.playing = false;
  });

  let resting: ReturnType<typeof setTimeout> | undefined;
  /** Writes the life into the address a moment after it rests, so that loading the page again loses nothing. */
  function remember(): void {
    clearTimeout(resting);
    if (state.playing) return;
    const write = (text: string): void => history.replaceState(null, "", `#${text}`);
    // A rule that is too large for an address is said to be so where somebody asks for the address.
    resting = setTimeout(() => void ask("address").then(write, () => undefined), 300);
  }

  const show = async (at: number): Promise<void> => {
    state.frame = await ask("go", at, state.layer);
  };
  /** The topic of moments to show: of several that wait, the last is wanted. */
  const MOMENT = "moment";

  async function begin(setup: Setup, at: number): Promise<void> {
    state.begun = await ask("begin", setup);
    state.layer = Math.min(state.layer, state.begun.sizes.length - 2);
    state.problem = "";
    await show(Math.min(at, state.begun.steps));
  }

  /**
   * Goes on with another setup, from the beginning.
   *
   * @param how.stay whether it stays at its moment, with the same images in the same order.
   * @param how.other whether the rule comes from elsewhere, so that it has to be found among the choices.
   * @param how.topic what it sets, if a later one under this topic takes its place.
   */
  const take = (
    make: (setup: Setup) => Setup | Promise<Setup>,
    { stay = false, other = false, topic }: TakeOptions = {},
  ): void => {
    void soon(async () => {
      const { begun, frame } = state;
      if (!begun) return;
      const setup = await make(begun.setup);
      if (stay) state.before ??= frame?.accuracies;
      else state.before = undefined;
      if (!stay) state.playing = false;
      await begin(setup, stay ? (frame?.at ?? 0) : 0);
      if (other) state.choice = state.begun!.choice;
      remember();
    }, topic);
  };

  startClock(
    () => (state.playing ? state.speed : 0),
    (steps) => {
      const { begun, frame } = state;
      if (!begun || !frame || busy()) return false;
      if (frame.at < begun.steps) void soon(() => show(frame.at + steps), MOMENT);
      else {
        state.playing = false;
        remember();
      }
      return true;
    },
  );

  void soon(async () => {
    const address = location.hash.slice(1);
    if (address === "") return begin(await ask("preset", FIRST), 0);
    try {
      const { setup, at } = await ask("open", address);
      await begin(setup, at);
      state.choice = state.begun!.choice;
    } catch (error) {
      await begin(await ask("preset", FIRST), 0);
      state.problem = (error as Error).message;
    }
  });
  addEventListener("hashchange", () => location.reload());

  return {
    state: state as State,
    ask,
    take,
    fail,
    /** Goes on under another rule. */
    use({ plasticity, hidden, rule }: Pick<Setup, "plasticity" | "hidden" | "rule">): void {
      remembered = {};
      take((setup) => ({ ...setup, plasticity, hidden, rule }), { other: true });
    },
    seek(at: number): void {
      state.playing = false;
      void soon(() => show(at).then(remember), MOMENT);
    },
    play(): void {
      const { playing, frame, begun } = state;
      if (!playing && frame && frame.at === begun?.steps) void soon(() => show(0), MOMENT);
      state.playing = !playing;
      remember();
    },
    setSpeed(speed: number): void {
      state.speed = speed;
    },
    setLayer(layer: number): void {
      state.layer = layer;
      if (state.frame) void soon(() => show(state.frame!.at), MOMENT);
    },
    choose(name: string): void {
      const before = state.choice;
      state.choice = name;
      take(async (setup) => {
        try {
          const next = await ask("choose", setup, name);
          remembered = {};
          return next;
        } catch (error) {
          state.choice = before;
          throw error;
        }
      });
    },
    change(change: Change, how = { stay: false }): void {
      take((setup) => ask("change", setup, change, remembered), how);
    },
    /** Turns a motif on or off; its coefficients come back with it. */
    motif(motif: MotifId, on: boolean): void {
      take(
        (setup) => {
          const { motifs } = setup.plasticity;
          if (!on) remembered = { ...remembered, [motif]: columnOf(setup, motif) };
          const kept = on ? [...motifs, motif] : motifs.filter((one) => one !== motif);
          return ask("change", setup, { plasticity: { motifs: kept } }, remembered);
        },
        { stay: true },
      );
    },
    /** Says what was done, or what went wrong. */
    tell(work: Promise<string>): void {
      // Also so that the same sentence is heard when it comes again.
      Object.assign(state, { problem: "", done: "" });
      work.then(
        (done) => Object.assign(state, { done, problem: "" }),
        (error: Error) => Object.assign(state, { problem: error.message, done: "" }),
      );
    },
  };
}

/** The playground of a page, for its parts. */
export type Play = ReturnType<typeof usePlay>;
