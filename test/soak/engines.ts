// The part of the soak that is about queues: sweeps on Redis and PostgreSQL whose workers are killed, stopped and started
// again, while the server crashes and loses what it had not written.
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { hasPostgres, hasRedis, postgresServer, redisServer, type Server } from "../executors/servers.js";
import { drawing, filesOf, type Ground, launch, sweepInTrouble } from "../executors/trouble.js";

/** 24 runs of half a second or more. */
const SWEEP = [
  ...["sweep", "train", "--hidden", "20", "--shots", "2", "--queries", "2", "--episodes", "100"],
  ...["--vary", "lr=1e-3,1e-2", "--vary", "chemicals=1,2,3", "--seeds", "4"],
];

async function restart(server: Server): Promise<void> {
  await server.kill();
  await wait(500);
  await server.restart();
}

/** Takes from Redis what a power cut takes: the end of its file, in the middle of a write. */
async function cutPower(server: Server): Promise<void> {
  await server.kill();
  const files = join(server.folder, "appendonlydir");
  const name = readdirSync(files).find((each) => each.endsWith(".incr.aof"));
  if (name === undefined) throw new Error("there is no append-only file");
  truncateSync(join(files, name), Math.floor(statSync(join(files, name)).size * 0.7));
  await server.restart();
}

const cases = [
  { name: "Redis that syncs always, restarted", has: hasRedis, open: () => redisServer(), middle: restart },
  {
    name: "Redis that syncs every second, with a power cut",
    has: hasRedis,
    open: () => redisServer({ more: ["--appendfsync", "everysec"] }),
    middle: cutPower,
  },
  {
    name: "Redis that writes nothing, restarted",
    has: hasRedis,
    open: () => redisServer({ more: ["--appendonly", "no"] }),
    middle: restart,
  },
  { name: "PostgreSQL, crashed", has: hasPostgres, open: () => postgresServer(), middle: restart },
];

/** Runs a sweep on each server, with so many kills, and tells whether its files are those of threads; returns all kills. */
export async function soakEngines(
  ground: Ground,
  { kills, seed, tell }: { kills: number; seed: number; tell: (ok: boolean, text: string) => void },
): Promise<number> {
  const alone = launch(ground, [...SWEEP, "--workers", "2", "--out", "threads", "--json"]);
  if ((await alone.ended) !== 0) {
    tell(false, `a sweep on threads: ${alone.stderr()}`);
    return 0;
  }
  let done = 0;
  const wanted = JSON.stringify(filesOf(join(ground.folder, "threads")));
  for (const [at, { name, has, open, middle }] of cases.entries()) {
    if (!has) continue;
    const server = await open();
    const out = `queue-${at}`;
    try {
      const random = drawing(seed + at);
      const happens = { server, sweep: SWEEP, cells: 24, out, kills, middle: () => middle(server), random };
      await sweepInTrouble(ground, happens);
      done += kills;
      const same = JSON.stringify(filesOf(join(ground.folder, out))) === wanted;
      tell(same, `${name}: 24 runs, ${kills} workers killed, one late${same ? "" : ": another outcome"}`);
    } catch (error) {
      tell(false, `${name}: ${(error as Error).message}`);
    } finally {
      await server.close();
    }
  }
  return done;
}
