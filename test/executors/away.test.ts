// A server that goes away: the worker and the command say so, and end when they are told to, with and without it.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine } from "../cli/fixtures.js";
import { SWEEP } from "./fleet.js";
import { hasPostgres, hasRedis, postgresServer, redisServer, until } from "./servers.js";
import { launch, resultsIn } from "./trouble.js";

const { folder, main } = commandLine();

const places = [
  { name: "Redis", has: hasRedis, open: redisServer, fact: "it does not answer" },
  { name: "PostgreSQL", has: hasPostgres, open: postgresServer, fact: "nothing listens there" },
];

describe.each(places)("$name", { concurrent: true }, ({ name, has, open, fact }) => {
  it.runIf(has)("says that it is away, works again, and does not hold anybody up who shall end", async () => {
    const server = await open();
    const worker = launch({ main, folder }, ["worker", "--engine", server.url, "--workers", "1"]);
    const idle = launch({ main, folder }, ["worker", "--engine", server.url, "--workers", "1"]);
    const both = [worker, idle];
    try {
      for (const { stdout } of both) await until(() => stdout().includes("\n"), "it is ready");
      await server.kill();
      for (const { stderr } of both) await until(() => stderr().includes(fact), "it says so");
      await server.restart();
      for (const { stderr } of both)
        await until(() => stderr().endsWith(" works again.\n"), "it says that all is well");
      const sweep = launch({ main, folder }, [...SWEEP, "--executor", server.url, "--out", name]);
      await until(() => resultsIn(join(folder, name)) > 0, "some results");
      await server.kill();
      await until(() => sweep.stderr().includes("does not take what it is sent"), "the command says so");
      sweep.process.kill("SIGINT");
      // The first signal lets them bring what they have computed, for which they would wait; the second does not.
      for (const { process: child } of both) child.kill("SIGTERM");
      for (const { stderr } of both) await until(() => stderr().includes("Once more"), "it has got the signal");
      for (const { process: child } of both) child.kill("SIGTERM");
      expect(await Promise.all(both.map((each) => each.ended))).toEqual([0, 0]);
      expect(await sweep.ended).toBe(130);
    } finally {
      await server.close();
    }
  });
});
