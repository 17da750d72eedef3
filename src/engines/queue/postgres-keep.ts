// Bytes and notes in PostgreSQL: one table, in a schema of its own. What is over is not seen, and is deleted now and then.
import type { Pool } from "pg";
import { bytesOf, type Keep, textOf } from "./keep.js";

/** The schema of this table. BullMQ's tables stand in another. */
const SCHEMA = "synaptape";

const TABLE = `${SCHEMA}.kept`;

/** Two processes that begin at once must not both make the table. */
const MAKE = `
  BEGIN;
  SELECT pg_advisory_xact_lock(hashtext('${TABLE}'));
  CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
  CREATE TABLE IF NOT EXISTS ${TABLE} (
    space text NOT NULL,
    name text NOT NULL,
    bytes bytea NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (space, name)
  );
  COMMIT;
`;

/** What is kept until now plus a number of seconds. */
const UNTIL = "now() + make_interval(secs => $4)";

const BOARD = "board ";

/** Keeps bytes and notes where this pool is connected. */
export async function postgresKeep(pool: Pool): Promise<Keep> {
  await pool.query(MAKE);
  await pool.query(`DELETE FROM ${TABLE} WHERE until < now()`);

  const put = async (space: string, name: string, bytes: Uint8Array, seconds: number): Promise<void> => {
    await pool.query(
      `INSERT INTO ${TABLE} VALUES ($1, $2, $3, ${UNTIL})
       ON CONFLICT (space, name) DO UPDATE SET bytes = excluded.bytes, until = excluded.until`,
      [space, name, Buffer.from(bytes), seconds],
    );
  };
  const remove = async (space: string, name: string): Promise<void> => {
    await pool.query(`DELETE FROM ${TABLE} WHERE space = $1 AND name = $2`, [space, name]);
  };
  const get = async (space: string, names: readonly string[]): Promise<(Uint8Array | undefined)[]> => {
    const { rows } = await pool.query<{ name: string; bytes: Buffer }>(
      `SELECT name, bytes FROM ${TABLE} WHERE space = $1 AND name = ANY($2) AND until > now()`,
      [space, names],
    );
    const found = new Map(rows.map(({ name, bytes }) => [name, bytes]));
    return names.map((name) => found.get(name));
  };
  return {
    ...{ get, put, remove },
    async putOnce(space, name, bytes, seconds) {
      for (;;) {
        // One that is over makes room.
        const { rowCount } = await pool.query(
          `INSERT INTO ${TABLE} AS kept VALUES ($1, $2, $3, ${UNTIL})
           ON CONFLICT (space, name) DO UPDATE SET bytes = excluded.bytes, until = excluded.until
           WHERE kept.until < now()`,
          [space, name, Buffer.from(bytes), seconds],
        );
        if (rowCount === 1) return undefined;
        const [before] = await get(space, [name]);
        if (before) return before; // else it was removed in between
      }
    },
    async notes(board) {
      const { rows } = await pool.query<{ name: string; bytes: Buffer }>(
        `SELECT name, bytes FROM ${TABLE} WHERE space = $1 AND until > now()`,
        [BOARD + board],
      );
      return new Map(rows.map(({ name, bytes }) => [name, textOf(bytes)]));
    },
    note: (board, name, text, seconds) => put(BOARD + board, name, bytesOf(text), seconds),
    unnote: (board, name) => remove(BOARD + board, name),
    close: () => pool.end(),
  };
}
