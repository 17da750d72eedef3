// A server with no room left: the worker and the command say so, whatever they are at, and wait until there is room.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, it } from "vitest";
import { commandLine } from "../cli/fixtures.js";
import { canMount, onDisk } from "../meta/disk.js";
import { SWEEP } from "./fleet.js";
import { hasRedis, redisServer, type Server, until } from "./servers.js";
import { filesOf, launch, resultsIn } from "./trouble.js";

const line = commandLine();
const { folder, main, run } = line;

/** A sweep with a worker; in its middle the server becomes full, and after all have said so there is room again. */
async function waits(server: Server, out: string, fill: (client: Redis) => Promise<void>, empty: typeof fill) {
  const client = new Redis(server.url);
  const worker = launch({ main, folder }, ["worker", "--engine", server.url, "--workers", "1"]);
  const sweep = launch({ main, folder }, [...SWEEP, "--executor", server.url, "--out", out]);
  const both = [worker, sweep];
  try {
    await until(() => resultsIn(join(folder, out)) > 2, "some results");
    await fill(client);
    for (const { stderr } of both) await until(() => stderr().includes("it has no room left"), "a process says so");
    const before = resultsIn(join(folder, out));
    expect(before).toBeLessThan(24);
    await empty(client);
    expect(await sweep.ended).toBe(0);
    await until(() => worker.stderr().endsWith(" works again.\n"), "the worker says that all is well");
    worker.process.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    const shown =
      /^synaptape: redis:\S+ does not take what it is sent: it has no room left\. This is tried again until it does\.\n/;
    for (const { stderr } of both) expect(stderr()).toMatch(shown);
    expect(filesOf(join(folder, out))).toEqual(filesOf(join(folder, "threads")));
  } finally {
    for (const { process: child } of both) child.kill("SIGKILL");
    client.disconnect();
  }
}

describe.skipIf(!hasRedis)("Redis", () => {
  beforeAll(async () => {
    expect(await run(...SWEEP, "--workers", "2", "--out", "threads")).toMatchObject({ code: 0, stderr: "" });
  });

  it("that may use no more memory", async () => {
    const server = await redisServer();
    const most = (bytes: number) => async (client: Redis) => void (await client.config("SET", "maxmemory", bytes));
    await waits(server, "memory", most(1), most(0)).finally(() => server.close());
  });

  it.runIf(canMount)("whose disk is full", async () => {
    await onDisk("1m", async (disk) => {
      const server = await redisServer({ folder: disk, more: ["--appendfsync", "everysec"] });
      const ballast = join(disk, "ballast");
      const fill = async (client: Redis): Promise<void> => {
        expect(spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4k"]).status).toBe(1);
        // The last page of its file may have room for a while: Redis refuses once a write has failed.
        const refused = () =>
          client.set("ballast", "x".repeat(1000)).then(
            () => false,
            () => true,
          );
        await until(refused, "the server refuses to write");
      };
      await waits(server, "disk", fill, async () => rmSync(ballast)).finally(() => server.kill());
    });
  });
});
