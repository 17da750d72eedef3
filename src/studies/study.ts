// The contract of a study, which repeats an experiment of a paper. A study defines its cells, how each is computed, and
// claims that are compared with the results. It knows nothing about folders, threads or the command line, and they know
// nothing about papers.
import type { Fields } from "../fields/index.js";
import type { Cell, CellKind, Context, DataRef, Result } from "../runs/index.js";
import type { Figure } from "./figure.js";

/** A paper that a study is about. */
export interface Paper {
  /** Its authors. */
  readonly authors: string;
  /** Its title. */
  readonly title: string;
  /** When it appeared. */
  readonly year: number;
  /** Where it can be read: a journal, an archive, an address. */
  readonly where: string;
}

/** How much is run: "smoke" in seconds, for tests; "quick" in minutes; "full" for the ledger. */
export const scales = ["smoke", "quick", "full"] as const;
/** The name of a scale. */
export type Scale = (typeof scales)[number];

/** What a scale means for a study. */
export interface Effort<Config> {
  /** How many seeds, starting from 0, unless another number is asked for. */
  readonly seeds: number;
  /** About how many seconds all cells take on one core. */
  readonly seconds: number;
  /** Settings that have other defaults at this scale. */
  readonly config?: Partial<Config>;
}

/** The images that cells use: some to learn from, and queries, if these are a separate set. */
export interface Images {
  /** The images to learn from. */
  readonly train: DataRef;
  /** The images for queries. */
  readonly test?: DataRef;
}

/** Which images a study needs. */
export interface ImageNeeds {
  /** Images per class, if the built-in characters are used. */
  readonly perClass: number;
  /** The fewest images per class that a folder must have; any number if left out. */
  readonly least?: number;
  /** Whether a folder must have a separate test set. */
  readonly test?: boolean;
}

/** A part of a study with its own name, such as one figure of a paper. */
export interface Part {
  /** What it is called. */
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly about: string;
}

/** Results of a plan's cells from versions that did not keep results of cells. */
export interface Older {
  /** Results that can be used. */
  readonly results: readonly Result[];
  /** One sentence for each result that cannot be used. */
  readonly notes: readonly string[];
}

/** Everything from which a study makes its cells. */
export interface Plan<Config> {
  /** How much is run. */
  readonly scale: Scale;
  /** The study's settings. */
  readonly config: Config;
  /** The seeds; all random numbers of a cell follow from one of them. */
  readonly seeds: readonly number[];
  /** The images; given if the study has `images`. */
  readonly images?: Images;
  /** The names of the parts to run; all if left out. */
  readonly parts?: readonly string[];
}

/** What was measured for a claim. */
export interface Measured {
  /** The number that was measured. */
  readonly value: number;
  /** The lower end of a 98 % interval over the seeds, if there are several. */
  readonly low?: number;
  /** The upper end of a 98 % interval over the seeds. */
  readonly high?: number;
  /** How many seeds there were. */
  readonly seeds: number;
  /** Why it cannot be compared with the claim, such as "other images": the verdict is then "open". */
  readonly open?: string;
}

/** "open" means too few seeds, nothing to measure yet, or not comparable. */
export type Verdict = "holds" | "does not hold" | "open";

/** A statement about the results. */
export interface Claim<Row> {
  /** A short name, such as "dale-signs". */
  readonly label: string;
  /** The claim as a sentence. */
  readonly statement: string;
  /** A paper's published number, an independent reference, or a law that must hold mathematically. */
  readonly source: "paper" | "reference" | "law";
  /** What was published, and where. */
  readonly published?: { readonly value: number | string; readonly spread?: number; readonly where: string };
  /**
   * Measures the claim; undefined if these results hold nothing about it. The order of the results must not matter; see
   * `measure.ts`.
   */
  measure(results: readonly Result<Row>[]): Measured | undefined;
  /** The verdict on what was measured. */
  holds(measured: Measured): Verdict;
}

/**
 * A study. `Config` is the type of its settings, `CellConfig` that of a cell's configuration, and `Row` that of a
 * cell's result, as JSON.
 */
export interface Study<Config = unknown, CellConfig = unknown, Row = unknown> {
  /** Its name on the command line, which is also the kind of its own cells. */
  readonly name: string;
  /** The papers that it is about. */
  readonly papers: readonly Paper[];
  /** What it asks and claims, in a paragraph. */
  readonly about: string;
  /** What is known about the experiment; "abstract only" means that it is only inspired by the paper. */
  readonly basis: "authors' code" | "full text" | "abstract only";
  /** Its settings. */
  readonly fields: Fields<Config>;
  /** Which images it needs; left out if it needs none. */
  images?(scale: Scale, config: Config): ImageNeeds;
  /** What each scale means. */
  readonly effort: Readonly<Record<Scale, Effort<Config>>>;
  /** The parts of the study by name; the command line accepts these names too. */
  readonly parts?: Readonly<Record<string, Part>>;
  /** The cells of a plan, in the order in which results are given. */
  cells(plan: Plan<Config>): readonly Cell<CellConfig>[];
  /** Computes a cell of its own kind. */
  run?(cell: Cell<CellConfig>, context: Context): Row | Promise<Row>;
  /** Other kinds of cells that it has, such as whole runs of meta-training. */
  readonly kinds?: readonly CellKind[];
  /** The part of a row that claims, figures and the ledger use, and that is kept; the whole row if left out. */
  kept?(row: unknown, cell: Cell): Row;
  /** Reads the results that older versions left in a folder, if there were such versions. Needs Node. */
  older?(folder: string, cells: readonly Cell[]): Promise<Older>;
  /** The claims about the results. */
  readonly claims: readonly Claim<Row>[];
  /** Its figures, from the results that are available. */
  figures?(results: readonly Result<Row>[]): readonly Figure[];
}

/** A study with any settings and rows. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds studies of all types, each only used with its own.
export type AnyStudy = Study<any, any, any>;
