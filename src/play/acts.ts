// What the page of the playground asks of its worker. All numbers are computed here, so the page only draws.
import { InputError, scope } from "../core/index.js";
import { glyphNames } from "../data/index.js";
import { decodeRule, encodeRule, keptRules, ruleOf } from "../meta/index.js";
import { learnedScales, type PresetName } from "../plasticity/index.js";
import { synapseKind } from "../plasticity/internal.js";
import { type Change, changed, type Remembered } from "./edit.js";
import { imagesOf, namesOf } from "./images.js";
import { type KeptChoice, keptChoices, keptNameOf, keptSetup } from "./kept.js";
import { learnedSetup } from "./learned.js";
import { Life, type View } from "./life.js";
import { QUERIES } from "./limits.js";
import { programOf } from "./program.js";
import { type ReadRun, type RunFiles, readFiles } from "./run-files.js";
import { checkSetup, presetOf, type Setup, sizesOf, trainConfigOf } from "./setup.js";
import { addressOf, type Shared, sharedIn } from "./share.js";

/** How a chemical keeps what it holds. */
export interface TimeConstant {
  /** 1 / z, in images: how many it takes to follow its drive. */
  readonly tau: number;
  /** Whether it forgets nothing by itself (y = 1). */
  readonly keeps: boolean;
}

/** A life that has begun. */
export interface Begun {
  readonly setup: Setup;
  /** The kept rule by which it goes, or the preset that its rule is most like. */
  readonly choice: string;
  /** The rules that come with the package. */
  readonly kept: readonly KeptChoice[];
  readonly steps: number;
  readonly sizes: readonly number[];
  readonly names: readonly string[];
  /** The names of all built-in characters. */
  readonly glyphs: readonly string[];
  /** The first image of each character. */
  readonly samples: readonly Float32Array[];
  /** The time constants of the chemicals of each layer; empty lists if there are none, or if synapses set their own. */
  readonly times: readonly (readonly TimeConstant[])[];
}

/** A moment of a life. */
export interface Frame extends View {
  /** Which layer is shown, from 0. */
  readonly layer: number;
  /** The share of test images known, after 0, 1, ... images up to the last that was ever reached. */
  readonly accuracies: Float32Array;
  /** What each of the images so far was taken for, and what it showed. */
  readonly answers: Int32Array;
  readonly labels: Int32Array;
}

/** The longest file that is read, in bytes. */
const LARGEST = 50e6;

let life: Life | undefined;

function now(): Life {
  if (life) return life;
  throw new InputError("[play] no life has begun. Load the page again.");
}

/** Whether two setups show the same images in the same order. */
const sameImages = (a: Setup, b: Setup): boolean =>
  a.seed === b.seed && a.shots === b.shots && JSON.stringify(a.characters) === JSON.stringify(b.characters);

function timesOf({ plasticity, rule, hidden }: Setup): TimeConstant[][] {
  const { chemicals, scales, fixedStep } = synapseKind(plasticity.synapse);
  const layers = hidden.length + 1;
  if (!chemicals || !scales || !fixedStep) return Array.from({ length: layers }, () => []);
  const found = scope(() => learnedScales(plasticity, ruleOf(rule)));
  return Array.from({ length: layers }, (_, layer) => {
    const { y, z } = found[found.length === 1 ? 0 : layer];
    return z.map((rate, c) => ({ tau: 1 / rate, keeps: y[c] === 1 }));
  });
}

/** What can be asked for; the answer of each is plain data. */
export const acts = {
  /** A life under the learned rule of a preset. */
  preset: (name: PresetName): Setup => learnedSetup(name),

  /** A setup under another rule: a kept one, or the learned rule of a preset. */
  choose(setup: Setup, name: string): Setup {
    if (keptRules.some((kept) => kept.name === name)) return keptSetup(setup, name);
    const { plasticity, rule } = learnedSetup(name as PresetName);
    return changed({ ...setup, plasticity, rule }, {});
  },

  /** The life of an address. */
  open: (address: string): Shared => sharedIn(address),

  /** A setup after a change; see `changed`. */
  change: (setup: Setup, change: Change, remembered: Remembered): Setup => changed(setup, change, remembered),

  /** Begins a life, in the place of the one before. */
  begin(setup: Setup): Begun {
    checkSetup(setup);
    const next = new Life(setup, life && sameImages(life.setup, setup) ? life.drawn : imagesOf(setup));
    life?.end();
    life = next;
    const { queries } = next.drawn;
    const length = queries.images.length / queries.labels.length;
    return {
      ...{
        setup,
        choice: keptNameOf(setup) ?? presetOf(setup.plasticity),
        kept: keptChoices(),
        steps: next.steps,
        sizes: next.sizes,
        names: namesOf(setup.characters),
        times: timesOf(setup),
      },
      glyphs: glyphNames,
      samples: setup.characters.map((_, c) => queries.images.slice(c * QUERIES * length, (c * QUERIES + 1) * length)),
    };
  },

  /** Goes to a moment, and shows a layer. */
  go(at: number, layer: number): Frame {
    const shown = now();
    shown.seek(at);
    const reached = shown.accuracies.findIndex(Number.isNaN);
    return {
      ...{ ...shown.view(layer), layer, labels: shown.labels, answers: shown.answers.slice(0, shown.at) },
      accuracies: shown.accuracies.slice(0, reached < 0 ? undefined : reached),
    };
  },

  /** The part of an address after # for the life as it stands. */
  address: (): string => addressOf({ setup: now().setup, at: now().at }),

  /** A program that repeats the life up to now, and the hash with which it ends. */
  async program(version: string): Promise<{ text: string; hash: string }> {
    const shown = now();
    if (shown.at === 0) shown.seek(shown.steps);
    return { text: programOf(shown.setup, shown.at, version), hash: await shown.hash() };
  },

  /** The file of the rule. */
  save(): Uint8Array {
    const { setup } = now();
    return encodeRule({ config: trainConfigOf(setup), sizes: sizesOf(setup), rule: setup.rule });
  },

  /** The life of now under the rule in a file. */
  load(bytes: Uint8Array, name: string): Setup {
    if (bytes.length > LARGEST) {
      throw new InputError(`[play] ${name} has ${bytes.length} bytes, too many for a rule. Give the file of a rule.`);
    }
    const { config, sizes, rule } = decodeRule(bytes, name);
    const hidden = /neuron|synapse/.test(config.plasticity.bias) ? sizes.slice(1, -1) : config.hidden;
    const setup = { ...now().setup, plasticity: config.plasticity, hidden, rule };
    checkSetup(setup);
    return setup;
  },

  /** The life of now under the rule of a run, and what its metrics say. */
  async run(files: RunFiles): Promise<ReadRun> {
    return readFiles(files, now().setup);
  },
};

/** What can be asked for, by name. */
export type Acts = typeof acts;
