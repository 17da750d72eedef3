// A sweep to which everything happens that can: nothing is lost, nothing counts twice, nothing hangs, and the files are
// those of threads, to the byte. `npm run soak` does the same for longer.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { commandLine, TINY } from "../cli/fixtures.js";
import { canMount, onDisk } from "../meta/disk.js";
import { countOf, endAll } from "./fleet.js";
import { hasPostgres, hasRedis, postgresServer, redisServer, type Server } from "./servers.js";
import { drawing, filesOf, sweepInTrouble } from "./trouble.js";

const line = commandLine();
const { folder, main, run, start } = line;

/** 24 runs, each long enough to be killed in. */
const SWEEP = [
  ...["sweep", "train", ...TINY, "--episodes", "20"],
  ...["--vary", "lr=1e-3,1e-2", "--vary", "chemicals=1,2,3", "--seeds", "4"],
];

beforeAll(async () => {
  if (!hasRedis && !hasPostgres) return;
  expect(await run(...SWEEP, "--workers", "2", "--out", "threads")).toMatchObject({ code: 0, stderr: "" });
});

/** Such a sweep on a server that is restarted in its middle, compared with that of threads. */
async function survives(open: () => Promise<Server>, out: string, kills: number): Promise<void> {
  const server = await open();
  const middle = async (): Promise<void> => {
    await server.kill();
    await wait(300);
    await server.restart();
  };
  try {
    await sweepInTrouble(
      { main, folder },
      { server, sweep: SWEEP, cells: 24, out, kills, middle, random: drawing(kills) },
    );
    expect(filesOf(join(folder, out))).toEqual(filesOf(join(folder, "threads")));
  } finally {
    await server.close();
  }
}

// They wait for leases and for servers most of the time.
describe.concurrent("killed workers, one that is late, and", () => {
  it.runIf(hasRedis)("a Redis that is restarted with its append-only file", () =>
    survives(redisServer, "restarted", 3),
  );

  it.runIf(hasRedis)("a Redis without such a file, which forgets everything", () =>
    survives(() => redisServer({ more: ["--appendonly", "no"] }), "forgotten", 2),
  );

  it.runIf(hasPostgres)("a PostgreSQL that crashes", () => survives(postgresServer, "crashed", 2));
});

describe.skipIf(!hasRedis || !canMount)("a full disk", () => {
  it("of the command: it says so, and the same command goes on without computing anything again", async () => {
    const server = await redisServer();
    await onDisk("48k", async (disk, remount) => {
      // Workers write no files, so one whose disk is full too works as ever.
      const other = start(["worker", "--engine", server.url, "--workers", "1"], { TMPDIR: disk });
      const sweep = [...SWEEP, "--executor", server.url, "--out", join(disk, "sweep")];
      const first = await run(...sweep);
      expect(first.code).toBe(1);
      expect(first.stderr).toMatch(
        /cannot be written: no space is left on the device\. Put that right and run the same/,
      );
      expect(first.stderr).not.toMatch(/\[run\]|bug/);
      remount("size=4m");
      expect(await run(...sweep)).toMatchObject({ code: 0, stderr: "" });
      expect(filesOf(join(disk, "sweep"))).toEqual(filesOf(join(folder, "threads")));
      expect((await endAll([other])).map(countOf)).toEqual([24]);
    }).finally(() => server.close());
  });
});
