// Opens what computes the cells of the benchmark: threads of this process, and queues on servers of their own, each with a
// fixed number of workers. All are there from the beginning, so that they can take turns and are all warm.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Dataset } from "../../src/data/index.js";
import { openEngine } from "../../src/engines/index.js";
import { studyThreads } from "../../src/studies/index.js";
import { child } from "../../test/children.js";
import { hasPostgres, hasRedis, postgresServer, redisServer, type Server } from "../../test/executors/servers.js";
import { BUILD, type Fleet } from "./fleet.js";

const SERVERS = [
  { where: "Redis", has: hasRedis, open: () => redisServer({ more: ["--appendfsync", "everysec"] }) },
  { where: "PostgreSQL", has: hasPostgres, open: postgresServer },
];

/** Starts worker processes of one thread each, and waits until all are ready. */
async function startWorkers(url: string, count: number): Promise<ChildProcess[]> {
  const args = [`${BUILD}/cli/main.js`, "worker", "--engine", url, "--workers", "1"];
  const workers = Array.from({ length: count }, () =>
    child(spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })),
  );
  for (const worker of workers) {
    const [code] = await Promise.race([once(worker.stdout, "data"), once(worker, "exit")]);
    if (typeof code === "number") throw new Error(`a worker ended with code ${code}.`);
  }
  return workers;
}

async function queueFleet(where: string, server: Server, count: number, data: readonly Dataset[]): Promise<Fleet> {
  const workers = await startWorkers(server.url, count);
  const executor = await openEngine(server.url, { data });
  return {
    ...{ where, workers: count, executor },
    async close() {
      await executor.close();
      for (const worker of workers) worker.kill("SIGKILL");
      await server.close();
    },
  };
}

/** Threads, and queues where there is a server for them. */
export async function openFleets(data: readonly Dataset[]): Promise<Fleet[]> {
  const fleets: Fleet[] = [1, 2].map((count) => {
    const executor = studyThreads(count, { data, workerEntry: `${BUILD}/studies/study-worker.js` });
    return { where: "threads", workers: count, executor, close: () => executor.close() };
  });
  for (const { where, has, open } of SERVERS) {
    if (!has) continue;
    for (const count of [1, 2, 4]) fleets.push(await queueFleet(where, await open(), count, data));
  }
  return fleets;
}
