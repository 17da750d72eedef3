// What can be done with a queue from outside: see who is there, pause it, go on, clear it.
import { type Identity, identity, identityText, sameIdentity } from "../identity.js";
import { fleetOf, ordersOf, queueName } from "./fleet.js";
import type { Link } from "./link.js";

/** The state of a queue, as seen by this version. */
export interface QueueStatus {
  readonly paused: boolean;
  /** Cells that wait for a worker. */
  readonly waiting: number;
  /** Cells that are being computed. */
  readonly active: number;
  /** The workers that are there: cells at once, and whether they are of this version. */
  readonly workers: readonly { readonly id: string; readonly count: number; readonly fits: boolean }[];
  /** Commands that send cells. */
  readonly senders: readonly string[];
  /** Workers whose results are not wanted, because their bits differed. */
  readonly barred: readonly string[];
  /** The version that this is about. */
  readonly identity: string;
}

/** What a queue can be told. */
export const QUEUE_ACTIONS = ["status", "pause", "resume", "clear"] as const;

/** The name of an action. */
export type QueueAction = (typeof QUEUE_ACTIONS)[number];

/** Does this to the queue of this version, and tells how it then is. */
export async function controlQueue(link: Link, action: QueueAction): Promise<QueueStatus> {
  const own: Identity = identity();
  const queue = link.queue(queueName(own));
  await queue.waitUntilReady();
  const actions: Readonly<Record<QueueAction, () => Promise<unknown>>> = {
    status: async () => undefined,
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    clear: () => queue.drain(),
  };
  await actions[action]();
  const [paused, counts, fleet, orders] = await Promise.all([
    queue.isPaused(),
    queue.getJobCounts("wait", "paused", "prioritized", "delayed", "active"),
    fleetOf(link.keep),
    ordersOf(link.keep),
  ]);
  const { wait = 0, paused: held = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
  return {
    ...{ paused, waiting: wait + held + prioritized + delayed, active },
    workers: fleet
      .filter(({ role }) => role === "worker")
      .map(({ id, count, identity: of }) => ({ id, count, fits: sameIdentity(of, own) })),
    senders: fleet.filter(({ role }) => role === "sender").map(({ id }) => id),
    barred: [...orders.barred],
    identity: identityText(own),
  };
}
