// A rule while it is learned, which can wait and end early.

import { scope } from "../../core/index.js";
import type { Dataset } from "../../data/index.js";
import {
  type EpisodeReport,
  layerSizes,
  type RuleValues,
  ruleHash,
  type TrainConfig,
  train,
  valuesOf,
} from "../../meta/index.js";
import { initialRule } from "../../plasticity/index.js";

/** A run of meta-training in this thread. */
export class Training {
  /** Episodes done. */
  episodes = 0;
  /** The rule after them. */
  rule: RuleValues;
  private readonly stop = new AbortController();
  /** Resolved when the run may go on; undefined if it need not wait. */
  private gate: Promise<void> | undefined;
  private open = (): void => {};
  /** Told when the run waits, or has ended. */
  private waiting: (() => void)[] = [];
  private over = false;

  constructor(
    readonly config: TrainConfig,
    private readonly dataset: Dataset,
    private readonly tell: (report: EpisodeReport, rule: RuleValues) => void,
  ) {
    this.rule = scope(() => valuesOf(initialRule(config.plasticity, layerSizes(config, dataset))));
  }

  /** Learns to the last episode, or until it is ended. */
  async run(): Promise<void> {
    try {
      await train(this.dataset, this.config, {
        ...{ workers: 1, signal: this.stop.signal },
        onEpisode: (report, rule) => {
          this.episodes = report.episode;
          this.rule = rule;
          this.tell(report, rule);
          if (this.gate) this.rest();
          return this.gate;
        },
      });
    } finally {
      this.over = true;
      this.rest();
    }
  }

  /** Lets it wait after the episode that it is at. The promise is resolved when it waits, or has ended. */
  pause(): Promise<void> {
    this.gate ??= new Promise((done) => {
      this.open = done;
    });
    return this.over ? Promise.resolve() : new Promise((done) => this.waiting.push(done));
  }

  /** Lets it go on. */
  goOn(): void {
    this.open();
    this.gate = undefined;
  }

  /** Ends it after the episode that it is at. */
  end(): void {
    this.stop.abort();
    this.goOn();
  }

  /** SHA-256 of the rule's numbers. */
  hash(): Promise<string> {
    return ruleHash(this.rule);
  }

  private rest(): void {
    for (const tell of this.waiting.splice(0)) tell();
  }
}
