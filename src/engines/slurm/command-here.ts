// How `synaptape` is started on the nodes: with the Node and the installation of this process, which they find on the
// same disk.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError } from "../../core/index.js";

/** Where the built command line may be, seen from the file into which this code was built. */
const PLACES = ["./main.js", "./cli/main.js", "../cli/main.js"];

/** The words that start it. Throws an InputError if the built command line is not beside this code. */
export function commandHere(): string[] {
  const files = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return [process.execPath, found];
  throw new InputError(
    `[slurm] the built command line is not beside ${fileURLToPath(import.meta.url)}. Give \`command\`: the words that start synaptape on the nodes.`,
  );
}
