// Studies of the user's own, from modules that `loadParts` has loaded: they stand beside those of the package. The cells that
// such a study computes itself have the hash of its module in their configurations, so that a result never outlives the
// text that computed it, and no process computes a cell with another text.
import { checkMade, InputError, plain, quote } from "../core/index.js";
import { type OwnModule, studyMakers } from "../meta/internal.js";
import type { Cell, CellKind, Context } from "../runs/index.js";
import { checkStudy } from "./checks.js";
import { studies } from "./registry.js";
import { kindsOf } from "./run-study.js";
import type { AnyStudy, Plan } from "./study.js";

/** Those that were made, by their names. */
const own = new Map<string, AnyStudy>();
let made = 0;

/** All studies: those of the package, then those of modules in the order in which `makeOwnStudies` made them. */
export const knownStudies = (): readonly AnyStudy[] => [...studies, ...own.values()];

/**
 * Makes the studies of the modules that were loaded since it was last called. They are then among `knownStudies`.
 *
 * @throws InputError that names the module, for what is no study or has the name of another.
 */
export async function makeOwnStudies(): Promise<void> {
  const makers = studyMakers().slice(made);
  made += makers.length;
  if (makers.length === 0) return;
  const helpers = {
    ...(await import("../plasticity/index.js")),
    ...(await import("../meta/index.js")),
    ...(await import("./index.js")),
  };
  for (const { module, make } of makers) {
    const study = attempt(module, () => {
      const given = make({ ...helpers, module }) as AnyStudy;
      checkStudy("defineStudy", given, ["name", "papers", "about", "basis", "fields", "effort", "cells", "claims"]);
      return given;
    });
    const { name } = study;
    const others = [...knownStudies(), ...knownStudies().flatMap(kindsOf)].map((other) => other.name);
    if (typeof name !== "string" || !/^[a-z][a-z0-9-]*$/.test(name) || others.includes(name)) {
      const fact = others.includes(name) ? "which is taken" : "which is no name";
      throw new InputError(
        `[defineStudy] ${plain(module.file)}: a study is called ${quote(name)}, ${fact}. Use letters, digits and dashes that no other study has.`,
      );
    }
    own.set(name, ofModule(study, module));
  }
}

/** What `work` gives; an error that says which module it is about. */
function attempt<T>(module: OwnModule, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const fact = cause instanceof Error ? cause.message.replace(/^\[[^\]]*\] /, "") : String(cause);
    throw new InputError(`[defineStudy] ${plain(module.file)}: ${plain(fact, 400).replace(/[.]?$/, ".")}`, { cause });
  }
}

/** A study whose own cells carry the hash of its module, and are computed with no other. */
function ofModule(study: AnyStudy, { file, hash }: OwnModule): AnyStudy {
  const shared = new Set(
    knownStudies()
      .flatMap(kindsOf)
      .map(({ name }) => name),
  );
  const kinds = kindsOf(study).filter(({ name }) => !shared.has(name));
  const names = new Set(kinds.map(({ name }) => name));
  const marked = (cell: Cell): Cell => {
    checkMade(
      "defineStudy",
      `a cell of ${study.name}`,
      cell,
      ["kind", "config", "seed"],
      "Give { kind, config, seed }.",
    );
    const { needs } = cell;
    return {
      ...cell,
      ...(names.has(cell.kind) && { config: { ...(cell.config as object), module: hash } }),
      ...(needs && { needs: needs.map(marked) }),
    };
  };
  const computed = (kind: CellKind): CellKind => ({
    name: kind.name,
    run(cell: Cell, context: Context) {
      const { module, ...config } = cell.config as { readonly module?: string };
      if (module !== hash) {
        throw new InputError(
          `[${study.name}] a cell is of a module with the hash ${plain(String(module).slice(0, 8))}, but ${plain(file)} has ` +
            `${hash.slice(0, 8)}. Give every process the same --module.`,
        );
      }
      return kind.run({ ...cell, config }, context);
    },
  });
  const { run: _, ...rest } = study;
  return {
    ...rest,
    cells: (plan: Plan<never>) => study.cells(plan).map(marked),
    kinds: [...kinds.map(computed), ...(study.kinds ?? []).filter(({ name }) => shared.has(name))],
  };
}
