// What the page asks of the worker that learns rules. Learning takes turns with everything else that is asked for meanwhile.
import { InputError } from "../../core/index.js";
import type { Dataset } from "../../data/index.js";
import { glyphsForTasks } from "../../data/internal.js";
import { type EpisodeReport, encodeRule, layerSizes, type RuleValues } from "../../meta/index.js";
import { QUERIES } from "../limits.js";
import { type Comparison, type ComparisonSettings, compared, type NetworkRule, type TaskScores } from "./compare.js";
import { commandOf, type LearningSettings, learningConfig } from "./settings.js";
import { Training } from "./training.js";

/** What the worker tells without being asked. */
export type LearnerTold =
  /** How an episode went, and the rule after it. */
  | { readonly report: EpisodeReport; readonly rule: RuleValues }
  /** How a task of a comparison went. */
  | { readonly scores: TaskScores };

/** What has been learned. */
export interface Outcome extends NetworkRule {
  readonly settings: LearningSettings;
  /** Episodes done. */
  readonly episodes: number;
  /** SHA-256 of the rule's numbers: the `ruleHash` of a run. */
  readonly hash: string;
  /** The command that learns the same rule; undefined if no command line can say it. */
  readonly command: string | undefined;
}

/** What can be asked for; the answer of each is plain data. */
export function learnActs(tell: (told: LearnerTold) => void) {
  let now: { readonly settings: LearningSettings; readonly training: Training } | undefined;
  let drawn: { readonly perClass: number; readonly images: Dataset } | undefined;

  const images = (shots: number): Dataset => {
    const perClass = shots + QUERIES;
    if (drawn?.perClass !== perClass) drawn = { perClass, images: glyphsForTasks(perClass) };
    return drawn.images;
  };

  const outcomeOf = async (run: typeof now): Promise<Outcome> => {
    if (!run || run.training.episodes === 0) {
      throw new InputError("[play] no rule has been learned yet. Start to learn one.");
    }
    const { settings, training } = run;
    const { config, episodes, rule } = training;
    const { plasticity, hidden } = config;
    return {
      ...{ settings, plasticity, hidden, rule, episodes, hash: await training.hash() },
      command: commandOf({ ...config, episodes }),
    };
  };

  return {
    /** Learns a rule, in the place of the one before. The answer comes when it has ended. */
    async learn(settings: LearningSettings): Promise<Outcome> {
      const config = learningConfig(settings);
      now?.training.end();
      const training = new Training(config, images(config.shots), (report, rule) => tell({ report, rule }));
      const run = { settings, training };
      now = run;
      await training.run();
      return outcomeOf(run);
    },

    /** Lets it wait, and says what it has learned so far. */
    async pause(): Promise<Outcome> {
      const run = now;
      await run?.training.pause();
      return outcomeOf(run);
    },

    /** Lets it go on. */
    goOn(): void {
      now?.training.goOn();
    },

    /** Ends it. */
    end(): void {
      now?.training.end();
    },

    /** What it has learned so far. */
    outcome: (): Promise<Outcome> => outcomeOf(now),

    /** The file of a rule that was learned. */
    save({ settings, episodes, rule }: Pick<Outcome, "settings" | "episodes" | "rule">): Uint8Array {
      const config = { ...learningConfig(settings), episodes };
      return encodeRule({ config, sizes: layerSizes(config, images(config.shots)), rule });
    },

    /** Compares two rules on the same tasks. */
    compare: (rules: readonly [NetworkRule, NetworkRule], settings: ComparisonSettings): Promise<Comparison> =>
      compared(rules, settings, images, (scores) => tell({ scores })),
  };
}

/** What can be asked for, by name. */
export type LearnActs = ReturnType<typeof learnActs>;
