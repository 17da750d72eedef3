// What the networks of watched runs answer: to images of a task that no run was trained on, after a lifetime by the rule as it is
// now. A lifetime takes time, so it is done only now and then, and only while somebody looks.
import { base64Of } from "../core/index.js";
import type { RunContents } from "../meta/index.js";
import { sampleAnswers } from "../report/samples.js";
import { recordOf } from "../studies/internal.js";
import { failureOf } from "./failure.js";
import { type ShownImages, shownImages } from "./shown-images.js";

/** What a network answers. */
export interface Answers {
  readonly run: string;
  /** Episodes that its rule was trained for. */
  readonly episode: number;
  /** Each image as the address of its data, its class, and the class that the network names. */
  readonly images: readonly { readonly src: string; readonly label: string; readonly named: string }[];
  /** The share of all queries of the task that it answers correctly. */
  readonly accuracy: number;
  /** Why there are none, in a sentence. */
  readonly problem?: string;
}

/** Milliseconds between two lifetimes of a run. */
const PACE = 10_000;

/** The answers of a run. */
export class WatchedAnswers {
  private shown: Promise<ShownImages | string | undefined> | undefined;
  private next = 0;
  private episode = -1;
  /** The last answers; undefined for a run whose images cannot be shown as one set, and before there are some. */
  last: Answers | undefined;

  constructor(readonly run: string) {}

  /** Lets the network answer if its rule is another than before, and returns what is new. */
  async look(contents: RunContents | undefined): Promise<Answers | undefined> {
    const episode = contents?.metrics.length ?? 0;
    if (!contents || episode === this.episode || performance.now() < this.next) return undefined;
    this.next = performance.now() + PACE;
    this.episode = episode;
    const { config, images } = contents;
    this.shown ??= shownImages(config, images);
    const shown = await this.shown;
    if (shown === undefined) return undefined;
    const about = { run: this.run, episode };
    if (typeof shown === "string") {
      this.last = { ...about, images: [], accuracy: 0, problem: shown };
      return this.last;
    }
    try {
      this.last = { ...about, ...answersOf(contents, shown) };
    } catch (error) {
      this.last = { ...about, images: [], accuracy: 0, problem: failureOf(error).message };
    }
    return this.last;
  }
}

/** What the network of a run answers to these images. */
function answersOf(contents: RunContents, { dataset, classNames }: ShownImages): Pick<Answers, "images" | "accuracy"> {
  const { config, images } = contents;
  const evidence = [{ label: "it", config, images, runs: [recordOf(contents)] }];
  const { images: pictures, answers } = sampleAnswers(evidence, dataset);
  const name = (label: number): string => (label < 0 ? "–" : (classNames?.[label] ?? String(label)));
  return {
    accuracy: answers[0].accuracy,
    images: pictures.map(({ png, label }, i) => ({
      src: `data:image/png;base64,${base64Of(png)}`,
      label: name(label),
      named: name(answers[0].classes[i]),
    })),
  };
}
