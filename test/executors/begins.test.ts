// A server that goes away while workers and commands begin: BullMQ's own workers would take no job ever after.
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/index.js";
import { openPostgres } from "../../src/engines/queue/postgres.js";
import { openRedis } from "../../src/engines/queue/redis.js";
import { openSender } from "../../src/engines/queue/sender.js";
import { steadily } from "../../src/engines/queue/steady.js";
import { hasPostgres, hasRedis, postgresServer, redisServer, until } from "./servers.js";

/** How long before the server ends each of them begins, in milliseconds. */
const BEFORE = Array.from({ length: 30 }, (_, moment) => 2 * moment);

const places = [
  { name: "Redis", has: hasRedis, open: redisServer, link: openRedis },
  { name: "PostgreSQL", has: hasPostgres, open: postgresServer, link: openPostgres },
];

describe.each(places)("$name", ({ has, open, link: openLink }) => {
  it.runIf(has)("ends while workers begin, and they work when it is back", async () => {
    const server = await open();
    const link = await openLink(server.url, undefined);
    try {
      const done = new Set<string>();
      const takers = BEFORE.map((before) => {
        const name = `begins-${before}`;
        const note = async (): Promise<{ by: string }> => {
          done.add(name);
          return { by: name };
        };
        const options = { count: 1, lease: 1000, name };
        return { before, name, taker: steadily(() => link.take(name, note, options)) };
      });
      const began = takers.map(async ({ before, taker }) => {
        await wait(Math.max(...BEFORE) - before);
        await taker.run();
      });
      await wait(Math.max(...BEFORE));
      await server.kill();
      await wait(500);
      await server.restart();
      for (const { name } of takers) {
        const queue = link.queue(name);
        const job = { cell: { kind: "none", config: {}, seed: 0 }, rows: [] };
        await queue.add("cell", job, { jobId: name, attempts: 3 });
      }
      await until(() => done.size === takers.length, "all have worked");
      await Promise.all(takers.map(({ taker }) => taker.close()));
      await Promise.all(began);
      expect([...done].sort()).toEqual(takers.map(({ name }) => name).sort());
    } finally {
      await link.close();
      await server.close();
    }
  });

  it.runIf(has)("ends while commands begin, and each begins or says what happened", async () => {
    const server = await open();
    const links = await Promise.all(BEFORE.map(() => openLink(server.url, undefined)));
    try {
      const said = BEFORE.map(async (before, i) => {
        await wait(Math.max(...BEFORE) - before);
        const judge = (): never => {
          throw new Error("nothing is in doubt");
        };
        const options = { data: [], window: 1, priority: 0, check: 0, judge, tell: () => {}, id: `begins-${before}` };
        return openSender(links[i], options).then(
          (sender) => sender.close().then(() => undefined),
          (error) => error,
        );
      });
      await wait(Math.max(...BEFORE));
      await server.kill();
      await wait(500);
      await server.restart();
      for (const error of (await Promise.all(said)).filter((each) => each !== undefined)) {
        expect(error).toBeInstanceOf(InputError);
        expect(error.message).toMatch(/cannot be used: .*Start the server, or correct the address\.$/);
      }
    } finally {
      await server.close();
    }
  });
});
