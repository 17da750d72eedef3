// Opens a queue in PostgreSQL, with BullMQ and the client pg.
import type { ClientConfig } from "pg";
import { InputError } from "../../core/index.js";
import { withoutSecrets } from "../secrets.js";
import { cannotUse, noAnswer, notInstalled, wantsPassword } from "./failures.js";
import { type CellQueue, keeper, type Link, unhurried, workerOptions } from "./link.js";
import { postgresKeep } from "./postgres-keep.js";

/** How long a connection may take, in milliseconds. */
const CONNECT_WITHIN = 5000;

/** The oldest version that BullMQ and this code run on. */
const OLDEST = 13;

/** The schema of BullMQ's tables. */
const BULL_SCHEMA = "bullmq";

/** The packages, as npm installs them. */
const PACKAGES = "bullmq@6 pg@8";

/** What the states of SQL mean that a first connection can end in. */
const STATES: Readonly<Record<string, readonly [fact: string, cure: string]>> = {
  "28P01": ["it refuses the user or the password", "Correct them in the address."],
  "28000": ["it refuses the user or the password", "Correct them in the address."],
  "3D000": ["it has no such database", "Make it with createdb, or correct the address."],
  "42501": ["the user may not make schemas there", "Run once, as its owner: GRANT CREATE ON DATABASE to the user."],
  "53300": ["it has too many connections", "Raise its max_connections, or start fewer workers."],
};

/** Connects to a server, checks that it can be used, and makes queues there. */
export async function openPostgres(where: string, password: string | undefined): Promise<Link> {
  const name = withoutSecrets(where);
  const [bull, { default: pg }] = await Promise.all([import("bullmq"), import("pg")]).catch((cause: unknown) => {
    throw Object.assign(notInstalled(name, PACKAGES), { cause });
  });
  const address = new URL(where);
  if (password !== undefined && address.password === "") address.password = encodeURIComponent(password);
  /** What waits for a connection that is lost is told. An error of which nobody else hears would end the process. */
  class Client extends pg.Client {
    constructor(given?: string | ClientConfig) {
      super(given);
      this.on("error", () => {});
    }
  }
  const config = { connectionString: address.href, connectionTimeoutMillis: CONNECT_WITHIN, Client };
  const pool = new pg.Pool({ ...config, max: 4 });
  pool.on("error", () => {}); // an idle connection that is lost is replaced
  const connection = { ...config, max: 4, schema: BULL_SCHEMA }; // each object of BullMQ makes a pool of its own
  try {
    const { rows } = await pool.query("SHOW server_version_num");
    checkVersion(name, Number(rows[0].server_version_num));
    const keep = await postgresKeep(pool);
    const client = await pool.connect();
    await bull.runMigrations(client, BULL_SCHEMA).finally(() => client.release());
    const { kept, close } = keeper();
    const factory = bull.createPostgresBackend;
    const looking: typeof factory = (...given) => unhurried(factory(...given));
    return {
      ...{ name, keep },
      queue: (of) => kept(new bull.Queue(of, { connection }, factory)) as unknown as CellQueue,
      events: (of) => kept(new bull.QueueEvents(of, { connection }, factory)),
      take: (of, processor, options) =>
        kept(new bull.Worker(of, processor, { ...workerOptions(options), connection }, looking)),
      async close() {
        await close();
        await keep.close();
      },
    };
  } catch (error) {
    await pool.end().catch(() => {});
    throw explained(name, error);
  }
}

/** Throws an InputError for a server that is too old. */
function checkVersion(name: string, version: number): void {
  const major = Math.floor(version / 10_000);
  if (major >= OLDEST) return;
  throw cannotUse(name, `it is PostgreSQL ${major}`, `Use a server of version ${OLDEST} or later.`);
}

/** The reason as a sentence. */
function explained(name: string, error: unknown): unknown {
  if (error instanceof InputError) return error;
  const { code = "", message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  if (code in STATES) return cannotUse(name, ...STATES[code]);
  if (/password must be a string|no password/i.test(message)) {
    return wantsPassword(name, "postgres://USER:PASSWORD@host/db");
  }
  return noAnswer(name, error, /terminated/);
}
