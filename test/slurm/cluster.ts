// A cluster of one machine, in a folder of its own: munge, the controller and the daemon of the node, on free ports of
// loopback. It takes about three seconds to start. Only the processes that were started here are ended.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { child } from "../children.js";

/** Where Debian has the daemons, which are not in every user's path. */
const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;

const NEEDED = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"];

/** Whether Slurm is installed here; `.ci/run` installs it. */
export const hasSlurm = (): boolean => {
  try {
    execFileSync("sh", ["-c", NEEDED.map((name) => `command -v ${name}`).join(" && ")], {
      env: { ...process.env, PATH },
    });
    return true;
  } catch {
    return false;
  }
};

/** A running cluster. */
export interface Cluster {
  /** What makes the commands of Slurm find it. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command of Slurm; what it printed. */
  ask(command: string, ...args: string[]): string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts a cluster whose job arrays have at most `arraySize` tasks, of which two run at once. */
export async function startCluster(arraySize: number): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "synaptape-slurm-"));
  const at = (name: string): string => join(folder, name);
  const [user, host] = [userInfo().username, hostname()];
  writeFileSync(at("munge.key"), randomBytes(1024), { mode: 0o400 });
  for (const name of ["state", "spool"]) mkdirSync(at(name));
  const settings = {
    ...{ ClusterName: "scratch", SlurmctldHost: `${host}(127.0.0.1)`, SlurmUser: user, SlurmdUser: user },
    ...{ SlurmctldPort: await freePort(), SlurmdPort: await freePort() },
    // A job that is put back may start again when its credential has expired.
    ...{ AuthType: "auth/munge", CredType: "cred/munge", AuthInfo: `socket=${at("munge.socket")},cred_expire=5` },
    ...{ StateSaveLocation: at("state"), SlurmdSpoolDir: at("spool") },
    ...{ SlurmctldPidFile: at("slurmctld.pid"), SlurmdPidFile: at("slurmd.pid") },
    ...{ SlurmctldLogFile: at("slurmctld.log"), SlurmdLogFile: at("slurmd.log") },
    ...{ ProctrackType: "proctrack/linuxproc", TaskPlugin: "task/none", SwitchType: "switch/none", MpiDefault: "none" },
    ...{ SelectType: "select/cons_tres", SelectTypeParameters: "CR_Core", SchedulerType: "sched/backfill" },
    SchedulerParameters: "sched_interval=1,batch_sched_delay=0,bf_interval=1",
    ...{ JobAcctGatherType: "jobacct_gather/none", AccountingStorageType: "accounting_storage/none" },
    ...{ ReturnToService: 2, JobRequeue: 1, KillWait: 5, MaxArraySize: arraySize },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  lines.push(`NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=500 State=UNKNOWN`);
  lines.push("PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP");
  writeFileSync(at("slurm.conf"), `${lines.join("\n")}\n`);

  const env = { ...process.env, PATH, SLURM_CONF: at("slurm.conf") };
  const children: ChildProcess[] = [];
  const daemon = (command: string, ...args: string[]): void => {
    children.push(child(spawn(command, args, { env, stdio: "ignore" })));
  };
  const munge = [
    "key-file=munge.key",
    "socket=munge.socket",
    "pid-file=munged.pid",
    "log-file=munged.log",
    "seed-file=seed",
  ];
  daemon("munged", "--foreground", "--force", ...munge.map((part) => `--${part.replace("=", `=${folder}/`)}`));
  daemon("slurmctld", "-D");
  daemon("slurmd", "-D", "-N", host);
  const ask = (command: string, ...args: string[]): string => execFileSync(command, args, { env, encoding: "utf8" });
  const stop = async (): Promise<void> => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await Promise.race([ended, wait(10_000).then(() => child.kill("SIGKILL"))]);
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (let tries = 0; ; tries++) {
    try {
      if (ask("sinfo", "--noheader", "--format=%T").trim() === "idle") return { env, ask, stop };
    } catch {
      // It does not answer yet.
    }
    if (tries === 120) {
      const logs = ["munged.log", "slurmctld.log", "slurmd.log"].map((name) => {
        try {
          return readFileSync(at(name), "utf8").slice(-1500);
        } catch {
          return `no ${name}`;
        }
      });
      await stop();
      throw new Error(`[slurm] the cluster does not start:\n${logs.join("\n")}`);
    }
    await wait(500);
  }
}
