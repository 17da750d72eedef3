// What is kept on the server of a queue, and the orders that are read from there.
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataset } from "../../src/data/index.js";
import { barWorker, cancelCell, fleetOf, joinFleet, ordersOf, wantCell } from "../../src/engines/queue/fleet.js";
import { imageFetcher, imageSender } from "../../src/engines/queue/images.js";
import { bytesOf, type Keep, textOf } from "../../src/engines/queue/keep.js";
import type { Link } from "../../src/engines/queue/link.js";
import { openPostgres } from "../../src/engines/queue/postgres.js";
import { openRedis } from "../../src/engines/queue/redis.js";
import { dataRef } from "../../src/runs/index.js";
import { hasPostgres, hasRedis, postgresServer, redisServer, type Server } from "./servers.js";

/** The servers, each with the way to it. */
const places = [
  { name: "Redis", has: hasRedis, open: redisServer, connect: openRedis },
  { name: "PostgreSQL", has: hasPostgres, open: postgresServer, connect: openPostgres },
];

describe.each(places)("what $name keeps", ({ has, open, connect }) => {
  let [server, link]: [Server | undefined, Link | undefined] = [undefined, undefined];
  let keep: Keep;
  beforeAll(async () => {
    if (!has) return;
    server = await open();
    link = await connect(server.url, undefined);
    keep = link.keep;
  });
  afterAll(async () => {
    await link?.close();
    await server?.close();
  });

  it.runIf(has)("bytes are kept once: of many writers at once the first one wins, and all see it", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `text ${i} \0 ${"x".repeat(1000 * i)}`);
    const before = await Promise.all(texts.map((text) => keep.putOnce("space", "name", bytesOf(text), 60)));
    const [kept] = (await keep.get("space", ["name"])).map((bytes) => bytes && textOf(bytes));
    expect(texts).toContain(kept);
    expect(before.filter((bytes) => bytes === undefined).length).toBe(1);
    for (const bytes of before) if (bytes) expect(textOf(bytes)).toBe(kept);
    expect(await keep.get("other", ["name"])).toEqual([undefined]);
  });

  it.runIf(has)("bytes are replaced, removed and forgotten in time", async () => {
    await keep.put("space", "a", bytesOf("one"), 60);
    await keep.put("space", "a", bytesOf("two"), 60);
    await keep.put("space", "b", bytesOf("short"), 1);
    const texts = async () => (await keep.get("space", ["a", "b", "c"])).map((bytes) => bytes && textOf(bytes));
    expect(await texts()).toEqual(["two", "short", undefined]);
    await keep.remove("space", "a");
    await wait(1200);
    expect(await texts()).toEqual([undefined, undefined, undefined]);
    expect(await keep.putOnce("space", "b", bytesOf("new"), 60)).toBeUndefined();
    expect(await texts()).toEqual([undefined, "new", undefined]);
  });

  it.runIf(has)("orders and members are seen until they are taken back or lapse", async () => {
    await cancelCell(keep, "c1");
    await cancelCell(keep, "c2");
    await barWorker(keep, "a machine/17", "it lies");
    await wantCell(keep, "c1");
    expect(await ordersOf(keep)).toEqual({ cancelled: new Set(["c2"]), barred: new Set(["a machine/17"]) });
    const leave = await joinFleet(keep, { role: "worker", id: "w", count: 3 }, (attempt) => attempt());
    await keep.note("fleet", "gone", "{}", 1);
    await wait(1200);
    expect(await fleetOf(keep)).toMatchObject([{ role: "worker", id: "w", count: 3 }]);
    await leave();
    expect(await fleetOf(keep)).toEqual([]);
  });

  it.runIf(has)("images travel in chunks and are verified: damaged ones are removed, and sent again", async () => {
    const [count, side] = [40, 256]; // 2.5 MiB: three chunks
    const images = Uint8Array.from({ length: count * side * side }, (_, i) => (i * 2654435761) >>> 24);
    const sent = dataset(
      "large",
      images,
      Array.from({ length: count }, (_, i) => i % 7),
      side,
      side,
    );
    const data = await dataRef(sent, "nowhere", "large");
    const cell = { kind: "k", config: {}, seed: 0, data };
    const missing = imageFetcher(keep)(cell);
    await expect(missing).rejects.toThrow(/are not on the server\. Run the command again/);
    await imageSender(keep, [sent])(cell);
    expect((await imageFetcher(keep)(cell)).get(data.hash)).toEqual({
      ...sent,
      images: expect.anything(),
    });
    const [arrived] = (await imageFetcher(keep)(cell)).values();
    expect(Buffer.from(arrived.images).equals(Buffer.from(images))).toBe(true);
    const [chunk] = (await keep.get("images", [`${data.hash}.1`])) as [Uint8Array];
    chunk[12345] ^= 1;
    await keep.put("images", `${data.hash}.1`, chunk, 60);
    await expect(imageFetcher(keep)(cell)).rejects.toThrow(/were damaged on the server, and have been removed/);
    await imageSender(keep, [sent])(cell);
    expect((await imageFetcher(keep)(cell)).size).toBe(1);
  });
});
