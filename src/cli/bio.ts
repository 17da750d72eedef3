// `synaptape bio`: trains a network with and without each mechanism, and reports what each one does.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { givenIn, withDefaults } from "../fields/index.js";
import { here, memoryStore, openStore, runCells } from "../runs/index.js";
import { explained, writeAside } from "../runs/node.js";
import { kindsOf, studyThreads } from "../studies/index.js";
import {
  armsFigure,
  armsOf,
  armsTable,
  bioCells,
  bioTransformations,
  effectsOf,
  type Outcome,
} from "../studies/internal.js";
import { BIO, type BioFlags } from "./bio-flags.js";
import { openImagesOfStudy } from "./data.js";
import { duration, linesOf, say, sayJson } from "./output.js";
import { toldInOrder } from "./told-in-order.js";
import { sayStopped, stepsOf, underBar } from "./under-bar.js";

const PLOT = "ablation.svg";

/** Images per class when the built-in characters are used. */
const GLYPHS_PER_CLASS = 100;

/** Runs what these flags ask for, skipping finished runs. */
export async function runBio(flags: BioFlags): Promise<void> {
  const { json = false, out } = flags;
  const { fields } = bioTransformations;
  const setting = withDefaults(fields, { ...givenIn(fields, flags), reference: flags.reference ?? false });
  const { images, datasets, name } = await openImagesOfStudy(flags, {
    perClass: GLYPHS_PER_CLASS,
    test: true,
  });
  const arms = armsOf(flags.mechanisms ?? BIO.mechanisms, flags.together ?? false);
  const seeds = Array.from({ length: flags.seeds ?? BIO.seeds }, (_, seed) => seed);
  const cells = bioCells(setting, arms, seeds, images);
  const store = out === undefined ? memoryStore() : await openStore(out);
  const began = performance.now();
  const workers = Math.min(flags.workers ?? availableParallelism(), cells.length);
  const executor =
    workers === 1 ? here(kindsOf(bioTransformations), { data: datasets }) : studyThreads(workers, { data: datasets });
  const onResult = toldInOrder(cells, ({ row, seconds }, found) => {
    if (json && !found) sayJson({ ...(row as Outcome), seconds });
  });
  const { found: outcome, code } = await underBar(
    json,
    (bar, signal) => runCells(cells, { store, executor, signal, onProgress: stepsOf(bar), onResult }),
    () => executor.close(),
  );
  if (outcome.failures.length > 0) throw outcome.failures[0].error;
  if (code !== undefined) {
    return sayStopped(
      code,
      out === undefined
        ? "Nothing was kept. Add --out to keep results; a stopped command can then be continued."
        : "Run the same command again to continue.",
    );
  }
  const rows = outcome.results.map(({ row }) => row as Outcome);
  const effects = effectsOf(rows);
  if (out !== undefined) {
    const { figureSvg } = await import("../report/draw.js"); // the drawing code is slow to load
    const title = `Accuracy with and without each mechanism: ${name}, ${setting.network}`;
    await writeAside(out, PLOT, figureSvg(armsFigure(effects, title)) ?? "").catch((error: unknown) => {
      throw explained(error, `${join(out, PLOT)} cannot be written`, "Make room, or choose another --out.");
    });
  }
  if (json) {
    sayJson({ done: true, ...setting, data: name, arms: effects });
    return;
  }
  const how = `${setting.network}, ${setting.optimizer}, ${setting.epochs} epochs, ${seeds.length} seeds`;
  say(`What each mechanism does: ${name}, ${how}${setting.reference ? ", published formulas" : ""}.`);
  say();
  for (const line of linesOf(armsTable(effects))) say(line);
  say();
  if (out !== undefined) say(`Results  ${join(out, "results")}, ${join(out, PLOT)}`);
  say(`Time     ${duration((performance.now() - began) / 1000)}`);
}
