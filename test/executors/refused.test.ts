// What a queue, a worker or a command refuses, each in one sentence, and never with a password.

import { once } from "node:events";
import { createServer, connect as dial } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { commandLine, TINY } from "../cli/fixtures.js";
import { freePort, hasPostgres, hasRedis, postgresServer, redisServer, type Server } from "./servers.js";

const { start, refusal } = commandLine();
const SWEEP = ["sweep", "train", ...TINY, "--episodes", "2", "--vary", "lr=0.1"];
const servers: { close(): unknown }[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

/** The sentences of a sweep and of a worker that are given this address. */
const sentences = async (url: string): Promise<string[]> => [
  await refusal(1, ...SWEEP, "--executor", url),
  await refusal(1, "worker", "--engine", url),
];

/** A server that passes everything on to another, with some bytes of what comes back changed. */
async function rewriting(target: Server, from: RegExp, to: (found: string) => string): Promise<string> {
  const proxy = createServer((socket) => {
    const behind = dial(target.port, "127.0.0.1");
    socket.on("error", () => behind.destroy()).pipe(behind);
    behind.on("data", (bytes) => socket.write(Buffer.from(bytes.toString("latin1").replace(from, to), "latin1")));
    behind.on("error", () => socket.destroy()).on("close", () => socket.end());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  servers.push(proxy);
  return target.url.replace(/:\d+(?=$|\/)/, `:${(proxy.address() as { port: number }).port}`);
}

describe("addresses", () => {
  it.each(["mysql://zoe:hidden@host/db", "redis", "http://zoe:hidden@host"])("%s names no queue", async (url) => {
    for (const sentence of [
      await refusal(2, ...SWEEP, "--executor", url),
      await refusal(2, "worker", "--engine", url),
    ]) {
      expect(sentence).toMatch(/^--(executor|engine) is "[^"]+"\. Pass .*redis:\/\/host:6379/);
      expect(sentence).not.toMatch(/zoe|hidden/);
    }
  });

  it("one that cannot be read is refused, without its password", async () => {
    for (const sentence of await sentences("redis://zoe:hidden@host:99999")) {
      expect(sentence).toBe("redis://host:99999 is no address. Write redis://host:6379.");
    }
  });

  it("a worker without one says how to give it", async () => {
    expect(await refusal(2, "worker")).toMatch(/no queue is named\. Pass --engine, such as --engine redis:/);
  });

  it("an action that a queue does not know is refused, with the one that was meant", async () => {
    expect(await refusal(2, "queue", "paus", "--engine", "redis://host")).toMatch(
      /^the action is "paus"\. .*Did you mean "?pause"?\?/,
    );
  });

  it("--workers is about threads of this machine", async () => {
    const sentence = await refusal(2, ...SWEEP, "--workers", "2", "--executor", "redis://zoe:hidden@host");
    expect(sentence).toMatch(/--workers 2 runs threads on this machine, which contradicts --executor redis:\/\/host\./);
  });
});

describe("servers that cannot be reached", () => {
  it("nothing listens there, or no machine has the name", async () => {
    const port = await freePort();
    for (const sentence of await sentences(`redis://zoe:hidden@127.0.0.1:${port}`)) {
      expect(sentence).toBe(
        `redis://127.0.0.1:${port} cannot be used: nothing listens there. Start the server, or correct the address.`,
      );
    }
    for (const sentence of await sentences("redis://zoe:hidden@no-such-host.invalid")) {
      expect(sentence).toMatch(
        /^redis:\/\/no-such-host\.invalid cannot be used: (no machine has this name|the name of )/,
      );
      expect(sentence).not.toMatch(/zoe|hidden/);
    }
  });

  it("something else listens there", async () => {
    const other = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(0, "127.0.0.1");
    await once(other, "listening");
    servers.push(other);
    for (const sentence of await sentences(`redis://:hidden@127.0.0.1:${(other.address() as { port: number }).port}`)) {
      expect(sentence).toMatch(/cannot be used: .*\. Start the server, or correct the address\.$/);
      expect(sentence).not.toContain("hidden");
    }
  });
});

describe.skipIf(!hasRedis)("Redis", () => {
  it("a wrong password, a missing one, and one from the environment", async () => {
    const server = await redisServer({ password: "open-sesame" });
    servers.push(server);
    const { port } = server;
    for (const sentence of await sentences(`redis://:hidden@127.0.0.1:${port}`)) {
      expect(sentence).toBe(
        `redis://127.0.0.1:${port} cannot be used: it refuses the user or the password. Correct them in the address.`,
      );
    }
    for (const sentence of await sentences(`redis://127.0.0.1:${port}`)) {
      expect(sentence).toMatch(
        /cannot be used: it wants a password\. Put it into the address, redis:\/\/:PASSWORD@host/,
      );
    }
    const given = { SYNAPTAPE_ENGINE_PASSWORD: "open-sesame", SYNAPTAPE_ENGINE: `redis://127.0.0.1:${port}` };
    const worker = start(["worker"], given);
    await worker.lines(1);
    worker.process.kill("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("0 cells computed.") });
  });

  it("a server that is too old", async () => {
    const server = await redisServer();
    servers.push(server);
    const url = await rewriting(server, /redis_version:\d\S+/, (found) =>
      "redis_version:6.0.".padEnd(found.length, "1"),
    );
    for (const sentence of await sentences(url)) {
      expect(sentence).toMatch(/cannot be used: it is Redis 6\.0\.1+\. Use a server of version 6\.2 or later\.$/);
    }
  });
});

describe.skipIf(!hasPostgres)("PostgreSQL", () => {
  it("a wrong password, a missing one, no such database, and a user who may make nothing", async () => {
    const server = await postgresServer({ password: "open-sesame" });
    servers.push(server);
    const at = `127.0.0.1:${server.port}`;
    const cases: [url: string, shown: string, fact: string][] = [
      [`postgres://postgres:hidden@${at}/postgres`, `postgres://${at}/postgres`, "it refuses the user or the password"],
      [`postgresql://zoe:hidden@${at}/db`, `postgresql://${at}/db`, "it refuses the user or the password"],
      [`postgres://postgres@${at}/postgres`, `postgres://${at}/postgres`, "it wants a password"],
      [server.url.replace(/postgres$/, "none"), `postgres://${at}/none`, "it has no such database"],
    ];
    for (const [url, shown, fact] of cases) {
      for (const sentence of await sentences(url)) {
        expect(sentence.startsWith(`${shown} cannot be used: ${fact}. `)).toBe(true);
        expect(sentence).not.toMatch(/zoe|hidden|open-sesame/);
      }
    }
    const old = await rewriting(server, /1[3-9]00\d\d/, () => "120018");
    for (const sentence of await sentences(old)) {
      expect(sentence).toMatch(/cannot be used: it is PostgreSQL 12\. Use a server of version 13 or later\.$/);
    }
  });
});
