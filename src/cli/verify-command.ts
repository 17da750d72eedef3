// What `verify` takes, and what it runs.
import { type Command, Option } from "commander";
import { floatNames } from "../core/index.js";
import { addJson } from "./add-flags.js";
import { DEVICES } from "./device.js";
import { word } from "./values.js";
import type { VerifyOptions } from "./verify.js";

/** Adds the argument and the flags to `command`, and what is done with them. */
export function defineVerify(command: Command): void {
  const device = new Option("--device <name>", "wasm or gpu: where to run the cases (default: wasm)");
  const dtype = new Option(
    "--dtype <name>",
    "float32 or float64: what to compute in; float64 is held to 1e-11 (default: float32)",
  );
  addJson(command)
    .argument("[files...]", "JSON files of golden cases (default: the built-in cases)")
    .addOption(device.argParser(word("--device", DEVICES)))
    .addOption(dtype.argParser(word("--dtype", floatNames)))
    .addHelpText("after", "\nExit codes: 0 all within tolerance, 1 a case is not or cannot be read, 2 wrong usage.")
    .action(async (files: string[], options: VerifyOptions) => (await import("./verify.js")).verify(files, options));
}
