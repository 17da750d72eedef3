// What is delivered, added or asked for twice is computed once, and counts once.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identity } from "../../src/engines/identity.js";
import { controlQueue } from "../../src/engines/queue/control.js";
import { queueName } from "../../src/engines/queue/fleet.js";
import type { CellJobData, Link } from "../../src/engines/queue/link.js";
import { openPostgres } from "../../src/engines/queue/postgres.js";
import { openRedis } from "../../src/engines/queue/redis.js";
import { type Cell, cellName, type Executor, here, memoryStore, runCells } from "../../src/runs/index.js";
import { commandLine, objects } from "../cli/fixtures.js";
import { countOf, endAll, SWEEP, worker } from "./fleet.js";
import { cells, queueHere, square, squares, squaresOf } from "./here.js";
import { hasPostgres, hasRedis, postgresServer, redisServer, type Server, until } from "./servers.js";
import { filesOf } from "./trouble.js";

const places = [
  { name: "Redis", has: hasRedis, open: redisServer, connect: openRedis },
  { name: "PostgreSQL", has: hasPostgres, open: postgresServer, connect: openPostgres },
];

describe.each(places)("on $name", ({ has, open, connect }) => {
  let server: Server;
  beforeAll(async () => {
    if (has) server = await open();
  });
  afterAll(() => server?.close());
  const { worker: workHere, sender } = queueHere(() => connect(server.url, undefined));

  /** Computes squares, and counts how often each cell was computed. */
  const counting = () => {
    const counts = new Map<number, number>();
    const inner = here([square]);
    const executor: Executor = {
      ...inner,
      async submit(cell, how) {
        counts.set(cell.seed, (counts.get(cell.seed) ?? 0) + 1);
        return inner.submit(cell, how);
      },
    };
    return { counts, executor };
  };
  const once = (count: number) => new Map(Array.from({ length: count }, (_, seed) => [seed, 1]));

  /** Adds the job of a cell by hand, as a careless program might. */
  const add = async (link: Link, cell: Cell, more: object = {}): Promise<unknown> => {
    const data: CellJobData = { cell, rows: [] };
    return link.queue(queueName(identity())).add("cell", data, { jobId: await cellName(cell), ...more });
  };

  it.runIf(has)("a job that is added by hand while it waits, while it is computed and after its end", async () => {
    const { counts, executor } = counting();
    const command = await sender();
    const { link } = command;
    await controlQueue(link, "pause");
    const mine = cells(3, { takes: 400 });
    const all = Promise.all(mine.map((cell) => add(link, cell)));
    await all;
    const results: number[] = [];
    const running = runCells(mine, {
      ...{ store: memoryStore(), executor: command.executor },
      onResult: ({ cell }) => void results.push(cell.seed),
    });
    await until(async () => (await controlQueue(link, "status")).senders.length === 1, "the command is there");
    for (const cell of mine) await add(link, cell);
    expect((await controlQueue(link, "status")).waiting).toBe(3);
    const { end } = await workHere("counts", executor);
    await controlQueue(link, "resume");
    await until(() => counts.size > 0, "one is computed");
    for (const cell of mine) await add(link, cell);
    expect(squaresOf((await running).results)).toEqual(squares(3));
    for (const cell of mine) await add(link, cell, { removeOnComplete: true });
    await until(async () => {
      const { waiting, active } = await controlQueue(link, "status");
      return waiting + active === 0;
    }, "nothing is left");
    expect(await end()).toBe(3);
    expect(counts).toEqual(once(3));
    expect(results.sort()).toEqual([0, 1, 2]);
  });

  it.runIf(has)("cells that two commands ask for at once, of which one is stopped", async () => {
    const { counts, executor } = counting();
    const [first, second, third] = [await sender(), await sender(), await sender()];
    await controlQueue(first.link, "pause");
    const mine = cells(6, { takes: 100 });
    const stop = new AbortController();
    const stopped = runCells(mine, { store: memoryStore(), executor: third.executor, signal: stop.signal });
    const both = [first, second].map((each) => runCells(mine, { store: memoryStore(), executor: each.executor }));
    await until(async () => (await controlQueue(first.link, "status")).waiting === 6, "they wait");
    stop.abort();
    expect((await stopped).stopped).toBe(true);
    const { end } = await workHere("one", executor);
    await controlQueue(first.link, "resume");
    for (const { results } of await Promise.all(both)) expect(squaresOf(results)).toEqual(squares(6));
    expect(await end()).toBe(6);
    expect(counts).toEqual(once(6));
  });
});

describe.skipIf(!hasRedis)("a sweep", () => {
  const line = commandLine();
  const { folder, run, start } = line;

  it("that two folders ask for at once gives both the files of threads, and is computed once", async () => {
    const server = await redisServer();
    try {
      expect(await run(...SWEEP, "--workers", "2", "--out", "threads")).toMatchObject({ code: 0, stderr: "" });
      const workers = await Promise.all([0, 1].map(() => worker(line, server.url)));
      const sweeps = ["a", "b"].map((out) => start([...SWEEP, "--executor", server.url, "--out", out, "--json"]));
      for (const { code, stdout, stderr } of await Promise.all(sweeps.map(({ ended }) => ended))) {
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(objects(stdout).at(-1)).toMatchObject({ done: true, trials: 6, failed: 0 });
      }
      for (const out of ["a", "b"]) expect(filesOf(join(folder, out))).toEqual(filesOf(join(folder, "threads")));
      const counts = (await endAll(workers)).map(countOf);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(24);
    } finally {
      await server.close();
    }
  });
});
