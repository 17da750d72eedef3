// What is kept of a run: any state that has a codec, and any rows that are JSON. Code that trains describes them here;
// the folder (`run-folder.ts`) knows nothing else about them.
import type { StoredTensor } from "../io/index.js";

/** How a state is stored: as named tensors, in an order that is always the same for the same state. */
export interface Codec<State> {
  /** The tensors of a state. */
  encode(state: State): Readonly<Record<string, StoredTensor>>;
  /** The state that these tensors from a file make up; undefined if they are not the tensors of a state. */
  decode(tensors: Readonly<Record<string, StoredTensor>>): State | undefined;
}

/** A file of a run that has one row a line. */
export interface Lines<Row> {
  /** The file's name, which ends in ".jsonl". */
  readonly file: string;
  /** What the checkpoint calls the checksum of its lines. */
  readonly checksum: string;
  /** The line of a row, without its end. */
  encode(row: Row): string;
  /** The row of a line; undefined if the line does not belong in this file. */
  decode(line: string): Row | undefined;
  /**
   * The text whose checksum is taken; by default the line. It should leave out times, so that equal runs have equal
   * checkpoints.
   */
  checked?(row: Row): string;
  /** The step that a row is about, from 1. */
  stepOf(row: Row): number;
}

/** What a kind of run keeps, and in which form. */
export interface RunFormat<Config, State, Row, Note = never> {
  /** What messages and the checkpoint call a step, such as "episode"; each step has one row. */
  readonly unit: string;
  /** The configuration, in config.json. */
  readonly config: {
    /**
     * A configuration from JSON.
     *
     * @param file what errors call it.
     * @throws InputError naming what is wrong.
     */
    parse(value: unknown, file: string): Config;
    /**
     * A hash of everything in the configuration that a run's bits depend on; a run is continued only if the hash has
     * not changed.
     */
    hash(config: Config): string;
    /** In words, which fields the hash leaves out; these may be changed. */
    readonly free: string;
  };
  /** The state after the steps that are done, in checkpoint.safetensors. */
  readonly state: Codec<State>;
  /** metrics.jsonl: a row for each step. */
  readonly rows: Lines<Row>;
  /** Another file of lines, which need not have a line for every step. */
  readonly notes?: Lines<Note>;
}

/** What a run's checkpoint holds besides the state. */
export interface Position {
  /** Steps done; the next one has this index. */
  readonly done: number;
  /** What identifies the run, by name: its seed, and the hashes of its configuration (`config`) and of its data. */
  readonly marks: Readonly<Record<string, string>>;
  /** SHA-256 of the lines of each file, by `Lines.checksum`. Checkpoints of earlier versions have none. */
  readonly checksums: Readonly<Record<string, string>>;
}

/** A run up to the step of its checkpoint. */
export interface RunState<Config, State, Row, Note = never> {
  readonly config: Config;
  readonly state: State;
  readonly position: Position;
  /** One for each step that is done. */
  readonly rows: readonly Row[];
  readonly notes: readonly Note[];
}

/** A run in progress: in a folder, or in memory. */
export interface Run<State, Row, Note = never> {
  /** Steps that are safely kept. */
  readonly done: number;
  /** Keeps the results of some steps: their rows, the state after them, and their notes. */
  record(rows: readonly Row[], state: State, notes?: readonly Note[]): Promise<void>;
  close(): Promise<void>;
}

/** A run that keeps nothing but the number of its steps. */
export function runInMemory<State, Row, Note = never>(): Run<State, Row, Note> {
  let done = 0;
  return {
    get done() {
      return done;
    },
    async record(rows) {
      done += rows.length;
    },
    async close() {},
  };
}
