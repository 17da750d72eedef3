// Bio Transformations: how eight biological mechanisms change the training of a network, each by itself and all together.
import { type Mechanism, mechanisms } from "../../bio/index.js";
import { type ConfigOf, choice, field, whole, yesNo } from "../../fields/index.js";
import { imagesOf, subset } from "../../nn/index.js";
import { type Cell, type Context, type Result, Stopped } from "../../runs/index.js";
import { bySeed, differenceOf, isAbove, isAtMost, largestOf, meanOf, type SeedValue } from "../measure.js";
import type { Images, Study } from "../study.js";
import {
  type Arm,
  armsOf,
  type NetworkKind,
  networkKinds,
  type Outcome,
  optimizerKinds,
  type Setting,
  type Split,
  trainArm,
} from "./ablation.js";
import { figuresOf } from "./figures.js";

const fields = {
  network: field<NetworkKind>({
    type: choice(networkKinds),
    default: "mlp",
    flag: "--network <name>",
    help: "mlp (256 and 128 hidden units) or conv",
  }),
  optimizer: field<Setting["optimizer"]>({
    type: choice(Object.keys(optimizerKinds) as Setting["optimizer"][]),
    default: "adam",
    flag: "--optimizer <name>",
    help: "adam or sgd",
  }),
  epochs: field({
    type: whole(1, { most: 10_000 }),
    default: 3,
    flag: "--epochs <n>",
    help: "how often every image is seen",
  }),
  batchSize: field({ type: whole(1, { most: 65_536 }), default: 64, flag: "--batch <n>", help: "images in a batch" }),
  reference: field({ type: yesNo, default: false }),
};

type Config = ConfigOf<typeof fields>;

/** What a cell trains. */
interface ArmConfig extends Setting {
  readonly arm: string;
  readonly mechanisms: readonly Mechanism[];
}

/** The cells of these arms, seed by seed. */
export function bioCells(
  setting: Setting,
  arms: readonly Arm[],
  seeds: readonly number[],
  { train, test }: Images,
): Cell<ArmConfig>[] {
  return seeds.flatMap((seed) =>
    arms.map(({ name, mechanisms }) => ({
      kind: "bio-transformations",
      config: { arm: name, mechanisms: [...mechanisms], ...setting },
      seed,
      data: train,
      ...(test && { test }),
    })),
  );
}

/**
 * The images to train on and to test with. If there is only one set, every fifth image is kept for the test.
 */
async function splitOf({ data, test }: Cell, context: Context): Promise<Split> {
  const training = await context.open(data!);
  const examples = imagesOf(training);
  if (test) {
    const testing = await context.open(test);
    return { train: examples, test: imagesOf(testing), classes: Math.max(training.classes, testing.classes) };
  }
  const kept = (forTest: boolean): number[] =>
    Array.from({ length: examples.count }, (_, i) => i).filter((i) => (i % 5 === 0) === forTest);
  return { train: subset(examples, kept(false)), test: subset(examples, kept(true)), classes: training.classes };
}

/** A number of each run of an arm, under our formulas or the published ones. */
const of =
  (arm: string, pick: (row: Outcome) => number | null, reference = false) =>
  (results: readonly Result<Outcome>[]): SeedValue[] =>
    bySeed(results, ({ cell, row }) => {
      const config = cell.config as ArmConfig;
      return config.arm === arm && config.reference === reference ? pick(row) : undefined;
    });

/** Rates uniform on 1 ± 0.16 have this standard deviation: half the width over the root of 3. */
const UNIFORM_SPREAD = 0.16 / Math.sqrt(3);

/** See the head of this file. */
export const bioTransformations: Study<Config, ArmConfig, Outcome> = {
  name: "bio-transformations",
  papers: [
    {
      authors: "Bio Transformations project",
      title: "Bio Transformations: biologically inspired changes to PyTorch modules",
      year: 2024,
      where: "its released code and documentation",
    },
  ],
  about:
    "Synapses that differ in how fast they learn, slow down as they grow, crystallise, are replaced, come in groups for each " +
    "connection, and keep the sign of the unit they come from: how does each of these change the accuracy and the synapses? " +
    "The published formulas scale gradients, which Adam divides out again; ours act on the optimizer's update.",
  basis: "authors' code",
  fields,
  images: (scale) => ({ perClass: { smoke: 4, quick: 40, full: 100 }[scale], test: true }),
  effort: {
    smoke: { seeds: 1, seconds: 5, config: { epochs: 1 } },
    quick: { seeds: 3, seconds: 120 },
    full: { seeds: 5, seconds: 240 },
  },
  cells({ scale, config: setting, seeds, images }) {
    const chosen: readonly Mechanism[] = scale === "full" ? mechanisms : ["fuzzy", "dale"];
    const arms = [...armsOf(chosen, false), ...(scale === "full" ? [] : armsOf(mechanisms, true).slice(1))];
    const published = { name: "fuzzy", mechanisms: ["fuzzy"] as const };
    return [
      ...bioCells(setting, arms, seeds, images!),
      ...bioCells({ ...setting, reference: true }, [published], seeds, images!),
    ];
  },
  async run(cell, context) {
    const { arm, mechanisms: chosen, ...setting } = cell.config;
    const split = await splitOf(cell, context);
    const outcome = await trainArm({ name: arm, mechanisms: chosen }, cell.seed, setting, split, (part, accuracy) => {
      context.progress(part, `${arm}, seed ${cell.seed}: accuracy ${(100 * accuracy).toFixed(1)} %`);
      return !context.signal.aborted;
    });
    if (outcome === undefined) throw new Stopped();
    return outcome;
  },
  claims: [
    {
      label: "dale-signs",
      statement: "Under Dale's principle, no weight has the wrong sign (most weights that do)",
      source: "law",
      measure: (results) =>
        largestOf(["dale", "all"].flatMap((arm) => of(arm, ({ violations }) => violations)(results))),
      holds: (measured) => isAtMost(measured, 0),
    },
    {
      label: "none-is-plain",
      statement: "Without mechanisms, every synapse moves as the plain optimizer moves it (largest spread of moves)",
      source: "law",
      measure: (results) => largestOf(of("none", ({ spread }) => spread)(results)),
      holds: (measured) => isAtMost(measured, 0),
    },
    {
      label: "fuzzy-spread",
      statement:
        "Under Adam, fuzzy rates, uniform on 1 ± 0.16, change the moves of synapses in full: their spread is 0.16 / √3",
      source: "law",
      published: {
        value: Number(UNIFORM_SPREAD.toPrecision(3)),
        where: "standard deviation of the uniform distribution",
      },
      measure: (results) => meanOf(of("fuzzy", ({ spread }) => spread)(results)),
      holds: ({ value }) => (Math.abs(value - UNIFORM_SPREAD) < 0.005 ? "holds" : "does not hold"),
    },
    {
      label: "published-fuzzy",
      statement:
        "Under Adam, the published formula, which scales gradients, hardly spreads the moves: by less than 0.01",
      source: "reference",
      measure: (results) => meanOf(of("fuzzy", ({ spread }) => spread, true)(results)),
      holds: ({ value }) => (value < 0.01 ? "holds" : "does not hold"),
    },
    {
      label: "cost-of-all",
      statement: "All mechanisms together cost at most one percentage point of accuracy",
      source: "reference",
      measure(results) {
        const points = (arm: string) => of(arm, ({ accuracy }) => 100 * accuracy)(results);
        return differenceOf(points("all"), points("none"));
      },
      holds: (measured) => isAbove(measured, -1),
    },
  ],
  figures: figuresOf,
};
