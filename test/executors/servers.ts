// Servers of queues for tests: real ones, on this machine alone, each in a folder and on a port of its own.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { child as kept } from "../children.js";

/** A server that runs. */
export interface Server {
  readonly url: string;
  readonly port: number;
  /** Where it keeps what it has. */
  readonly folder: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, with what it had kept. */
  restart(): Promise<void>;
  /** Ends it, and removes its folder. */
  close(): Promise<void>;
}

/** Whether this program is installed; if not, it is said, because tests are then left out. */
function installed(program: string, hint: string): boolean {
  const found = spawnSync(program, ["--version"]).status === 0;
  if (!found) console.warn(`${program} is not installed, so its tests are left out. Install it: ${hint}`);
  return found;
}

/** Whether there is a Redis to test with. */
export const hasRedis = installed("redis-server", "apt-get install redis-server");

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Ends a process, unless it has ended. */
async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, "exit");
}

/** A server whose folder goes with it. */
const serverAt = (folder: string, server: Omit<Server, "close" | "folder">): Server => ({
  ...server,
  folder,
  async close() {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  },
});

/** A Redis that writes every change to its disk before it answers. */
export async function redisServer({
  more = [],
  password,
  folder,
}: {
  readonly more?: readonly string[];
  readonly password?: string;
  readonly folder?: string;
} = {}): Promise<Server> {
  const at = folder ?? mkdtempSync(join(tmpdir(), "synaptape-redis-"));
  const port = await freePort();
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--dir", at, "--save", ""];
  const secret = password === undefined ? [] : ["--requirepass", password];
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    const all = [...flags, "--appendonly", "yes", "--appendfsync", "always", ...secret, ...more];
    child = kept(spawn("redis-server", all, { stdio: ["ignore", "pipe", "ignore"] }));
    let said = "";
    for await (const text of child.stdout as NodeJS.ReadableStream) {
      said += text;
      if (said.includes("Ready to accept connections")) break;
    }
    if (!said.includes("Ready to accept")) throw new Error(`redis-server did not start: ${said}`);
  };
  await start();
  const end = (): Promise<void> => ended(child, "SIGKILL");
  return serverAt(at, { url: `redis://127.0.0.1:${port}`, port, kill: end, restart: start });
}

/** The folder of PostgreSQL's programs, which Debian does not put on the path. */
const postgresBin = ["/usr/lib/postgresql", "/usr/local/bin"].flatMap((place) => {
  const versions = existsSync(place) ? readdirSync(place).map((version) => join(place, version, "bin")) : [];
  return [...versions.reverse(), place].filter((folder) => existsSync(join(folder, "postgres")));
})[0];

/** Whether there is a PostgreSQL to test with. */
export const hasPostgres = installed(join(postgresBin ?? "", "postgres"), "apt-get install postgresql");

/** Ends PostgreSQL at once, as in a crash, but with its children. */
const AT_ONCE = "SIGQUIT";

/** PostgreSQL does not run as root. */
const asPostgres = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {};
  const id = (which: string): number => Number(spawnSync("id", [which, "postgres"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
};

/** A PostgreSQL whose user `postgres` has this password. */
export async function postgresServer({
  password = "open-sesame",
}: {
  readonly password?: string;
} = {}): Promise<Server> {
  const at = mkdtempSync(join(tmpdir(), "synaptape-postgres-"));
  const user = asPostgres();
  writeFileSync(join(at, "password"), password);
  if (user.uid !== undefined) for (const each of [at, join(at, "password")]) chownSync(each, user.uid, user.gid ?? 0);
  const data = join(at, "data");
  const auth = ["--auth=scram-sha-256", `--pwfile=${join(at, "password")}`];
  const made = spawnSync(
    join(postgresBin, "initdb"),
    ["-D", data, "-U", "postgres", "--no-sync", "--locale=C", "--encoding=UTF8", ...auth],
    { ...user, encoding: "utf8", cwd: at },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: at, fsync: "off", max_connections: "200" };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    const started = spawn(join(postgresBin, "postgres"), ["-D", data, "-p", String(port), ...flags], {
      ...{ ...user, cwd: at },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const running = kept(started, AT_ONCE);
    child = running;
    await new Promise<void>((done, failed) => {
      let said = "";
      running.stderr?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes("ready to accept connections")) done();
      });
      running.once("exit", () => failed(new Error(`postgres did not start: ${said}`)));
    });
  };
  await start();
  const end = (): Promise<void> => ended(child, AT_ONCE);
  return serverAt(at, {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    ...{ port, kill: end, restart: start },
  });
}

/** Everything that a PostgreSQL holds, as text. */
export function dumpOf({ url }: Server): string {
  const { status, stdout, stderr } = spawnSync(join(postgresBin, "pg_dump"), [url], { encoding: "utf8" });
  if (status !== 0) throw new Error(`pg_dump failed: ${stderr}`);
  return stdout;
}

/** Waits until this holds, for a minute at most. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + 60_000; !(await holds()); await wait(20)) {
    if (performance.now() > end) throw new Error(`a minute has passed, and not yet: ${what}`);
  }
}
