// The thread that computes cells of studies. An entry point of the build of its own; see `executor.ts`.
import { type CellKind, serveCells } from "../runs/index.js";
import { studies } from "./registry.js";
import { kindsOf } from "./run-study.js";

const kinds = new Map<string, CellKind>(studies.flatMap(kindsOf).map((kind) => [kind.name, kind]));
serveCells([...kinds.values()]);
