// Reads the folder of a run, up to the step of its checkpoint, without changing anything.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError, plain } from "../core/index.js";
import { decodeCheckpoint } from "./checkpoint.js";
import { explained, readPlain, systemCode } from "./files.js";
import { RowHash, readNotes, readRows } from "./lines.js";
import type { RunFormat, RunState } from "./run-format.js";

/** The file that makes a folder a run. */
export const CONFIG = "config.json";

/** The file of the state. */
export const CHECKPOINT = "checkpoint.safetensors";

/** The content of a run's folder. */
export interface Loaded<Config, State, Row, Note> extends RunState<Config, State, Row, Note> {
  /** Bytes of the rows that the checkpoint includes. */
  readonly end: number;
  /** The notes that the checkpoint includes, as text. */
  readonly noteText: string;
  readonly hashes: Hashes<Row, Note>;
}

/** The checksums of the lines that the checkpoint includes. */
export interface Hashes<Row, Note> {
  readonly rows: RowHash<Row>;
  readonly notes: RowHash<Note> | undefined;
}

/** The checksums of no lines at all. */
export const newHashes = <Row, Note>({
  rows,
  notes,
}: Pick<RunFormat<never, never, Row, Note>, "rows" | "notes">): Hashes<Row, Note> => ({
  rows: RowHash.of(rows),
  notes: notes && RowHash.of(notes),
});

/** The bytes of a file of the run in `folder`. */
async function load(folder: string, name: string): Promise<Uint8Array> {
  return readPlain(join(folder, name)).catch((error: unknown) => {
    if (name === CONFIG && ["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) {
      const fact = `${plain(folder)} is not a run: it has no ${CONFIG}`;
      throw new InputError(`[run] ${fact}. Give the folder that a run wrote.`, { cause: error });
    }
    const cure = "Put it back, or start a new run with another `out`.";
    throw explained(error, `${plain(join(folder, name))} cannot be read`, cure);
  });
}

/** Whether a run has begun in a folder. */
export const hasRun = (folder: string): boolean => existsSync(join(folder, CONFIG));

/** The configuration of the run in `folder`. Throws an InputError naming the file that is missing or broken. */
export async function readConfig<Config>(
  { config }: Pick<RunFormat<Config, never, never, never>, "config">,
  folder: string,
): Promise<Config> {
  const bytes = await load(folder, CONFIG);
  const name = plain(join(folder, CONFIG));
  const parse = (): unknown => {
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (cause) {
      throw new InputError(`[run] ${name} is not JSON. Put back the file that the run wrote.`, { cause });
    }
  };
  return config.parse(parse(), name);
}

/**
 * The run in `folder`.
 *
 * @throws InputError naming the file that is missing or damaged.
 */
export async function readFolder<Config, State, Row, Note>(
  format: RunFormat<Config, State, Row, Note>,
  folder: string,
): Promise<Loaded<Config, State, Row, Note>> {
  const config = await readConfig(format, folder);
  const file = plain(join(folder, CHECKPOINT));
  const { state, position } = decodeCheckpoint(format, await load(folder, CHECKPOINT), file);
  if (position.marks.config !== format.config.hash(config)) {
    throw new InputError(
      `[run] ${plain(join(folder, CONFIG))} is not the one that the run began with. Put it back; ` +
        `only ${format.config.free} may be changed.`,
    );
  }
  const { done: count, checksums } = position;
  const place = plain(join(folder, format.rows.file));
  const bytes = await load(folder, format.rows.file);
  const { rows, end } = readRows(format.rows, format.unit, { bytes, count, file: place });
  const none = newHashes(format);
  const hashes = { rows: none.rows.with(rows), notes: none.notes };
  hashes.rows.check(checksums[format.rows.checksum], place);
  if (!format.notes || !none.notes) return { config, state, position, rows, notes: [], end, noteText: "", hashes };
  const notesFile = join(folder, format.notes.file);
  const there = plain(notesFile);
  const found = readNotes(format.notes, await textOf(notesFile), count, there);
  const notes = found.map(({ row }) => row);
  const noteText = found.map(({ line }) => `${line}\n`).join("");
  const noted = none.notes.withText(noteText);
  noted.check(checksums[format.notes.checksum], there);
  return { config, state, position, rows, notes, end, noteText, hashes: { ...hashes, notes: noted } };
}

/** The text of an optional file; "" if it does not exist. */
async function textOf(file: string): Promise<string> {
  const bytes = await readPlain(file).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return "";
    throw explained(error, `${plain(file)} cannot be read`, "Put it back, or take it away.");
  });
  return bytes.toString();
}
