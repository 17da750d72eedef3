// The two protocols by which tasks are drawn. "faithful" repeats the published one with its quirks (Shervani-Tabar and
// Rosenbaum 2023, released code: classes drawn with replacement, always the first images of a class, global labels),
// which allows comparison with published numbers. "strict" removes what lets a rule learn the data instead of how to
// learn: images are drawn again for each task, classes are distinct, some are held out, and labels are permuted.
import { InputError, Key, quote } from "../core/index.js";

/** The name of a protocol. */
export type ProtocolName = "faithful" | "strict";

/** The classes of a dataset in two parts, each in ascending order. */
export interface ClassSplit {
  /** Classes that meta-training may draw. */
  readonly train: readonly number[];
  /** Classes that it never sees. */
  readonly heldout: readonly number[];
}

/** Tasks that differ from those of training. */
export interface Beyond {
  /** What is different. */
  readonly condition: "permuted" | "new images" | "held out";
  /** The options of `sampleTask` that make it so. */
  readonly options: {
    readonly protocol?: ProtocolName;
    readonly relabel?: boolean;
    readonly classes?: keyof ClassSplit;
    readonly skip?: number;
  };
}

/** A protocol: what an episode may draw, and how. */
interface Protocol {
  /** The classes, of `count`, that training draws from and, if some are held out, the others. */
  readonly classes: (count: number) => Pick<ClassSplit, "train"> & Partial<ClassSplit>;
  /** The classes of one task, drawn from those with images. */
  readonly drawClasses: (key: Key, pool: readonly number[], ways: number) => number[];
  /** `count` of the images of a class, drawn with a key of the class. */
  readonly drawImages: (key: Key, images: Uint32Array, count: number) => Uint32Array;
  /** Whether classes get random output units, unless an option says otherwise. */
  readonly relabel: boolean;
  /** How many of each class's images episodes of `count` images a class show; the others are new to every rule. */
  readonly shown: (count: number) => number;
  /**
   * The tasks on which a trained rule is tested beyond those of its training, if this many images of each class were
   * shown.
   */
  readonly beyond: (shown: number) => readonly Beyond[];
}

const everyClass = (count: number): number[] => Array.from({ length: count }, (_, c) => c);

/**
 * The strict protocol's split of `count` classes: a fifth, rounded, is held out. Which ones is fixed forever by
 * Key.of(20), whatever the seed of a run, so every rule is tested on classes that are new to it.
 *
 * @example splitClasses(10) // { train: [0, 1, 4, 5, 6, 7, 8, 9], heldout: [2, 3] }
 */
export function splitClasses(count: number): ClassSplit {
  const held = new Set(
    Key.of(20)
      .permutation(count)
      .slice(0, Math.floor(count / 5 + 0.5)),
  );
  const all = everyClass(count);
  return { train: all.filter((c) => !held.has(c)), heldout: all.filter((c) => held.has(c)) };
}

const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  faithful: {
    classes: (count) => ({ train: everyClass(count) }),
    drawClasses: (key, pool, ways) => Array.from({ length: ways }, (_, i) => pool[key.integer(i, pool.length)]),
    drawImages: (_, images, count) => images.subarray(0, count),
    relabel: false,
    shown: (count) => count,
    beyond: (skip) => [
      { condition: "permuted", options: { relabel: true } },
      { condition: "new images", options: { protocol: "strict", relabel: false, skip } },
    ],
  },
  strict: {
    classes: splitClasses,
    drawClasses: (key, pool, ways) => draw(key, pool.length, ways).map((i) => pool[i]),
    drawImages: (key, images, count) => Uint32Array.from(draw(key, images.length, count), (i) => images[i]),
    relabel: true,
    shown: () => 0,
    beyond: () => [{ condition: "held out", options: { classes: "heldout" } }],
  },
};

/** All names of protocols, the default first. */
export const PROTOCOLS = Object.keys(protocols) as ProtocolName[];

/**
 * The protocol of this name. Throws an InputError, listing those there are, for any other.
 *
 * @example protocolNamed("strict") // { relabel: true }
 */
export function protocolNamed(name: ProtocolName): Protocol {
  if (Object.hasOwn(protocols, name)) return protocols[name];
  throw new InputError(
    `[task] no protocol is called ${quote(name)}. Choose the \`protocol\` ${PROTOCOLS.join(" or ")}.`,
  );
}

/** `count` distinct numbers below `bound` in random order: the first steps of Fisher and Yates. */
function draw(key: Key, bound: number, count: number): number[] {
  const order = everyClass(bound);
  for (let i = 0; i < count; i++) {
    const j = i + key.integer(i, bound - i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order.slice(0, count);
}
