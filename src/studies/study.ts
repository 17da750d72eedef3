// The contract of a study: a paper's experiment, run again. A study says what its cells are and what each comes to, and holds
// claims against the results. It knows nothing of folders, threads or command lines, and they know nothing of papers.
import type { Fields } from "../fields/index.js";
import type { Cell, CellKind, Context, DataRef, Result } from "../runs/index.js";
import type { Figure } from "./figure.js";

/** A paper that a study is about. */
export interface Paper {
  /** Who wrote it. */
  readonly authors: string;
  /** What it is called. */
  readonly title: string;
  /** When it appeared. */
  readonly year: number;
  /** Where it can be read: a journal, an archive, an address. */
  readonly where: string;
}

/** How much is run: "smoke" in seconds, for tests; "quick" in minutes; "full" what the ledger keeps. */
export const scales = ["smoke", "quick", "full"] as const;
/** How much is run. */
export type Scale = (typeof scales)[number];

/** What a scale means to a study. */
export interface Effort<Config> {
  /** How many seeds, from 0 on, unless a number is asked for. */
  readonly seeds: number;
  /** About how many seconds all cells take on one core. */
  readonly seconds: number;
  /** Settings whose defaults are others at this scale. */
  readonly config?: Partial<Config>;
}

/** The images that cells are about: some to learn from, and, where they are a set of their own, some to be asked about. */
export interface Images {
  /** Those to learn from. */
  readonly train: DataRef;
  /** Those to be asked about. */
  readonly test?: DataRef;
}

/** Which images a study needs. */
export interface ImageNeeds {
  /** Images of each class, where the built-in characters are used. */
  readonly perClass: number;
  /** Images that a folder must have of each class; any number if left out. */
  readonly least?: number;
  /** Whether a folder must have a set of its own to test with. */
  readonly test?: boolean;
}

/** A part of a study that has a name of its own, such as one figure of a paper. */
export interface Part {
  /** What it is called. */
  readonly title: string;
  /** What it asks, in a sentence or two. */
  readonly about: string;
}

/** What there was of a plan's cells before this version kept results of cells. */
export interface Older {
  /** Results that can be used. */
  readonly results: readonly Result[];
  /** What was there and cannot be used, a sentence each. */
  readonly notes: readonly string[];
}

/** What a study's cells are made of. */
export interface Plan<Config> {
  /** How much is run. */
  readonly scale: Scale;
  /** The study's settings. */
  readonly config: Config;
  /** All random numbers of a cell follow from one of these. */
  readonly seeds: readonly number[];
  /** Given where the study has `images`. */
  readonly images?: Images;
  /** The names of the parts that are wanted; all if left out. */
  readonly parts?: readonly string[];
}

/** What was measured for a claim. */
export interface Measured {
  /** What was measured. */
  readonly value: number;
  /** The lower end of a 98 % interval over the seeds, where there are several. */
  readonly low?: number;
  /** The upper end of a 98 % interval over the seeds. */
  readonly high?: number;
  /** How many seeds there were. */
  readonly seeds: number;
  /** Why it cannot be compared with what is claimed, such as "other images": the verdict is then "open". */
  readonly open?: string;
}

/** "open": too few seeds, nothing to measure yet, or not comparable. */
export type Verdict = "holds" | "does not hold" | "open";

/** Something that is said of the results. */
export interface Claim<Row> {
  /** A short name, such as "dale-signs". */
  readonly label: string;
  /** The claim as a sentence. */
  readonly statement: string;
  /** A published number, an independent reference, or what must hold by mathematics. */
  readonly source: "paper" | "reference" | "law";
  /** What was published, and where. */
  readonly published?: { readonly value: number | string; readonly spread?: number; readonly where: string };
  /** Undefined where these results have nothing about it. The order of the results must not matter; see `measure.ts`. */
  measure(results: readonly Result<Row>[]): Measured | undefined;
  /** The verdict on what was measured. */
  holds(measured: Measured): Verdict;
}

/** A study. `Config` are its settings, `CellConfig` what a cell computes, `Row` what a cell comes to, as JSON. */
export interface Study<Config = unknown, CellConfig = unknown, Row = unknown> {
  /** What the command line calls it; it is the kind of its own cells too. */
  readonly name: string;
  /** The papers that it is about. */
  readonly papers: readonly Paper[];
  /** What it asks and claims, in a paragraph. */
  readonly about: string;
  /** What could be known of the experiment; "abstract only" means that it is inspired by the paper, no more. */
  readonly basis: "authors' code" | "full text" | "abstract only";
  /** Its settings. */
  readonly fields: Fields<Config>;
  /** For a study that is about images: which. */
  images?(scale: Scale, config: Config): ImageNeeds;
  /** What each scale means. */
  readonly effort: Readonly<Record<Scale, Effort<Config>>>;
  /** Names within the study, which the command line takes too. */
  readonly parts?: Readonly<Record<string, Part>>;
  /** The cells of a plan, in the order in which results are given. */
  cells(plan: Plan<Config>): readonly Cell<CellConfig>[];
  /** What a cell of its own kind comes to. */
  run?(cell: Cell<CellConfig>, context: Context): Row | Promise<Row>;
  /** Kinds of cells that it has besides its own, such as whole runs of meta-training. */
  readonly kinds?: readonly CellKind[];
  /** What of a row claims, figures and the ledger look at; all of it if left out. What is kept is no more than this. */
  kept?(row: unknown, cell: Cell): Row;
  /** Reads what older versions left in a folder, where the study has had such ones. Needs Node. */
  older?(folder: string, cells: readonly Cell[]): Promise<Older>;
  /** What is said of the results. */
  readonly claims: readonly Claim<Row>[];
  /** The data of its figures, from the results that there are. */
  figures?(results: readonly Result<Row>[]): readonly Figure[];
}

/** A study whatever its settings and rows. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds studies of all types, each only used with its own.
export type AnyStudy = Study<any, any, any>;
