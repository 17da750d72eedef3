// Who is there: commands that send cells and workers that compute them put notes on a board of the server, and renew
// them. Other notes tell all workers what to stop.
import { setTimeout as wait } from "node:timers/promises";
import type { Identity } from "../identity.js";
import { identity } from "../identity.js";
import type { Keep } from "./keep.js";
import { answered, type Patiently } from "./patience.js";

/** A member of the fleet. */
export interface Member {
  readonly role: "worker" | "sender";
  /** What messages call it: its machine and its process. */
  readonly id: string;
  readonly identity: Identity;
  /** Cells that it computes at once. */
  readonly count: number;
}

const FLEET = "fleet";
const CONTROL = "control";

/** Who does not renew its note for so many seconds is gone. */
const STAY = 15;

/** How often it is renewed, in milliseconds. */
const RENEW = 4000;

/** Enough of a hash to tell it from others. */
const begin = (hash: string): string => hash.slice(0, 16);

/** The name of the queue for processes of an identity: the others do not see its cells. */
export const queueName = ({ version, numerics, kernels, module }: Identity): string =>
  [`synaptape-${version}-${numerics}`, begin(kernels), ...module.split(",").map(begin)].filter(Boolean).join("-");

/** Everybody who is there. */
export async function fleetOf(keep: Keep): Promise<Member[]> {
  return [...(await keep.notes(FLEET)).values()].map((text) => JSON.parse(text) as Member);
}

/**
 * Joins the fleet; the function that is returned leaves it. Renewing the note is also how a process that has nothing else
 * to write finds out that the server is full or away, so it is done with patience, which tells the user.
 */
export async function joinFleet(
  keep: Keep,
  { role, id, count }: Omit<Member, "identity">,
  patiently: Patiently,
): Promise<() => Promise<void>> {
  const member: Member = { role, id, count, identity: identity() };
  const renew = (): Promise<void> => answered(keep.note(FLEET, id, JSON.stringify(member), STAY));
  await patiently(renew);
  const left = new AbortController();
  const { signal } = left;
  const renewing = async (): Promise<void> => {
    for (;;) {
      await wait(RENEW, undefined, { signal });
      await patiently(renew, signal);
    }
  };
  renewing().catch(() => {}); // it was told to end
  return async () => {
    left.abort();
    await answered(keep.unnote(FLEET, id)).catch(() => {}); // the note lapses
  };
}

/** What workers are told. */
export interface Orders {
  /** Cells whose computation shall end, by name. */
  readonly cancelled: ReadonlySet<string>;
  /** Workers whose results are not wanted. */
  readonly barred: ReadonlySet<string>;
}

const CANCEL = "cancel ";
const BAR = "bar ";

/** Tells workers to stop a cell; after a minute the order lapses. */
export const cancelCell = (keep: Keep, name: string): Promise<void> => keep.note(CONTROL, CANCEL + name, "", 60);

/** Takes such an order back. */
export const wantCell = (keep: Keep, name: string): Promise<void> => keep.unnote(CONTROL, CANCEL + name);

/** Tells a worker, and all commands, that its results are not wanted. */
export const barWorker = (keep: Keep, id: string, why: string): Promise<void> =>
  keep.note(CONTROL, BAR + id, why, 7 * 86_400);

/** All orders that hold. */
export async function ordersOf(keep: Keep): Promise<Orders> {
  const names = [...(await keep.notes(CONTROL)).keys()];
  const after = (start: string): Set<string> =>
    new Set(names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length)));
  return { cancelled: after(CANCEL), barred: after(BAR) };
}
