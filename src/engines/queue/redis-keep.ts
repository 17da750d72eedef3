// Bytes and notes in Redis: a key for each name, which Redis forgets by itself, and a hash for each board.
import type { Redis } from "ioredis";
import type { Keep } from "./keep.js";

/** What all keys begin with. */
const PREFIX = "synaptape";

interface Note {
  readonly text: string;
  /** When it is forgotten, in milliseconds since 1970. */
  readonly until: number;
}

/** Keeps bytes and notes where this client is connected. */
export function redisKeep(client: Redis): Keep {
  const key = (space: string, name: string): string => `${PREFIX}:${space}:${name}`;
  const board = (name: string): string => `${PREFIX}:board:${name}`;
  return {
    async get(space, names) {
      if (names.length === 0) return [];
      const found = await client.mgetBuffer(...names.map((name) => key(space, name)));
      return found.map((bytes) => bytes ?? undefined);
    },
    async putOnce(space, name, bytes, seconds) {
      const at = key(space, name);
      for (;;) {
        if (await client.set(at, Buffer.from(bytes), "EX", seconds, "NX")) return undefined;
        const before = await client.getBuffer(at);
        if (before) return before; // else it was forgotten in between
      }
    },
    async put(space, name, bytes, seconds) {
      await client.set(key(space, name), Buffer.from(bytes), "EX", seconds);
    },
    async remove(space, name) {
      await client.del(key(space, name));
    },
    async notes(name) {
      const [now, found] = [Date.now(), await client.hgetall(board(name))];
      const notes = Object.entries(found).map(([of, json]) => [of, JSON.parse(json) as Note] as const);
      const stale = notes.filter(([, { until }]) => until < now).map(([of]) => of);
      if (stale.length > 0) await client.hdel(board(name), ...stale);
      return new Map(notes.filter(([, { until }]) => until >= now).map(([of, { text }]) => [of, text]));
    },
    async note(name, of, text, seconds) {
      const note: Note = { text, until: Date.now() + 1000 * seconds };
      await client.hset(board(name), of, JSON.stringify(note));
    },
    async unnote(name, of) {
      await client.hdel(board(name), of);
    },
    async close() {
      client.disconnect();
    },
  };
}
