// The contract of a study: a paper's experiment, run again. A study says what its cells are and what each comes to, and holds
// claims against the results. It knows nothing of folders, threads or command lines, and they know nothing of papers.
import type { Fields } from "../fields/index.js";
import type { Cell, Context, DataRef, Result } from "../runs/index.js";

/** A paper that a study is about. */
export interface Paper {
  readonly authors: string;
  readonly title: string;
  readonly year: number;
  /** Where it can be read: a journal, an archive, an address. */
  readonly where: string;
}

/** How much is run: "smoke" in seconds, for tests; "quick" in minutes; "full" what the ledger keeps. */
export const scales = ["smoke", "quick", "full"] as const;
export type Scale = (typeof scales)[number];

/** The images that cells are about: some to learn from, and, where they are a set of their own, some to be asked about. */
export interface Images {
  readonly train: DataRef;
  readonly test?: DataRef;
}

/** What a study's cells are made of. */
export interface Plan<Config> {
  readonly scale: Scale;
  readonly config: Config;
  /** All random numbers of a cell follow from one of these. */
  readonly seeds: readonly number[];
  /** Given where the study has `images`. */
  readonly images?: Images;
}

/** What was measured for a claim. */
export interface Measured {
  readonly value: number;
  /** The ends of a 98 % interval over the seeds, where there are several. */
  readonly low?: number;
  readonly high?: number;
  readonly seeds: number;
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
  /** Undefined where these results have nothing about it. */
  measure(results: readonly Result<Row>[]): Measured | undefined;
  holds(measured: Measured): Verdict;
}

/** A study. `Config` are its settings, `CellConfig` what a cell computes, `Row` what a cell comes to, as JSON. */
export interface Study<Config = unknown, CellConfig = unknown, Row = unknown> {
  /** What the command line calls it; it is the kind of its cells too. */
  readonly name: string;
  readonly papers: readonly Paper[];
  /** What it asks and claims, in a paragraph. */
  readonly about: string;
  /** What could be known of the experiment; "abstract only" means that it is inspired by the paper, no more. */
  readonly basis: "authors' code" | "full text" | "abstract only";
  /** Its settings. */
  readonly fields: Fields<Config>;
  /** How many images of each class the built-in characters give at each scale, for a study that is about images. */
  readonly images?: Readonly<Record<Scale, number>>;
  /** Seeds at each scale, and about how many seconds all cells take on one core. */
  readonly effort: Readonly<Record<Scale, { readonly seeds: number; readonly seconds: number }>>;
  cells(plan: Plan<Config>): readonly Cell<CellConfig>[];
  run(cell: Cell<CellConfig>, context: Context): Row | Promise<Row>;
  readonly claims: readonly Claim<Row>[];
}

/** A study whatever its settings and rows. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds studies of all types, each only used with its own.
export type AnyStudy = Study<any, any, any>;
