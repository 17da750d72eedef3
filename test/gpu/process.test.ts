// A process that used a GPU ends, whatever it forgot: each case is the built library in a process of its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openHere } from "./here.js";

const root = resolve(import.meta.dirname, "../..");
const gpu = await openHere();
await gpu?.close();
const folder = mkdtempSync(join(root, "build", "gpu-process-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program that has an open `gpu`; a process that does not end is killed, and its code is null. */
function outcome(name: string, ending: string): Promise<{ code: number | null; stdout: string }> {
  if (!existsSync(join(root, "dist/gpu.js"))) throw new Error("dist is missing: run `npm run build` first");
  const file = join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    `import * as binding from "webgpu";
import { tensor } from "../../dist/index.js";
import { open } from "../../dist/gpu.js";
const gpu = await open({ modes: ["webgpu"], binding });
const exp = gpu.compile((x) => x.exp());
console.log((await exp(tensor([0]))).item());
${ending}`,
  );
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "ignore"] });
  const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
  let stdout = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  return new Promise((done) => {
    child.on("close", (code) => {
      clearTimeout(late);
      done({ code, stdout });
    });
  });
}

describe.skipIf(!gpu)("a process with a GPU ends", () => {
  it.each([
    ["that it closes", "await gpu.close();", 0, "1\n"],
    ["that it forgets", "", 0, "1\n"],
    ["when it throws", 'throw new Error("on purpose");', 1, "1\n"],
    ["when it exits", "process.exit(3);", 3, "1\n"],
    [
      "only after what it still waits for",
      "await new Promise((done) => setTimeout(done, 500)); console.log((await exp(tensor([0]))).item());",
      0,
      "1\n1\n",
    ],
    [
      "only after what begins late",
      "setTimeout(() => setImmediate(async () => console.log((await exp(tensor([0]))).item())), 200);",
      0,
      "1\n1\n",
    ],
  ])("%s", async (name, ending, code, stdout) => {
    expect(await outcome(name.replaceAll(" ", "-"), ending)).toEqual({ code, stdout });
  });
});
