// The folder of a run: config.json, metrics.jsonl and checkpoint.safetensors. This is for Node, and is loaded only when
// a folder is used.
//
// A kill at any instant loses the unfinished steps and nothing else:
// - a new run writes its rows (none) and its first checkpoint before config.json, which makes the folder a run; what a
//   kill leaves before that is overwritten by the next attempt;
// - `record` appends rows to metrics.jsonl, syncs, and then replaces the checkpoint. Rows that the checkpoint does not
//   include are cut off when the run is resumed.
import { type FileHandle, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError, plain } from "../core/index.js";
import { encodeCheckpoint } from "./checkpoint.js";
import { appendSynced, explained, isAside, removeAsides, syncFolder, writeAside } from "./files.js";
import type { Lock } from "./held.js";
import { linesOf } from "./lines.js";
import { isLockFile, lockFolder } from "./lock.js";
import { makeFolder } from "./make-folder.js";
import { CHECKPOINT, CONFIG, type Hashes, newHashes, readConfig, readFolder } from "./read-folder.js";
import type { Position, Run, RunFormat, RunState } from "./run-format.js";

/**
 * With a listener for the signal, writing past a limit on file sizes fails with EFBIG; without one, it ends the
 * process.
 */
const surviveSignal = (): void => {};

/** A run's folder, open for writing. */
export class RunFolder<Config, State, Row, Note = never> implements Run<State, Row, Note> {
  private constructor(
    private readonly format: RunFormat<Config, State, Row, Note>,
    readonly folder: string,
    private readonly rows: FileHandle,
    private readonly lock: Lock,
    private size: number,
    private position: Position,
    private hashes: Hashes<Row, Note>,
  ) {
    process.on("SIGXFSZ", surviveSignal);
  }

  /**
   * Sets up a new run in `folder`. If that fails, everything it made is removed.
   *
   * @param begin the configuration, the state before the first step, and the marks of the run; see `Position.marks`.
   * @param held the folder's lock, if the caller already holds it.
   * @throws InputError for a folder that is not empty or cannot be written.
   */
  static async create<Config, State, Row, Note>(
    format: RunFormat<Config, State, Row, Note>,
    folder: string,
    begin: { readonly config: Config; readonly state: State; readonly marks: Position["marks"] },
    held?: Lock,
  ): Promise<RunFolder<Config, State, Row, Note>> {
    const hashes = newHashes(format);
    const position: Position = { done: 0, marks: begin.marks, checksums: checksumsOf(format, hashes) };
    const own = ownFiles(format);
    process.on("SIGXFSZ", surviveSignal);
    const made: string[] = [];
    let vacant = false;
    let lock: Lock | undefined;
    try {
      await makeFolder(resolve(folder), made);
      await checkVacant(folder, format.rows.file);
      lock = held ?? (await lockFolder(folder));
      await checkVacant(folder, format.rows.file); // another run may have begun meanwhile
      vacant = true;
      await writeAside(folder, format.rows.file, "");
      await writeAside(folder, CHECKPOINT, encodeCheckpoint(format, begin.state, position));
      await syncFolder(folder);
      await writeAside(folder, CONFIG, `${JSON.stringify(begin.config, undefined, 2)}\n`);
      await syncFolder(folder);
      const rows = await open(join(folder, format.rows.file), "a");
      return new RunFolder(format, folder, rows, lock, 0, position, hashes);
    } catch (error) {
      const remove = (name: string): Promise<void> => rm(join(folder, name), { force: true }).catch(() => {});
      if (vacant) {
        for (const name of [CONFIG, CHECKPOINT, format.rows.file]) await remove(name);
        await removeAsides(folder, own).catch(() => {});
      }
      await lock?.release();
      for (const path of made.reverse()) await rmdir(path).catch(() => {});
      throw explained(
        error,
        `a run cannot be set up in ${plain(folder)}`,
        "Nothing was left there. Choose another `out`.",
      );
    } finally {
      process.off("SIGXFSZ", surviveSignal);
    }
  }

  /**
   * Opens the run in `folder` at the step of its checkpoint, and cuts off what the checkpoint does not include.
   *
   * @param check throws if the run cannot be continued; it is called before anything is changed.
   * @param held the folder's lock, if the caller already holds it.
   */
  static async reopen<Config, State, Row, Note>(
    format: RunFormat<Config, State, Row, Note>,
    folder: string,
    check: (run: RunState<Config, State, Row, Note>) => void | Promise<void>,
    held?: Lock,
  ): Promise<RunState<Config, State, Row, Note> & { readonly run: RunFolder<Config, State, Row, Note> }> {
    await readConfig(format, folder); // a folder that is not a run is left as it is
    const lock = await Promise.resolve(held ?? lockFolder(folder)).catch((error: unknown) => {
      throw explained(error, `${plain(folder)} cannot be continued`, "Put that right and try again.");
    });
    try {
      const { end, noteText, hashes, ...state } = await readFolder(format, folder);
      await check(state);
      const { position } = state;
      try {
        await removeAsides(folder, ownFiles(format));
        if (format.notes) await cutNotes(folder, format.notes.file, noteText);
        const rows = await open(join(folder, format.rows.file), "a");
        try {
          await rows.truncate(end);
          await rows.sync();
        } catch (error) {
          await rows.close();
          throw error;
        }
        return { ...state, run: new RunFolder(format, folder, rows, lock, end, position, hashes) };
      } catch (error) {
        const whole = `It is whole up to ${format.unit} ${position.done}.`;
        throw explained(error, `${plain(folder)} cannot be continued`, whole);
      }
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The number of steps that are safely on disk. */
  get done(): number {
    return this.position.done;
  }

  /** Puts some steps on disk: their rows, then the state after them. */
  async record(rows: readonly Row[], state: State, notes: readonly Note[] = []): Promise<void> {
    const { format, folder } = this;
    const lines = Buffer.from(linesOf(format.rows, rows));
    const hashes = { rows: this.hashes.rows.with(rows), notes: this.hashes.notes?.with(notes) };
    const done = this.position.done + rows.length;
    const position = { ...this.position, done, checksums: checksumsOf(format, hashes) };
    await this.lock.check().catch((error: unknown) => this.cannotWrite(error));
    const { size } = await this.rows.stat().catch((error: unknown) => this.cannotWrite(error));
    if (size !== this.size) {
      throw new InputError(
        `[run] ${plain(join(folder, format.rows.file))} was changed from outside; another process may be running this run. ` +
          `End it, then continue with \`resume\` ${plain(folder)}.`,
      );
    }
    try {
      if (format.notes && notes.length > 0) {
        await appendSynced(join(folder, format.notes.file), linesOf(format.notes, notes));
      }
      await this.rows.appendFile(lines);
      await this.rows.sync();
      await writeAside(folder, CHECKPOINT, encodeCheckpoint(format, state, position));
    } catch (error) {
      await this.rows.truncate(this.size).catch(() => {});
      return this.cannotWrite(error);
    }
    // The new checkpoint is in place, so from here on the lines must stay, whatever happens.
    this.size += lines.length;
    this.position = position;
    this.hashes = hashes;
    await syncFolder(folder).catch((error: unknown) => this.cannotWrite(error));
  }

  /** Throws the explanation of an error while writing. */
  private async cannotWrite(error: unknown): Promise<never> {
    const { folder, format } = this;
    if (!(await stat(folder).catch(() => undefined))) {
      throw new InputError(
        `[run] ${plain(folder)} was removed or renamed while its run went on. If it was renamed, continue it with ` +
          "`resume` and its new name; if it was removed, begin the run again.",
        { cause: error },
      );
    }
    const cure = `put that right, then continue with \`resume\` ${plain(folder)}.`;
    const whole = `It is whole up to ${format.unit} ${this.position.done}: ${cure}`;
    throw explained(error, `${plain(folder)} cannot be written`, whole);
  }

  async close(): Promise<void> {
    process.off("SIGXFSZ", surviveSignal);
    await this.rows.close();
    await this.lock.release();
  }
}

/** The files that a run of this format writes. */
const ownFiles = <Row, Note>({ rows, notes }: Pick<RunFormat<never, never, Row, Note>, "rows" | "notes">): string[] => [
  ...[rows.file, CHECKPOINT, CONFIG],
  ...(notes ? [notes.file] : []),
];

/** The checksums of the lines, for the checkpoint. */
const checksumsOf = <Row, Note>(
  { rows, notes }: Pick<RunFormat<never, never, Row, Note>, "rows" | "notes">,
  hashes: Hashes<Row, Note>,
): Position["checksums"] => ({
  [rows.checksum]: hashes.rows.hex,
  ...(notes && hashes.notes && { [notes.checksum]: hashes.notes.hex }),
});

/** Removes all lines but these. The steps of the others are done again, with the same results. */
async function cutNotes(folder: string, file: string, kept: string): Promise<void> {
  const { size } = await stat(join(folder, file)).catch(() => ({ size: 0 }));
  if (Buffer.byteLength(kept) !== size) await writeAside(folder, file, kept);
}

/** Throws an InputError if a run cannot begin in `folder`. Files left by a killed set-up do not count. */
async function checkVacant(folder: string, rows: string): Promise<void> {
  const own = [rows, CHECKPOINT, CONFIG];
  const names = (await readdir(folder)).filter((name) => !isLockFile(name) && !own.some((file) => isAside(name, file)));
  if (names.includes(CONFIG)) {
    throw new InputError(
      `[run] ${plain(folder)} holds a run. Continue it with \`resume\` ${plain(folder)}, or choose another \`out\`.`,
    );
  }
  if (names.length === 0) return;
  const leftover = names.includes(rows) && names.every((name) => own.includes(name));
  if (leftover && (await stat(join(folder, rows))).size === 0) return;
  throw new InputError(`[run] ${plain(folder)} is not empty and holds no run. Choose another \`out\`.`);
}
