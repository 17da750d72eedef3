// Runs the commands of Slurm. All that the program knows of a cluster it asks here.
import { execFile } from "node:child_process";
import { InputError, plain } from "../../core/index.js";

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of Slurm, in a folder if one is given. */
export type Run = (command: string, args: readonly string[], folder?: string) => Promise<Ended>;

/** How long a command may take: the controller of a busy cluster answers late. */
const WITHIN_MS = 120_000;

/** What a command wrote, as one sentence without a full stop. */
export function saidBy({ stdout, stderr }: Pick<Ended, "stdout" | "stderr">): string {
  const lines = `${stderr}\n${stdout}`.split("\n").map((line) => line.replace(/^\w+: (?:error|fatal): /, "").trim());
  return plain(lines.filter((line) => line !== "").join("; ") || "nothing", 400).replace(/\.$/, "");
}

/** Runs commands of the Slurm that is installed here. */
export const installed: Run = (command, args, folder) =>
  new Promise((resolve, reject) => {
    execFile(command, [...args], { cwd: folder, timeout: WITHIN_MS, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr });
      if (error.code === "ENOENT") {
        const fact = `[slurm] there is no ${command} on this machine`;
        return reject(
          new InputError(`${fact}. Use --executor slurm on a machine of the cluster that can submit jobs.`),
        );
      }
      if (typeof error.code === "number") return resolve({ code: error.code, stdout, stderr });
      const why = error.killed
        ? `did not answer within ${WITHIN_MS / 1000} s`
        : `cannot be run (${error.code ?? error.signal})`;
      reject(new InputError(`[slurm] ${command} ${why}. See whether the cluster works: sinfo.`));
    });
  });
