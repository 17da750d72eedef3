// The rules of a queue: who is believed, what comes first, how much is under way, and what stops.
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controlQueue } from "../../src/engines/queue/control.js";
import { ordersOf } from "../../src/engines/queue/fleet.js";
import { keepOutcome } from "../../src/engines/queue/outcome.js";
import { openRedis } from "../../src/engines/queue/redis.js";
import { type Cell, cellName, type Executor, here, memoryStore, runCells, Stopped } from "../../src/runs/index.js";
import { cells, queueHere, square, squares, squaresOf } from "./here.js";
import { hasRedis, redisServer, type Server, until } from "./servers.js";

describe.skipIf(!hasRedis)("a queue", () => {
  let server: Server;
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server?.close());

  const { connect, worker, sender } = queueHere(() => openRedis(server.url, undefined));

  /** Says that every square is one larger. */
  const liar = (): Executor => {
    const inner = here([square]);
    return {
      ...inner,
      async submit(cell, how) {
        return { square: ((await inner.submit(cell, how)) as { square: number }).square + 1 };
      },
    };
  };

  it("errors of cells arrive as what they are, and the others go on", async () => {
    const { end } = await worker("honest");
    const { executor } = await sender();
    const { results, failures } = await runCells(cells(16), { store: memoryStore(), executor });
    expect(squaresOf(results)).toEqual(squares(16).filter((_, seed) => seed !== 13));
    expect(failures.map(({ cell, error }) => [cell.seed, (error as Error).name, (error as Error).message])).toEqual([
      [13, "RangeError", "13 brings bad luck"],
    ]);
    await end();
  });

  it("with --check a liar is found at its first cell, named and barred, and nothing of it is kept", async () => {
    const [lying, honest] = await Promise.all([worker("liar", liar()), worker("honest")]);
    const { executor, told, link } = await sender({ check: 0.2 });
    const { results, failures } = await runCells(cells(12, { takes: 30 }), { store: memoryStore(), executor });
    expect(failures).toEqual([]);
    expect(squaresOf(results)).toEqual(squares(12));
    expect(told.join()).toMatch(
      /^the worker liar gave other bits than this machine for the cell of seed \d+ of square\./,
    );
    expect((await ordersOf(link.keep)).barred).toEqual(new Set(["liar"]));
    await expect(lying.done).rejects.toThrow(/^\[worker\] this machine computes other bits than the one that sends/);
    await honest.end();
  });

  it("a liar that a late duplicate contradicts is found too: what was taken from it is computed again", async () => {
    const lying = await worker("second liar", liar());
    const { executor, told, link } = await sender();
    const store = memoryStore();
    const plain = cells(11, { takes: 20 });
    // The last one is computed from the others.
    const all: Cell[] = [...plain, { kind: "square", config: plain[0].config, seed: 11, needs: plain }];
    const seen: number[] = [];
    let late: Promise<unknown> | undefined;
    let honest: ReturnType<typeof worker> | undefined;
    const { results, failures } = await runCells(all, {
      ...{ store, executor },
      onResult({ cell, row }) {
        seen.push((row as { square: number }).square);
        if (late || cell.seed !== 3) return;
        const outcome = { by: "late", row: { square: 9 } };
        late = cellName(cell).then((name) => keepOutcome(link.keep, name, outcome, (sentence) => told.push(sentence)));
        honest = late.then(() => worker("honest again"));
      },
    });
    expect(seen[0]).toBe(1); // the lie was taken at first
    expect(failures).toEqual([]);
    const sum = squares(11).reduce((a, b) => a + b, 0);
    expect(squaresOf(results)).toEqual([...squares(11), 121 + sum]);
    expect(told[0]).toMatch(/gave other bits here than at second liar/);
    expect(told[1]).toMatch(/^the worker second liar gave other bits than this machine/);
    await expect(lying.done).rejects.toThrow(/other bits/);
    expect((await store.get(all[11]))?.row).toEqual({ square: 121 + sum });
    await (await honest)?.end();
  });

  it("what honest workers computed from the rows of a liar is computed again, also for those who come later", async () => {
    const plain = cells(4);
    const sum: Cell = { kind: "square", config: plain[0].config, seed: 5, needs: plain };
    const link = await connect();
    // The liar gives the cell back that needs the others, so an honest worker adds the lies up.
    const lying = await worker("third liar", {
      ...liar(),
      async submit(cell, how) {
        if (!cell.needs) return liar().submit(cell, how);
        lying.stop();
        throw new Stopped();
      },
    });
    const seen: number[] = [];
    const sums: number[] = [];
    const told: string[] = [];
    let honest: ReturnType<typeof worker> | undefined;
    const { executor } = await sender({ tell: (sentence) => void told.push(sentence) });
    const { results, failures } = await runCells([...plain, sum], {
      ...{ store: memoryStore(), executor },
      onResult({ cell, row }) {
        const { square: value } = row as { square: number };
        (cell.needs ? sums : seen).push(value);
        if (seen.length !== 4 || honest) return;
        const outcome = { by: "late", row: { square: 0 } };
        const name = cellName(plain[0]);
        honest = name.then((of) => keepOutcome(link.keep, of, outcome, () => {})).then(() => worker("adds up"));
      },
    });
    expect(failures).toEqual([]);
    expect(sums).toEqual([25 + 0 + 1 + 4 + 9 + 4, 25 + 0 + 1 + 4 + 9]);
    expect(squaresOf(results)).toEqual([0, 1, 4, 9, 39]);
    expect(told.join()).toMatch(/^the worker third liar gave other bits/);
    const later = await sender();
    const again = await runCells([...plain, sum], { store: memoryStore(), executor: later.executor });
    expect(squaresOf(again.results)).toEqual([0, 1, 4, 9, 39]);
    expect((await ordersOf(link.keep)).barred).not.toContain("adds up");
    await (await honest)?.end();
  });

  it("never holds more cells than the window, and the smaller number comes first", async () => {
    const { executor, link } = await sender({ window: 3 });
    const urgent = await sender({ priority: 0 });
    const patient = await sender({ priority: 7 });
    await controlQueue(link, "pause");
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const count = async () => (await controlQueue(link, "status")).waiting;
    const first = runCells(cells(9), { store: memoryStore(), executor, onResult: note("window") });
    await until(async () => (await count()) === 3, "three cells wait");
    await wait(300);
    expect(await count()).toBe(3);
    const low = runCells(cells(4), { store: memoryStore(), executor: patient.executor, onResult: note("patient") });
    await until(async () => (await count()) === 7, "four more wait");
    const high = runCells(cells(4), { store: memoryStore(), executor: urgent.executor, onResult: note("urgent") });
    await until(async () => (await count()) === 11, "and four more");
    const status = await controlQueue(link, "status");
    expect(status).toMatchObject({ paused: true, active: 0, senders: expect.arrayContaining([expect.any(String)]) });
    const { end } = await worker("one");
    await wait(300);
    expect(order).toEqual([]); // it is paused
    await controlQueue(link, "resume");
    await Promise.all([first, low, high]);
    expect(order.lastIndexOf("urgent")).toBeLessThan(order.indexOf("patient"));
    await end();
  });

  it("cells of a command that is stopped end, are taken off the queue, and can be sent again", async () => {
    const { end } = await worker("steady");
    const { executor, link } = await sender();
    const controller = new AbortController();
    const mine = cells(6, { takes: 1500 });
    const running = runCells(mine, { store: memoryStore(), executor, signal: controller.signal });
    await until(async () => (await controlQueue(link, "status")).active === 1, "a cell is under way");
    controller.abort();
    expect(await running).toMatchObject({ results: [], stopped: true });
    await until(async () => {
      const { waiting, active } = await controlQueue(link, "status");
      return waiting + active === 0;
    }, "nothing is left");
    const again = await runCells(mine.slice(0, 1), { store: memoryStore(), executor });
    expect(squaresOf(again.results)).toEqual([0]);
    await end();
  });

  it("a worker that drains finishes its cell; one that is stopped gives it back", async () => {
    const first = await worker("first");
    const { executor, link } = await sender();
    const running = runCells(cells(2, { takes: 1000 }), { store: memoryStore(), executor });
    const busy = async () => (await controlQueue(link, "status")).active === 1;
    await until(busy, "the first has a cell");
    expect(await first.end()).toBe(1);
    const second = await worker("second");
    await until(busy, "the second has a cell");
    second.stop();
    expect(await second.end()).toBe(0);
    const third = await worker("third");
    expect(squaresOf((await running).results)).toEqual([0, 1]);
    expect(await third.end()).toBe(1);
  });

  it("what is cleared, damaged or forgotten on the server is sent again while somebody waits", async () => {
    const { executor, link } = await sender();
    await controlQueue(link, "pause");
    const mine = cells(3);
    const running = runCells(mine, { store: memoryStore(), executor });
    await until(async () => (await controlQueue(link, "status")).waiting === 3, "they wait");
    await link.keep.put("result", await cellName(mine[1]), new TextEncoder().encode("damaged"), 60);
    await controlQueue(link, "clear");
    await controlQueue(link, "resume");
    const { end } = await worker("patient");
    expect(squaresOf((await running).results)).toEqual([0, 1, 4]);
    expect(await end()).toBe(3);
  });
});
