// Slurm as an engine: a job array on a cluster, written "slurm" or "slurm:partition=long,time=4:00:00".
import { InputError } from "../../core/index.js";
import type { EngineKind } from "../kind.js";
import { namesSlurm, settingsOf } from "./settings.js";

/** Job arrays of a cluster. */
export const slurmKind: EngineKind = {
  name: "slurm",
  form: "slurm[:partition=...,time=...]",
  local: false,
  handsOver: true,
  owns: namesSlurm,
  async open(where, { out, tell, dryRun, leave }) {
    const settings = settingsOf(where);
    if (out === undefined) throw new InputError("[slurm] Slurm keeps results in a folder. Give `out`.");
    const { slurm } = await import("./executor.js"); // it needs Node
    return slurm({ ...settings, out, tell, dryRun, leave });
  },
};
