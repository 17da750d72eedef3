// A lifetime that one can step through: it goes forward image by image and back to any moment, always to the same bits.
import { advance, fromNumbers, Key, scope, type Tensor, treeLeaves, withLeaves } from "../core/index.js";
import { ruleOf } from "../meta/index.js";
import { oneHot, softmax } from "../ops/index.js";
import {
  accuracyOf,
  initialStart,
  type LayerState,
  type Life as LifeState,
  live,
  logitsOf,
  type Rule,
  type Start,
  type Stream,
  signalsOf,
  synapsesOf,
} from "../plasticity/index.js";
import { sha256 } from "../runs/internal.js";
import { type Drawn, type Images, imagesOf } from "./images.js";
import { PIXELS } from "./limits.js";
import { checkSetup, type Setup, sizesOf, stepsOf } from "./setup.js";

/** What is seen of a life at one moment. The network looks at an image, and has not learned from it yet. */
export interface View {
  /** Images that it has learned from. */
  readonly at: number;
  /** The image that it looks at: the next one, or the last one once all are learned. */
  readonly image: number;
  /** The character that this image shows. */
  readonly label: number;
  /** Its probability for each character. */
  readonly prediction: Float32Array;
  /** The activity of every layer, the image first. */
  readonly activities: readonly Float32Array[];
  /** The error that arrives at every layer, the image's first. */
  readonly errors: readonly Float32Array[];
  /** The weights of the layer that is shown, row by row, (units, inputs). */
  readonly weights: Float32Array;
  /** Its chemicals, in the same order. */
  readonly chemicals: readonly Float32Array[];
}

/** The part of a network's state from which the rest follows. */
type Layers = Pick<LifeState, "layers" | "feedbackLayers">;

/** The state of a network as numbers, to which one can go back. */
interface Snapshot {
  readonly at: number;
  /** What the numbers are, in the order of the leaves; its tensors may be freed. */
  readonly structure: Layers;
  readonly leaves: readonly Kept[];
}

interface Kept {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Bytes of snapshots that a life holds. */
const HELD = 64 * 2 ** 20;

const kept = (tensor: Tensor): Kept => ({ shape: tensor.shape, data: tensor.data() as Float32Array });
const made = ({ shape, data }: Kept): Tensor => fromNumbers(data, shape, "float32");
const numbers = (tensor: Tensor): Float32Array => tensor.data() as Float32Array;

/** A life. It holds tensors until `end` is called. */
export class Life {
  /** The images, for another life of the same characters. */
  readonly drawn: Drawn;
  /** Images in all. */
  readonly steps: number;
  /** Widths of the layers, the image first. */
  readonly sizes: readonly number[];
  /** The share of test images that it knows after each number of images; NaN for those that it has not reached. */
  readonly accuracies: Float32Array;
  /** What it took each image for before it learned from it; -1 where it has not come to it. */
  readonly answers: Int32Array;
  /** The character that each image shows. */
  readonly labels: Int32Array;
  private readonly rule: Rule;
  private readonly start: Start;
  private readonly images: Stream;
  private readonly queries: Stream;
  private readonly snapshots: Snapshot[] = [];
  /** After how many images there is a snapshot. */
  private readonly every: number;
  /** The network after the images that it has learned from; undefined before the first. */
  private state: LifeState | undefined;
  private done = 0;

  /**
   * @param drawn the images, if they are known from another life of the same characters, seed and number.
   */
  constructor(
    readonly setup: Setup,
    drawn?: Drawn,
  ) {
    checkSetup(setup);
    this.drawn = drawn ?? imagesOf(setup);
    this.sizes = sizesOf(setup);
    this.steps = stepsOf(setup);
    const { stream, queries } = this.drawn;
    this.labels = stream.labels;
    this.images = tensorsOf(stream);
    this.queries = tensorsOf(queries);
    this.rule = ruleOf(setup.rule);
    this.start = initialStart(Key.of(setup.seed), this.sizes, setup.plasticity);
    this.accuracies = new Float32Array(this.steps + 1).fill(Number.NaN);
    this.answers = new Int32Array(this.steps).fill(-1);
    const synapses = this.sizes.slice(1).reduce((sum, units, layer) => sum + units * this.sizes[layer], 0);
    const { chemicals, feedbackChemicals } = setup.plasticity;
    const bytes = 4 * synapses * (2 + chemicals + feedbackChemicals);
    this.every = Math.max(1, Math.ceil((this.steps * bytes) / HELD));
    this.note();
  }

  /** Images that it has learned from. */
  get at(): number {
    return this.done;
  }

  /** Learns from the next image. Does nothing at the end. */
  step(): void {
    if (this.done === this.steps) return;
    this.learn(1);
    this.note();
  }

  /** Goes to any moment, forward or back. */
  seek(at: number): void {
    const to = Math.min(Math.max(Math.round(at), 0), this.steps);
    if (to < this.done) this.restore(to);
    // What was seen before is the same again, so only new moments are looked at one by one.
    while (this.done < to && !Number.isNaN(this.accuracies[Math.min(this.done + 1, this.steps)])) {
      let seen = this.done;
      while (seen < to && !Number.isNaN(this.accuracies[seen + 1])) seen++;
      this.learn(Math.min(seen, this.nextSnapshot()) - this.done);
    }
    while (this.done < to) this.step();
  }

  /** What is seen now of layer `layer`, counted from 0. */
  view(layer: number): View {
    return scope(() => {
      const { signals, image, layers } = this.look();
      const last = signals.length - 1;
      const { w, h } = layers[layer];
      const chemicals = h.flatMap((all) => Array.from({ length: all.shape[0] }, (_, c) => numbers(all.row(c))));
      return {
        ...{ at: this.done, image, label: this.labels[image] },
        prediction: numbers(softmax(signals[last].z)),
        activities: [numbers(signals[0].yPre), ...signals.map(({ y }) => numbers(y))],
        errors: [numbers(signals[0].ePre), ...signals.map(({ e }) => numbers(e))],
        ...{ weights: numbers(w), chemicals },
      };
    });
  }

  /**
   * SHA-256 of the network as it is: of the weights of all layers, and of its outputs for all test images, as
   * little-endian float32.
   */
  hash(): Promise<string> {
    return sha256(
      scope(() => {
        const weights = this.layers().map(({ w }) => w);
        return [...weights, logitsOf(weights, this.queries.images, this.setup.plasticity.beta)].map(numbers);
      }),
    );
  }

  /** Frees what it holds. It cannot be used afterwards. */
  end(): void {
    for (const tensor of treeLeaves([this.images, this.queries, this.rule, this.start, this.state ?? []]))
      tensor.dispose();
    this.snapshots.length = 0;
  }

  /** The image that the network looks at, and what its layers see of it. */
  private look() {
    const image = Math.min(this.done, this.steps - 1);
    const layers = this.layers();
    const target = oneHot(this.images.labels, this.setup.characters.length).row(image);
    const signals = signalsOf(
      layers.map(({ w }) => w),
      this.state?.feedback ?? this.start.feedback,
      this.images.images.row(image),
      target,
      this.setup.plasticity,
    );
    return { image, layers, signals };
  }

  /** The state of every layer. */
  private layers(): readonly LayerState[] {
    if (this.state) return this.state.layers;
    const { weights } = this.start;
    return synapsesOf(this.setup.plasticity, this.rule, weights.length).map((own, i) => own.begin(weights[i]));
  }

  /** Keeps what is known of this moment. */
  private note(): void {
    if (Number.isNaN(this.accuracies[this.done])) {
      scope(() => {
        const { signals, layers, image } = this.look();
        const { plasticity } = this.setup;
        const weights = layers.map(({ w }) => w);
        const logits = logitsOf(weights, this.queries.images, plasticity.beta);
        this.accuracies[this.done] = accuracyOf(logits, this.queries.labels);
        if (this.done < this.steps) {
          const z = numbers(signals[signals.length - 1].z);
          this.answers[image] = z.indexOf(Math.max(...z));
        }
      });
    }
  }

  /** Learns from the next images, all at once. */
  private learn(count: number): void {
    const { plasticity } = this.setup;
    const stream = {
      images: this.images.images.view([count, PIXELS], this.done * PIXELS),
      labels: this.images.labels.view([count], this.done),
    };
    this.state = advance({ state: this.state }, ({ state }) => ({
      state: live(plasticity, this.rule, this.start, stream, { checkpoint: "off", from: state }),
    })).state;
    this.done += count;
    const { layers, feedbackLayers } = this.state!;
    if (this.done % this.every !== 0 || this.snapshots.some(({ at }) => at === this.done)) return;
    const structure = { layers, feedbackLayers };
    this.snapshots.push({ at: this.done, structure, leaves: treeLeaves(structure).map(kept) });
  }

  /** The first moment after this one at which there is a snapshot, or will be one. */
  private nextSnapshot(): number {
    return (Math.floor(this.done / this.every) + 1) * this.every;
  }

  /** Goes back to this moment or to the last snapshot before it. */
  private restore(to: number): void {
    const before = this.snapshots.filter(({ at }) => at <= to).reduce<Snapshot | undefined>(latest, undefined);
    this.state = advance({ state: this.state }, () => ({ state: before && this.stateOf(before) })).state;
    this.done = before?.at ?? 0;
  }

  private stateOf({ structure, leaves }: Snapshot): LifeState {
    const { layers, feedbackLayers } = withLeaves(structure, leaves.map(made));
    const weights = layers.map(({ w }) => w);
    const feedback = feedbackLayers.length > 0 ? feedbackLayers.map(({ w }) => w) : this.start.feedback;
    return { weights, feedback, layers, feedbackLayers };
  }
}

const latest = (best: Snapshot | undefined, next: Snapshot): Snapshot => (best && best.at >= next.at ? best : next);

const tensorsOf = ({ images, labels }: Images): Stream => ({
  images: fromNumbers(images, [labels.length, PIXELS], "float32"),
  labels: fromNumbers(labels, [labels.length], "int32"),
});
