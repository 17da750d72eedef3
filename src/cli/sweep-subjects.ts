// What `sweep` can sweep: for each its flags, and the subject that they describe.
import type { Command } from "commander";
import type { Dataset } from "../data/index.js";
import { flagsOf, givenIn, withDefaults } from "../fields/index.js";
import type { TrainConfig } from "../meta/index.js";
import { dataRefOf, imagesOf } from "../meta/internal.js";
import { type AnyStudy, imageNeeds, scales } from "../studies/index.js";
import { armsOf, bioTransformations, knownStudies, type Setting } from "../studies/internal.js";
import { bioSubject, type Settings, type Subject, studySubject, trainSubject } from "../sweeps/index.js";
import { addFlags, type CommandFlag } from "./add-flags.js";
import { BIO, mechanismFlags } from "./bio-flags.js";
import { recordIn } from "./config-file.js";
import { type DataFlags, dataFlags, openData, openImagesOfStudy } from "./data.js";
import { settingFlags, type TrainFlags } from "./flags.js";
import { addModule } from "./own-module.js";
import { nameOf, type SweepFlags } from "./sweep-flags.js";
import { trainConfig } from "./train-config.js";
import { flagOf, word } from "./values.js";

/** A subject with the images that its cells use, which grow as cells are made. */
export interface Opened {
  readonly subject: Subject;
  readonly datasets: readonly Dataset[];
}

/** Something that can be swept. */
export interface Sweepable {
  /** Its name on the command line. */
  readonly name: string;
  /** What it is, for the help. */
  readonly about: string;
  /** The flags of its settings, which can be varied. */
  readonly flags: readonly CommandFlag[];
  /** Adds its flags to a command. */
  add(command: Command): void;
  /** The subject that these flags describe. */
  open(flags: SweepFlags): Promise<Opened>;
}

const SCALE = {
  usage: "--scale <name>",
  help: "smoke (seconds), quick (minutes) or full (default: quick)",
  read: word("--scale", scales),
};

/** The flags of a run, except its seed: a sweep has --seeds. */
const groups = Object.entries(settingFlags).map(
  ([title, flags]) => [title, flags.filter(({ usage }) => !usage.startsWith("--seed "))] as const,
);

const train: Sweepable = {
  name: "train",
  about: "meta-trainings, measured by the accuracy of their last 50 episodes",
  flags: groups.flatMap(([, flags]) => flags),
  add(command) {
    for (const [title, flags] of groups) addFlags(command.optionsGroup(title), flags);
    addModule(command);
  },
  async open(flags) {
    const { vary, random, randomSeed, from, ask, seeds, out, json, config, ...rest } = flags;
    const { workers, executor, check, priority, window, dryRun, leave, ...base } = rest;
    const record = await recordIn(config as string | undefined);
    const configOf = (settings: Settings): TrainConfig => {
      const varied = Object.entries(settings).map(([name, value]) => [keyOf(name), value]);
      return trainConfig({ ...base, ...Object.fromEntries(varied), config } as TrainFlags, record);
    };
    const { datasets, images } = imagesOfRuns();
    return { subject: trainSubject(configOf, images), datasets };
  },
};

/** "tau-min" as the parser of flags calls it: "tauMin". */
const keyOf = (name: string): string => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Opens the images of runs, each set once. */
function imagesOfRuns() {
  const datasets: Dataset[] = [];
  const opened = new Map<string, Promise<Dataset>>();
  const images = async (config: TrainConfig) => {
    if (!imagesOf(config.task)) return undefined;
    const { data, shots, queries, ways, task } = config;
    const name = JSON.stringify([data, shots, queries, ways, task]);
    const open = async (): Promise<Dataset> => {
      const dataset = await openData(config);
      datasets.push(dataset);
      return dataset;
    };
    if (!opened.has(name)) opened.set(name, open());
    return dataRefOf((await opened.get(name)) as Dataset, data);
  };
  return { datasets, images };
}

/** The same subject for settings that are called as their flags are. */
function byFlag(subject: Subject, study: AnyStudy): Subject {
  const options = new Map(flagsOf(study.fields).map((flag) => [nameOf(flag), flag.option]));
  const named = (settings: Settings): Settings =>
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [options.get(name) ?? name, value]));
  return { ...subject, cells: (settings, seeds) => subject.cells(named(settings), seeds) };
}

const bio: Sweepable = {
  name: "bio",
  about: "a network with and without biological mechanisms, measured by its accuracy",
  flags: flagsOf(bioTransformations.fields),
  add(command) {
    addFlags(command, [...dataFlags, ...mechanismFlags, ...this.flags]);
    command.option("--together", "train with all of these mechanisms at once only, not also with each by itself");
  },
  async open(flags) {
    const setting = withDefaults(bioTransformations.fields, givenIn(bioTransformations.fields, flags)) as Setting;
    const { images, datasets } = await openImagesOfStudy(flags as DataFlags, { perClass: 100, test: true });
    const arms = armsOf((flags.mechanisms as typeof BIO.mechanisms) ?? BIO.mechanisms, flags.together === true);
    return { subject: byFlag(bioSubject(setting, arms, images), bioTransformations), datasets };
  },
};

/** A study as something to sweep; what is compared is what its claims measure. */
function studyToSweep(study: AnyStudy): Sweepable {
  const flags = flagsOf(study.fields);
  return {
    ...{ name: study.name, about: study.about.split(/[:?]/)[0], flags },
    add(command) {
      addFlags(command, [SCALE, ...(study.images ? dataFlags : []), ...flags]);
      addModule(command);
    },
    async open(given) {
      const { scale = "quick" } = given as Partial<Record<string, string>>;
      const plan = { scale: scale as (typeof scales)[number], config: givenIn(study.fields, given) };
      const needs = imageNeeds(study, plan);
      const opened = needs && (await openImagesOfStudy(given as DataFlags, needs));
      const subject = studySubject(study, { ...plan, ...(opened && { images: opened.images }) });
      return { subject: byFlag(subject, study), datasets: opened?.datasets ?? [] };
    },
  };
}

/** Everything that can be swept. */
export const sweepables: readonly Sweepable[] = [train, bio, ...knownStudies().map(studyToSweep)];

/** The flags of what is swept that were given, as rows of name and value. */
export function sharedSettings({ flags }: Sweepable, given: SweepFlags): [name: string, value: string][] {
  const said = flags.filter((flag) => given[keyOf(nameOf(flag))] !== undefined);
  return said.map((flag) => [flagOf(keyOf(nameOf(flag))), String(given[keyOf(nameOf(flag))])]);
}
