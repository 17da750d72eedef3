// Parts of their own that programs and commands bring along: a module of JavaScript that defines motifs and kinds of
// synapses. Runs name it by its hash, so that they go on with the same parts or not at all, and threads load it too.
import { checkKind, InputError, plain } from "../core/index.js";
import { type ConfigOf, field, text } from "../fields/index.js";
import { inNode, type ThreadModule } from "../runs/internal.js";
import type { Parts } from "./parts-library.js";

/** Which module a run takes its own parts from. */
export const moduleFields = {
  /** Where the module was; "" for none. The result does not depend on it. */
  file: field({
    type: text("a file", { empty: true }),
    default: "",
    defaultHelp: "",
    flag: "--module <file>",
    help: "a module with motifs, synapses, tasks and studies of your own: export default ({ defineMotif, ... }) => ...",
    since: "0.2.0",
    before: "",
    hashed: false,
  }),
  /** SHA-256 of its text and of the files beside it that it imports; "" for none. */
  hash: field({ type: text("a hash", { empty: true }), default: "" }),
};

/** A module of own parts, as configurations name it. */
export type OwnModule = ConfigOf<typeof moduleFields>;

/**
 * What such a module exports as its default: a function that is called once in every thread, with all that `Parts` has.
 *
 * ```js
 * export default ({ defineMotif, mul, sub }) => {
 *   defineMotif({ name: "oja-like", summary: "...", term: ({ w, y, yPre }) => mul(y, sub(yPre, mul(y, w))) });
 * };
 * ```
 */
export type PartsModule = (parts: PartsOfModule) => void | Promise<void>;

/** What a module of own parts is called with: `Parts`, and what takes studies. */
export interface PartsOfModule extends Parts {
  /**
   * Adds a study, which `synaptape reproduce --module` then lists and runs.
   *
   * @param make gives the study. It is called, if studies are asked for, with all that `synaptape/studies`, `synaptape/meta`
   * and `synaptape/plasticity` export, and with `module`, the name of the module itself in configurations of runs.
   */
  readonly defineStudy: (make: StudyMaker) => void;
}

/** Makes a study; what it is called with and what it gives is known on the floor of studies. */
// biome-ignore lint/suspicious/noExplicitAny: studies stand above, and authors of modules write JavaScript.
export type StudyMaker = (helpers: any) => unknown;

/** The modules that this thread has loaded, by their hashes. */
const loaded = new Map<string, OwnModule>();

/** The studies that these modules define. */
const makers: { readonly module: OwnModule; readonly make: StudyMaker }[] = [];

/** What makes the studies of the modules that were loaded, each with its module. */
export const studyMakers = (): readonly { readonly module: OwnModule; readonly make: StudyMaker }[] => makers;

/** The modules that were loaded, in that order. */
export const loadedParts = (): readonly OwnModule[] => [...loaded.values()];

/**
 * Loads a module of own parts, which are then known in this thread and in all threads that runs start later. Nothing
 * happens if it is loaded already. Needs Node.
 *
 * @param file the path of a module whose default export is a `PartsModule`.
 * @returns what names it in the `module` of a configuration, which makes it part of a run's record.
 * @throws InputError if it cannot be read, exports no function, fails, or has changed since it was loaded.
 * @example
 * const module = await loadParts("rules.js");
 * await train(dataset, { ...defaultTrainConfig("bio"), module }, { workers: 4 });
 */
export async function loadParts(file: string): Promise<OwnModule> {
  checkKind("loadParts", "the file", file, "text");
  if (!inNode) {
    throw new InputError(
      "[loadParts] a page reads no files. Call defineMotif and defineSynapse in the page, and in the code of its workers.",
    );
  }
  const { readModule, defaultOf } = await import("./read-module.js");
  const module = await readModule(file);
  const known = loaded.get(module.hash);
  if (known) return known;
  if (loadedParts().some((other) => other.file === module.file)) {
    throw new InputError(
      `[loadParts] ${plain(file)} has changed since it was loaded. Start again with what it is now.`,
    );
  }
  const define = (await defaultOf(module.file)) as PartsModule;
  const { allParts } = await import("./parts-library.js");
  const studies: StudyMaker[] = [];
  const defineStudy = (make: StudyMaker): void => {
    checkKind("defineStudy", "what makes the study", make, "a function");
    studies.push(make);
  };
  try {
    await define({ ...(await allParts()), defineStudy });
  } catch (cause) {
    const fact = cause instanceof Error ? cause.message.replace(/^\[[^\]]*\] /, "") : String(cause);
    throw new InputError(
      `[loadParts] ${plain(file)} failed: ${plain(fact, 400).replace(/[.]?$/, ".")} Correct it; ops and the functions ` +
        "that define parts have to be those that it is called with.",
      { cause },
    );
  }
  loaded.set(module.hash, module);
  makers.push(...studies.map((make) => ({ module, make })));
  return module;
}

/** Loads the modules that another thread has loaded. Throws an InputError if one of them has changed in between. */
export async function loadSameParts(modules: readonly ThreadModule[] = []): Promise<void> {
  for (const { file, hash } of modules) {
    if ((await loadParts(file)).hash === hash) continue;
    throw new InputError(`[loadParts] ${plain(file)} has changed since the work began. Put it back, and continue.`);
  }
}

/**
 * Throws an InputError if the module of a configuration is not loaded.
 *
 * @param before what its sentence begins with.
 */
export function checkParts({ file, hash }: OwnModule, before: string): void {
  if (hash === "" || loaded.has(hash)) return;
  const others = loadedParts();
  const [was, is] = [plain(hash.slice(0, 8)), others.map((other) => other.hash.slice(0, 8)).join(", ")];
  throw new InputError(
    others.length === 0
      ? `${before}it takes parts from ${file === "" ? "a module" : plain(file)} (hash ${was}), which is not loaded. ` +
          "Pass it as --module, or call loadParts first."
      : `${before}its parts are those of ${file === "" ? "a module" : plain(file)} with the hash ${was}, but ` +
          `${others.map((other) => plain(other.file)).join(", ")} has ${is}. Put back the module that it began with, or begin a new run.`,
  );
}
