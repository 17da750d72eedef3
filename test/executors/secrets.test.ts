// What an address holds besides the server's name is neither printed nor kept anywhere.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openPostgres } from "../../src/engines/queue/postgres.js";
import { commandLine, TINY } from "../cli/fixtures.js";
import { endAll, SWEEP, worker } from "./fleet.js";
import { dumpOf, hasPostgres, hasRedis, postgresServer, redisServer, type Server } from "./servers.js";

const line = commandLine();
const { folder, start, run } = line;
const SECRET = "open-sesame-8f41";
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

/** Every file below a folder. */
const filesBelow = (at: string): string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** A sweep and its report, a queue's state and a training, with their worker: all that they printed and wrote. */
async function everything(url: string, name: string): Promise<string> {
  const one = await worker(line, url);
  const said = [
    await start([...SWEEP, "--executor", url, "--out", name, "--check", "0.1"]).ended,
    await run("train", ...TINY, "--episodes", "2", "--executor", url, "--out", `${name}-run`),
    await run("queue", "--engine", url, "--json"),
    await run("report", `${name}-run`),
  ];
  const [stdout] = await endAll([one]);
  const { stderr } = await one.ended;
  expect(said.map(({ code, stderr: wrong }) => ({ code, wrong }))).toEqual(said.map(() => ({ code: 0, wrong: "" })));
  const files = filesBelow(folder);
  expect(files.length).toBeGreaterThan(24);
  return [
    stdout,
    stderr,
    ...said.map((each) => each.stdout),
    ...files.map((file) => readFileSync(file, "latin1")),
  ].join();
}

it.runIf(hasRedis)("of Redis", async () => {
  const server = await redisServer({ password: SECRET });
  servers.push(server);
  const text = await everything(server.url.replace("//", `//:${SECRET}@`), "redis");
  expect(text).toContain(server.url);
  expect(text).not.toContain(SECRET);
  // The file of the server holds every command that it was sent, but for those that log in.
  const sent = filesBelow(server.folder).map((file) => readFileSync(file, "latin1"));
  expect(sent.join()).toContain("meta/train");
  expect(sent.join()).not.toContain(SECRET);
});

it.runIf(hasPostgres)("of PostgreSQL", async () => {
  const server = await postgresServer({ password: SECRET });
  servers.push(server);
  expect(server.url).toContain(SECRET);
  const text = await everything(server.url, "postgres");
  expect(text).toContain(`127.0.0.1:${server.port}`);
  expect(text).not.toContain(SECRET);
  // All tables, ours and BullMQ's; bytes are shown as hexadecimal digits.
  const dumped = dumpOf(server);
  const hex = (secret: string): string => Buffer.from(secret).toString("hex");
  for (const table of ["synaptape.kept", "bullmq.job"]) expect(dumped).toContain(`COPY ${table}`);
  expect(dumped).toContain(hex('"ruleHash":'));
  for (const secret of [SECRET, hex(SECRET)]) expect(dumped).not.toContain(secret);
  const link = await openPostgres(server.url, undefined);
  expect(link.name).not.toContain(SECRET);
  await link.close();
});
