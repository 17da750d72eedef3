// Locks a folder for one process. A lock that a killed process left behind is replaced; that of a living process is
// respected.
//
// The lock is a file that says who made it: host, process, and when that process began by the system's own count, which
// tells the process from a later one with the same number. The file is written under a temporary name and then linked
// to its place, which only one process can do, on local disks and on NFS alike.
//
// A dead lock is replaced by exactly one successor: the process that links `.lock.after.<token of the dead lock>`
// first. If the successor dies too, it gets a successor in the same way. So two processes that find the same dead lock
// never both replace it. No clock is involved.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { InputError, plain } from "../core/index.js";
import { claimName, readPlain, systemCode, writeSynced } from "./files.js";
import type { Lock } from "./held.js";

const LOCK = ".lock";

/** How often a process tries again if its file was removed as rubbish while it was being written. */
const ATTEMPTS = 3;

/** Whether a file of a folder belongs to locks. */
export const isLockFile = (name: string): boolean => name === LOCK || name.startsWith(`${LOCK}.`);

/** Who holds a lock. */
interface Holder {
  /** Random, and different for every lock. */
  readonly token: string;
  readonly host: string;
  /** The machine, its boot, and the process namespace; each "" if the system does not say. */
  readonly machine: string;
  readonly boot: string;
  readonly space: string;
  readonly pid: number;
  /** When the process began, as the system counts it; "" if the system does not say. */
  readonly began: string;
  /** When the lock was taken, for people to read. */
  readonly since: string;
  /** How whatever started the process calls it on every machine; see `Elsewhere`. */
  readonly mark?: string;
}

/**
 * What is known of processes on other machines. Of those, the system here says nothing, so without this they count as
 * alive.
 */
export interface Elsewhere {
  /** What this process is called, on every machine and different from every earlier one. */
  readonly mark: string;
  /** Whether the process of this mark has ended for certain. */
  ended(mark: string): Promise<boolean>;
}

/** The lock is that of another process. */
export class HeldError extends InputError {}

/** A text that the system provides; "" if it does not. */
function said(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return "";
  }
}

/**
 * The fields of a process's `stat` file from the state on. The second field is a name in parentheses, which may hold
 * spaces.
 */
const fieldsOf = (status: string): string[] => status.slice(status.lastIndexOf(")") + 2).split(" ");

/** Their positions: the kernel's flags of a process, and its start in ticks since the machine was started. */
const FLAGS = 6;
const BEGAN = 19;

/** The flag of a process that is ending, and SIGKILL among the signals that wait for one. */
const EXITING = 0x4;
const KILL = 1n << 8n;

/** How often, and how many times, a process that is ending is checked: for ten seconds in all. */
const LOOK_EVERY_MS = 20;
const MOST_LOOKS = 500;

const beganAt = (pid: number): string => fieldsOf(said(() => readFileSync(`/proc/${pid}/stat`, "utf8")))[BEGAN] ?? "";

function ourselves(elsewhere?: Elsewhere): Holder {
  return {
    ...(elsewhere && { mark: elsewhere.mark }),
    token: randomUUID(),
    host: hostname(),
    machine: said(() => readFileSync("/etc/machine-id", "utf8")),
    boot: said(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    space: said(() => readlinkSync("/proc/self/ns/pid")),
    pid: process.pid,
    began: beganAt(process.pid),
    since: new Date().toISOString(),
  };
}

/** Whether a thread of a process is only waiting to be counted as ended. */
const isZombie = (status: string): boolean => /^[ZX]$/.test(fieldsOf(status)[0]);

/** Whether nothing can be known about the holder here: it is on another machine, or hidden on this one. */
const isElsewhere = (holder: Holder, us: Holder): boolean =>
  holder.host !== us.host || holder.machine !== us.machine || (holder.boot === us.boot && holder.space !== us.space);

/** Whether the holder still works: "ending" has been killed, but a thread of it may still finish a write. */
function lifeOf(holder: Holder, us: Holder): "alive" | "ending" | "ended" {
  if (isElsewhere(holder, us)) return "alive";
  if (holder.boot !== us.boot) return "ended";
  const { pid } = holder;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return "ended";
  }
  const place = `/proc/${pid}`;
  const status = said(() => readFileSync(`${place}/stat`, "utf8"));
  if (status === "" || holder.began === "") return "alive"; // this system does not say
  const fields = fieldsOf(status);
  if (fields[BEGAN] !== holder.began) return "ended";
  if (isZombie(status)) {
    // Its parent has not collected its exit status yet, and perhaps never will. Its other threads may take longer.
    const threads = said(() => readdirSync(`${place}/task`).join(" ")).split(" ");
    const all = threads.map((thread) => said(() => readFileSync(`${place}/task/${thread}/stat`, "utf8")));
    return all.every((thread) => thread === "" || isZombie(thread)) ? "ended" : "ending";
  }
  const pending = said(() => readFileSync(`${place}/status`, "utf8")).matchAll(/^(?:Sig|Shd)Pnd:\s*([\da-f]+)$/gm);
  const killed = [...pending].some(([, signals]) => (BigInt(`0x${signals}`) & KILL) !== 0n);
  return killed || (Number(fields[FLAGS]) & EXITING) !== 0 ? "ending" : "alive";
}

/** Whether the holder has ended for certain. One that was just killed is given time to end. */
async function hasEnded(holder: Holder, us: Holder, elsewhere?: Elsewhere): Promise<boolean> {
  if (isElsewhere(holder, us)) return holder.mark !== undefined && (await elsewhere?.ended(holder.mark)) === true;
  // The second check is for a process that was just killed and does not show it yet.
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const life = lifeOf(holder, us);
    if (life === "ended") return true;
    if (life === "alive" && (looks > 0 || holder.pid === us.pid)) return false;
    await setTimeout(LOOK_EVERY_MS);
  }
  return false;
}

/** The holder that this file names; undefined if there is no such file. */
async function holderIn(file: string): Promise<Holder | undefined> {
  const bytes = await readPlain(file).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  try {
    const holder: Holder = JSON.parse(bytes.toString());
    if (typeof holder.token === "string" && Number.isSafeInteger(holder.pid)) return holder;
  } catch {
    // told below
  }
  throw new InputError(`[lock] ${plain(file)} is damaged. If no process works in that folder, remove it.`);
}

/**
 * Takes the lock of a folder.
 *
 * @param what errors call the folder.
 * @param elsewhere what is known of processes on other machines, if anything is.
 * @throws HeldError, an InputError, naming host and process if another one has it.
 */
export async function lockFolder(folder: string, what = folder, elsewhere?: Elsewhere): Promise<Lock> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await tryLock(folder, what, elsewhere);
    } catch (error) {
      if (systemCode(error) !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
  }
}

async function tryLock(folder: string, what: string, elsewhere?: Elsewhere): Promise<Lock> {
  const us = ourselves(elsewhere);
  const place = join(folder, LOCK);
  const own = join(folder, `${LOCK}.${us.token}`);
  const after = (token: string): string => join(folder, `${LOCK}.after.${token}`);
  const refuse = ({ host, pid, since }: Holder): never => {
    const cure = host === us.host ? "End it, or wait for it" : `If it has ended, remove ${place}`;
    throw new HeldError(`[lock] ${what} is in use by process ${pid} on ${host} since ${since}. ${cure}.`);
  };
  try {
    await writeSynced(own, JSON.stringify(us));
    while (!(await claimName(own, place))) {
      const dead = await holderIn(place);
      if (!dead) continue; // it was released
      if (!(await hasEnded(dead, us, elsewhere))) refuse(dead);
      if (await succeed(dead)) break;
    }
  } finally {
    await rm(own, { force: true }).catch(() => {}); // it means nothing by itself
  }

  /** Replaces a dead lock, unless another process does; false if everything has to be checked again. */
  async function succeed(dead: Holder): Promise<boolean> {
    const passed: string[] = [];
    for (let last = dead; ; ) {
      const next = after(last.token);
      passed.push(next);
      if (await claimName(own, next)) break;
      const heir = await holderIn(next);
      if (!heir) return false;
      if (!(await hasEnded(heir, us, elsewhere))) refuse(heir);
      last = heir;
    }
    const mine = passed[passed.length - 1];
    const still = (await holderIn(place))?.token === dead.token;
    if (still) await rename(own, place);
    // Removes the earlier locks first: while one of them exists, no other process can begin.
    for (const file of still ? passed : [mine]) await rm(file, { force: true });
    return still;
  }

  /** Removes what killed processes left. A half-written file may belong to a living process, which then tries again. */
  async function tidy(): Promise<void> {
    for (const name of await readdir(folder)) {
      if (!name.startsWith(`${LOCK}.`)) continue;
      const holder = await holderIn(join(folder, name)).catch(() => undefined);
      if (!holder || lifeOf(holder, us) === "ended") await rm(join(folder, name), { force: true });
    }
  }
  await tidy().catch(() => {});

  return {
    async check() {
      const holder = await holderIn(place);
      if (holder?.token === us.token) return;
      throw new InputError(
        holder
          ? `[lock] ${what} was taken over: ${place} is no longer that of this process. End the other process.`
          : `[lock] ${what} is no longer locked: ${place} was removed. Make sure that no other process works there, and try again.`,
      );
    },
    async release() {
      const holder = await holderIn(place).catch(() => undefined);
      if (holder?.token !== us.token) return;
      // A lock that cannot be removed counts as dead once this process has ended.
      for (const file of [own, place]) await rm(file, { force: true }).catch(() => {});
    },
  };
}
