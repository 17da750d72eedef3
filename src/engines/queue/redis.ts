// Opens a queue in Redis, with BullMQ and the client ioredis. BullMQ is given a client that is connected already: it
// would make one of its own from options, and repeat its errors without end where it cannot.
import { InputError } from "../../core/index.js";
import { withoutSecrets } from "../secrets.js";
import { cannotUse, noAnswer, notInstalled, wantsPassword } from "./failures.js";
import { type CellQueue, keeper, type Link, unhurried, workerOptions } from "./link.js";
import { redisKeep } from "./redis-keep.js";

/** How long the first connection may take, in milliseconds. */
const CONNECT_WITHIN = 5000;

/** The oldest version that BullMQ and this code run on. */
const OLDEST = [6, 2] as const;

/** The packages, as npm installs them. */
const PACKAGES = "bullmq@6 ioredis@5";

/** Connects to a server, checks that it can be used, and makes queues there. */
export async function openRedis(where: string, password: string | undefined): Promise<Link> {
  const name = withoutSecrets(where);
  const [bull, { Redis }] = await Promise.all([import("bullmq"), import("ioredis")]).catch((cause: unknown) => {
    throw Object.assign(notInstalled(name, PACKAGES), { cause });
  });
  const own = password !== undefined && new URL(where).password === "" ? { password } : {};
  const client = new Redis(where, {
    ...own,
    ...{ lazyConnect: true, connectTimeout: CONNECT_WITHIN, maxRetriesPerRequest: null },
    // The first connection is tried once; one that is lost is tried again until it is back, or the link is closed.
    // Connections that BullMQ makes from this one do the same.
    retryStrategy: (times) => (wanted ? Math.min(100 * times, 1000) : null),
  });
  let [wanted, reason]: [boolean, unknown] = [false, undefined];
  client.on("error", (error) => {
    reason = error; // the promise below only says that there is no connection; later, commands wait
  });
  try {
    await client.connect();
    checkVersion(name, await client.info("server"));
  } catch (error) {
    client.disconnect();
    throw explained(name, reason ?? error);
  }
  wanted = true;
  const connection = client;
  const looking: typeof bull.createRedisBackend = (...given) => unhurried(bull.createRedisBackend(...given));
  const { kept, close } = keeper();
  return {
    name,
    keep: redisKeep(client),
    queue: (of) => kept(new bull.Queue(of, { connection, skipVersionCheck: true })) as unknown as CellQueue,
    events: (of) => kept(new bull.QueueEvents(of, { connection, skipVersionCheck: true })),
    take: (of, processor, options) =>
      kept(new bull.Worker(of, processor, { ...workerOptions(options), connection, skipVersionCheck: true }, looking)),
    async close() {
      wanted = false;
      await close();
      client.disconnect();
    },
  };
}

/** Throws an InputError for a server that is too old. */
function checkVersion(name: string, info: string): void {
  const version = /redis_version:(\S+)/.exec(info)?.[1] ?? "of an unknown version";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw cannotUse(name, `it is Redis ${version}`, `Use a server of version ${OLDEST.join(".")} or later.`);
}

/** The reason as a sentence. */
function explained(name: string, error: unknown): unknown {
  if (error instanceof InputError) return error;
  const message = String((error as Error)?.message ?? error);
  if (/WRONGPASS|invalid password|invalid username/i.test(message)) {
    return cannotUse(name, "it refuses the user or the password", "Correct them in the address.");
  }
  if (/NOAUTH|NOPERM/.test(message)) return wantsPassword(name, "redis://:PASSWORD@host");
  return noAnswer(name, error, /closed/);
}
