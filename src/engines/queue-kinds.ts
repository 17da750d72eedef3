// Queues on servers, as engines. What they need is loaded when one is opened.
import { InputError } from "../core/index.js";
import type { Executor } from "../runs/index.js";
import type { EngineKind } from "./kind.js";
import type { QueueAction, QueueStatus } from "./queue/control.js";
import type { Link } from "./queue/link.js";
import type { WorkerOptions } from "./queue/worker.js";
import { withoutSecrets } from "./secrets.js";

/** A kind of engine that is a queue, to which workers connect too. */
export interface QueueKind extends EngineKind {
  /** Connects to the server. */
  connect(where: string): Promise<Link>;
}

/** Computes cells from a queue until it is told to end; see `work`. */
export async function workAt(link: Link, options: WorkerOptions): Promise<number> {
  return (await import("./queue/worker.js")).work(link, options);
}

/** Tells a queue what to do; see `controlQueue`. */
export async function control(link: Link, action: QueueAction): Promise<QueueStatus> {
  return (await import("./queue/control.js")).controlQueue(link, action);
}

/** Cells that are on a server at once, for each command. */
const WINDOW = 64;

/** The password for addresses that have none, so that it need not stand in the list of processes. */
const password = (): string | undefined => process.env.SYNAPTAPE_ENGINE_PASSWORD;

/** What others call this process: its machine, its number and a few letters, since numbers come again. */
export async function processName(): Promise<string> {
  const [{ hostname }, { randomBytes }] = await Promise.all([import("node:os"), import("node:crypto")]);
  return `${hostname()}/${process.pid}/${randomBytes(2).toString("hex")}`;
}

function queueKind({
  name,
  form,
  scheme,
  link,
}: {
  readonly name: string;
  readonly form: string;
  readonly scheme: RegExp;
  readonly link: (where: string, password: string | undefined) => Promise<Link>;
}): QueueKind {
  const connect = async (where: string): Promise<Link> => {
    if (URL.canParse(where)) return link(where, password());
    throw new InputError(`[engine] ${withoutSecrets(where)} is no address. Write ${form}.`);
  };
  return {
    ...{ name, form, local: false, connect },
    owns: (where) => scheme.test(where),
    async open(where, { data = [], window = WINDOW, priority = 0, check = 0, tell = () => {} }) {
      const [{ openSender }, { studyThreads }] = await Promise.all([
        import("./queue/sender.js"),
        import("../studies/index.js"),
      ]);
      const opened = await connect(where);
      const judge = (): Executor => studyThreads(1, { data });
      return openSender(opened, { data, window, priority, check, judge, tell, id: await processName() });
    },
  };
}

/** BullMQ on Redis. */
const redisKind: QueueKind = queueKind({
  name: "redis",
  form: "redis://host:6379",
  scheme: /^rediss?:\/\//i,
  link: async (where, password) => (await import("./queue/redis.js")).openRedis(where, password),
});

/** BullMQ on PostgreSQL. */
const postgresKind: QueueKind = queueKind({
  name: "postgres",
  form: "postgres://host:5432/db",
  scheme: /^postgres(ql)?:\/\//i,
  link: async (where, password) => (await import("./queue/postgres.js")).openPostgres(where, password),
});

/** All queues. */
export const queueKinds: readonly QueueKind[] = [redisKind, postgresKind];
