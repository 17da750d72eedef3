// The threads of this machine, as an engine: what is used if no other is named.
import type { EngineKind } from "./kind.js";

/** Cells on threads of this machine. */
export const threadsKind: EngineKind = {
  name: "threads",
  form: "threads",
  local: true,
  owns: (where) => where === "threads",
  async open(_, { data = [], workers }) {
    const [{ studyThreads }, { availableParallelism }] = await Promise.all([
      import("../studies/index.js"), // slow to load, and the flags of commands need only the record
      import("node:os"),
    ]);
    return studyThreads(workers ?? availableParallelism(), { data });
  },
};
