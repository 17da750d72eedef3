// Locks a folder for one process. A lock that a killed process left behind does not get in the way; that of a living
// process is respected.
//
// The lock is a file that says who made it: host, process, and when that process began by the system's own count, which
// tells the process from a later one with the same number. The file is written under a temporary name and then linked
// to its place, which only one process can do, on local disks and on NFS alike.
//
// A dead lock is replaced by exactly one successor: the process that links `.lock.after.<token of the dead lock>`
// first. If the successor dies too, it gets a successor in the same way. So two processes that find the same dead lock
// never both replace it. No clock is involved.
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError, plain } from "../core/index.js";
import { claimName, systemCode, writeSynced } from "./files.js";
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
}

/** A text that the system provides; "" if it does not. */
function said(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return "";
  }
}

/** When a process began, in ticks since the machine did. */
function beganAt(pid: number): string {
  const status = said(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The second field is a name in parentheses, which may hold spaces.
  return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function ourselves(): Holder {
  return {
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

/** Whether the holder has certainly ended. For a holder on another machine this cannot be known. */
function hasEnded(holder: Holder, us: Holder): boolean {
  if (holder.host !== us.host || holder.machine !== us.machine) return false;
  if (holder.boot !== us.boot) return true;
  if (holder.space !== us.space) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return systemCode(error) === "ESRCH";
  }
  return holder.began !== "" && beganAt(holder.pid) !== holder.began;
}

/** The holder that this file names; undefined if there is no such file. */
async function holderIn(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const holder: Holder = JSON.parse(text);
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
 * @throws InputError naming host and process if another one has it.
 */
export async function lockFolder(folder: string, what = folder): Promise<Lock> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await tryLock(folder, what);
    } catch (error) {
      if (systemCode(error) !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
  }
}

async function tryLock(folder: string, what: string): Promise<Lock> {
  const us = ourselves();
  const place = join(folder, LOCK);
  const own = join(folder, `${LOCK}.${us.token}`);
  const after = (token: string): string => join(folder, `${LOCK}.after.${token}`);
  const refuse = ({ host, pid, since }: Holder): never => {
    const cure = host === us.host ? "End it, or wait for it" : `If it has ended, remove ${place}`;
    throw new InputError(`[lock] ${what} is in use by process ${pid} on ${host} since ${since}. ${cure}.`);
  };
  try {
    await writeSynced(own, JSON.stringify(us));
    while (!(await claimName(own, place))) {
      const dead = await holderIn(place);
      if (!dead) continue; // it was released
      if (!hasEnded(dead, us)) refuse(dead);
      if (await succeed(dead)) break;
    }
  } finally {
    await rm(own, { force: true }).catch(() => {}); // it says nothing by itself
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
      if (!hasEnded(heir, us)) refuse(heir);
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
      if (!holder || hasEnded(holder, us)) await rm(join(folder, name), { force: true });
    }
  }
  await tidy().catch(() => {});

  const held = async (): Promise<boolean> => (await holderIn(place))?.token === us.token;
  return {
    async check() {
      if (await held()) return;
      throw new InputError(
        `[lock] ${what} was taken over: ${place} is not that of this process any more. End the other one.`,
      );
    },
    async release() {
      if (!(await held().catch(() => false))) return;
      // A lock that cannot be removed counts as dead once this process has ended.
      for (const file of [own, place]) await rm(file, { force: true }).catch(() => {});
    },
  };
}
