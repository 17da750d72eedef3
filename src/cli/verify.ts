// `synaptape verify`: checks this machine's results against golden numbers that another implementation computed.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type FloatName, InputError, plain } from "../core/index.js";
import { parseJson, textOf } from "../io/index.js";
import {
  builtInCases,
  type CaseResult,
  checkCase,
  type GoldenCase,
  readCase,
  TOLERANCES,
} from "../plasticity/internal.js";
import { type Device, withDevice } from "./device.js";
import { say, sayJson, table } from "./output.js";

export interface VerifyOptions {
  readonly json?: boolean;
  readonly device?: Device;
  /** The type of all numbers. */
  readonly dtype?: FloatName;
}

/** Checks the built-in cases, or those in these files; the exit code is 1 when one fails. */
export async function verify(
  files: readonly string[],
  { json = false, device, dtype = "float32" }: VerifyOptions,
): Promise<void> {
  if (dtype === "float64") await import("../float64/index.js");
  // All files are read first, so that a bad one is reported before any work.
  const cases = files.length > 0 ? await Promise.all(files.map(caseIn)) : await builtInCases();
  const results: CaseResult[] = [];
  await withDevice(device, async (gpu) => {
    if (gpu && !json) say(`On ${gpu.backend}: ${gpu.adapter}`);
    for (const golden of cases) {
      const result = await checkCase(golden, { gpu, dtype });
      results.push(result);
      if (json) sayJson(result);
    }
  });
  if (!json) report(results, dtype);
  if (results.some(({ ok }) => !ok)) process.exitCode = 1;
}

/** The case in a file. */
async function caseIn(file: string): Promise<GoldenCase> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const facts: Record<string, string> = { ENOENT: "does not exist", EISDIR: "is a folder, not a file" };
    const fact = facts[cause.code ?? ""] ?? `cannot be read (${cause.code})`;
    throw new InputError(
      `[verify] ${plain(file)} ${fact}. Give files of golden cases, or none to check the built-in ones.`,
      {
        cause,
      },
    );
  });
  return readCase(basename(file).replace(/\.json$/, ""), file, parse(file, bytes));
}

function parse(file: string, bytes: Uint8Array): unknown {
  try {
    return parseJson(textOf(bytes, file), file);
  } catch (cause) {
    const { message } = cause as Error;
    throw new InputError(`[verify] ${message} Give a golden case in the form that make_golden.py writes.`, { cause });
  }
}

/** A small number as 1e-5 rather than 0.00001. */
const short = (value: number): string => value.toExponential();

function report(results: readonly CaseResult[], dtype: FloatName): void {
  const show = (error: number | undefined): string => (error === undefined ? "-" : error.toExponential(1));
  const rows = results.map((result) => [
    result.case,
    show(result.lossError),
    ...(["P", "K", "v", "b"] as const).map((part) => show(result.gradError[part])),
    show(result.weightError),
    show(result.logitError),
    result.ok ? "ok" : "FAILED",
  ]);
  const head = ["case", "loss", "grad P", "grad K", "grad v", "grad b", "weights", "logits", ""];
  for (const line of table([head, ...rows])) say(line);
  say();
  const failed = results.filter(({ ok }) => !ok).map((result) => result.case);
  const most = TOLERANCES[dtype];
  const limits =
    `loss ${short(most.loss)}, gradients ${short(most.gradients)} (${short(most.fullGradients)} at full size), ` +
    `weights ${short(most.weights)}, logits ${short(most.logits)}, each relative to the largest element of its array`;
  if (failed.length === 0) say(`All ${results.length} cases are within tolerance: ${limits}.`);
  else say(`${failed.length} of ${results.length} cases FAILED: ${failed.join(", ")}. Tolerances: ${limits}.`);
}
