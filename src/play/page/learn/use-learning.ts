// What the page shows of learning rules: one that is being learned, those that were kept, and two that are compared.
import { shallowReactive } from "vue";
import type { RuleValues } from "../../../meta/index.js";
import type { PresetName } from "../../../plasticity/index.js";
import type { LearnActs, LearnerTold, Outcome } from "../../learn/acts.js";
import type { Comparison, NetworkRule, TaskScores } from "../../learn/compare.js";
import type { LearningSettings } from "../../learn/settings.js";
import { type Ask, startWorker } from "../ask.js";
import type { Play } from "../use-play.js";
import { type Moved, type Moves, newMoves } from "./moves.js";

/** What is chosen here; the structure of the rule and of the network is that of the life. */
export type Chosen = Pick<LearningSettings, "ways" | "shots" | "episodes" | "learningRate" | "seed">;

/** A rule that was kept. */
export interface Kept extends Outcome {
  readonly name: string;
  /** The mean accuracy of its last episodes. */
  readonly accuracy: number;
}

/** How the episodes went, one after the other. */
export interface Curves {
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
  /** The numbers of the rule after each. */
  readonly moves: readonly Moved[];
}

/** What the page shows. */
export interface LearningState {
  readonly chosen: Chosen;
  /** "pausing" and "stopping" last until the episode that is under way has ended. */
  readonly phase: "idle" | "running" | "pausing" | "paused" | "stopping" | "done";
  /** What is being learned, or was learned last. */
  readonly settings: LearningSettings | undefined;
  readonly curves: Curves;
  /** Episodes a second. */
  readonly pace: number;
  /** What has been learned; undefined while that changes. */
  readonly outcome: Outcome | undefined;
  readonly kept: readonly Kept[];
  /** The scores of a comparison so far, and what comes of it. */
  readonly scores: readonly TaskScores[];
  readonly comparison: Comparison | undefined;
  readonly comparing: boolean;
}

/** Episodes over which means are taken. */
export const WINDOW = 20;

const NO_CURVES: Curves = { loss: [], accuracy: [], moves: [] };

/** The mean of the last values that are numbers. */
export function meanOfLast(values: readonly number[], window = WINDOW): number {
  const last = values.slice(-window).filter((value) => !Number.isNaN(value));
  return last.reduce((sum, value) => sum + value, 0) / last.length;
}

/** Learning on the page of a life. */
export function useLearning(play: Play) {
  const state = shallowReactive<{ -readonly [K in keyof LearningState]: LearningState[K] }>({
    ...{ chosen: { ways: 5, shots: 20, episodes: 200, learningRate: undefined, seed: 0 }, phase: "idle" },
    ...{ settings: undefined, curves: NO_CURVES, pace: 0, outcome: undefined, kept: [] },
    ...{ scores: [], comparison: undefined, comparing: false },
  });
  /** The charts change at most this often, in milliseconds. */
  const EVERY = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 100;
  let ask: Ask<LearnActs> | undefined;
  let loss: number[] = [];
  let accuracy: number[] = [];
  let moves: Moves | undefined;
  let scores: TaskScores[] = [];
  let due = false;
  let began = 0;

  function show(): void {
    due = false;
    state.curves = { loss, accuracy, moves: moves?.all ?? [] };
    state.scores = scores.slice();
    const seconds = (performance.now() - began) / 1000;
    state.pace = seconds > 0 ? loss.length / seconds : 0;
  }

  function heard(told: unknown): void {
    const news = told as LearnerTold;
    if ("scores" in news) scores.push(news.scores);
    else {
      const { report, rule } = news;
      loss.push(report.loss);
      accuracy.push(report.accuracy);
      moves ??= newMoves(rule);
      moves.add(rule);
    }
    if (due) return;
    due = true;
    setTimeout(show, EVERY);
  }

  const learner = (): Ask<LearnActs> => {
    ask ??= startWorker<LearnActs>("learner.js", play.fail, heard);
    return ask;
  };

  /** Those that are nowhere else than on this page. */
  const unsaved = new Set<Kept>();

  function keep(outcome: Outcome): Kept {
    const same = state.kept.find(({ hash, episodes }) => hash === outcome.hash && episodes === outcome.episodes);
    if (same) return same;
    const { settings, episodes } = outcome;
    const number = 1 + Math.max(0, ...state.kept.map(({ name }) => Number(/\d+/.exec(name)?.[0])));
    const name = `Rule ${number}: ${settings.preset}, ${episodes} episodes, seed ${settings.seed}`;
    const kept = { ...outcome, name, accuracy: meanOfLast(accuracy.slice(0, episodes), 50) };
    state.kept = [...state.kept, kept];
    unsaved.add(kept);
    return kept;
  }

  const busy = (): boolean => /running|paus|stopping/.test(state.phase);

  addEventListener("beforeunload", (event) => {
    if (busy() || unsaved.size > 0) event.preventDefault();
  });

  return {
    state: state as LearningState,
    busy,
    choose(chosen: Partial<Chosen>): void {
      state.chosen = { ...state.chosen, ...chosen };
    },
    /** Learns a rule with the structure of the life, from the beginning. */
    learn(): void {
      const { begun, choice } = play.state;
      if (!begun || busy()) return;
      const preset = begun.kept.find(({ name }) => name === choice)?.preset ?? (choice as PresetName);
      const { plasticity, hidden } = begun.setup;
      const settings = { preset, plasticity, hidden, ...state.chosen };
      [loss, accuracy, moves, began] = [[], [], undefined, performance.now()];
      Object.assign(state, { settings, phase: "running", outcome: undefined });
      show();
      const work = learner()("learn", settings).then((outcome) => {
        show();
        Object.assign(state, { phase: "done", outcome });
        const { name } = keep(outcome);
        return `A rule has been learned in ${outcome.episodes} episodes. It is kept as ${name}.`;
      });
      play.tell(
        work.catch((error: Error) => {
          state.phase = "idle";
          throw error;
        }),
      );
    },
    async pause(): Promise<void> {
      state.phase = "pausing";
      const outcome = await learner()("pause").catch(() => undefined);
      // It may have ended instead.
      if (state.phase !== "pausing") return;
      show();
      Object.assign(state, { phase: "paused", outcome });
    },
    goOn(): void {
      began = performance.now() - (1000 * loss.length) / (state.pace || 1);
      Object.assign(state, { phase: "running", outcome: undefined });
      void learner()("goOn");
    },
    stop(): void {
      state.phase = "stopping";
      void learner()("end");
    },
    /** Keeps the rule as it is now. */
    keep(): void {
      play.tell(learner()("outcome").then((outcome) => `Kept as ${keep(outcome).name}.`));
    },
    forget(gone: Kept): void {
      state.kept = state.kept.filter((one) => one !== gone);
      unsaved.delete(gone);
    },
    /** The bytes of its file. */
    async save(kept: Kept): Promise<Uint8Array> {
      const { settings, episodes, rule } = kept;
      const bytes = await learner()("save", { settings, episodes, rule } as never);
      unsaved.delete(kept);
      return bytes;
    },
    /** Compares two rules on the same tasks. */
    compare(first: NetworkRule, second: NetworkRule, tasks: number): void {
      scores = [];
      Object.assign(state, { scores, comparison: undefined, comparing: true });
      const plain = ({ plasticity, hidden, rule }: NetworkRule): NetworkRule => ({ plasticity, hidden, rule });
      const { ways, shots, seed } = state.chosen;
      const work = learner()("compare", [plain(first), plain(second)], { ways, shots, seed, tasks })
        .then((comparison) => {
          show();
          state.comparison = comparison;
          return "";
        })
        .finally(() => {
          state.comparing = false;
        });
      play.tell(work);
    },
  };
}

/** Learning on a page, for its parts. */
export type Learning = ReturnType<typeof useLearning>;

/** A rule's numbers as the life takes them. */
export type { RuleValues };
