// A sweep whose runs are computed by the workers of a queue.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandLine, objects } from "../cli/fixtures.js";
import { countOf, endAll, SWEEP, worker } from "./fleet.js";
import { hasPostgres, hasRedis, postgresServer, redisServer, type Server } from "./servers.js";
import { filesOf } from "./trouble.js";

const line = commandLine();
const { folder, run } = line;

const places = [
  { name: "Redis", has: hasRedis, open: redisServer },
  { name: "PostgreSQL", has: hasPostgres, open: postgresServer },
];

beforeAll(async () => {
  if (places.some(({ has }) => has)) {
    expect(await run(...SWEEP, "--workers", "2", "--out", "threads")).toMatchObject({ code: 0, stderr: "" });
  }
});

describe.each(places)("a queue in $name", ({ name, has, open }) => {
  let server: Server;
  beforeAll(async () => {
    if (has) server = await open();
  });
  afterAll(() => server?.close());

  it.runIf(has)("three workers give the files of threads, to the byte", async () => {
    const workers = await Promise.all([0, 1, 2].map(() => worker(line, server.url)));
    const { code, stdout, stderr } = await run(...SWEEP, "--executor", server.url, "--out", name, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(objects(stdout).at(-1)).toMatchObject({ done: true, trials: 6, failed: 0 });
    expect(filesOf(join(folder, name))).toEqual(filesOf(join(folder, "threads")));
    const counts = (await endAll(workers)).map(countOf);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(24);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1);
  });

  it.runIf(has)("results that are on the server are not computed again", async () => {
    const { code } = await run(...SWEEP, "--executor", server.url, "--out", `${name} again`);
    expect(code).toBe(0); // no worker is there
    expect(filesOf(join(folder, `${name} again`))).toEqual(filesOf(join(folder, "threads")));
  });
});
