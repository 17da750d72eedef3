// What an engine is: something that exists already and computes cells, such as threads, a queue on a server or a
// cluster. One record for each kind; the command line and programs know only these records.
import type { Dataset } from "../data/index.js";
import type { Executor } from "../runs/index.js";

/** What an engine is opened with. */
export interface EngineOptions {
  /** Images that cells ask for by their hash. More may be added until the first cell is submitted. */
  readonly data?: readonly Dataset[];
  /** The folder in which the results of the command end, for engines that keep files of their own. */
  readonly out?: string | undefined;
  /** Threads, for an engine that computes on this machine; one per core by default. */
  readonly workers?: number | undefined;
  /** Only show what would be submitted, for engines that submit scripts. */
  readonly dryRun?: boolean | undefined;
  /** Submit and do not wait, for engines that go on by themselves. */
  readonly leave?: boolean | undefined;
  /** The most cells that are given to the engine at once, where it is a queue; 64 by default. */
  readonly window?: number | undefined;
  /** Where the engine is a queue: 0, the default, comes before 1 and so on. */
  readonly priority?: number | undefined;
  /**
   * Where the engine is a queue: the share of the cells, from 0 to 1, that are computed here too, to find workers whose
   * bits differ; 0 by default. If it is not 0, the first cell of each worker is among them.
   */
  readonly check?: number | undefined;
  /** Is told, as a sentence, what the user should know while cells are computed. Nothing is told by default. */
  readonly tell?: ((sentence: string) => void) | undefined;
}

/** A kind of engine. */
export interface EngineKind {
  /** What it is called. */
  readonly name: string;
  /** How it is written on a command line: a word, or the form of an address. */
  readonly form: string;
  /** Whether `workers` says how many cells it computes at once on this machine. */
  readonly local: boolean;
  /** Whether it goes on by itself, so that a command may leave the work to it, or only show what it would submit. */
  readonly handsOver?: true;
  /** Whether this text names an engine of this kind. */
  owns(where: string): boolean;
  /**
   * Opens it. What it needs is loaded only now.
   *
   * @throws InputError that says what is missing or does not answer, and what to do.
   */
  open(where: string, options: EngineOptions): Promise<Executor>;
}
