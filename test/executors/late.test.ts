// Workers that are late, that lie, or that are of another version, as processes of their own.
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { kernelHash } from "../../src/engines/wasm-hash.generated.js";
import { commandLine, objects, type Running } from "../cli/fixtures.js";
import { countOf, endAll, SWEEP, worker } from "./fleet.js";
import { hasRedis, redisServer, type Server, until } from "./servers.js";
import { filesOf, launch } from "./trouble.js";

const line = commandLine();
const { folder, main, run, start } = line;

/** Changes the last bit of every loss that a thread gives, as a broken machine might. */
const LIE = `
  import { isMainThread, parentPort } from "node:worker_threads";
  if (!isMainThread) {
    const post = parentPort.postMessage.bind(parentPort);
    const nudged = (x) => { const f = new Float64Array([x]); new BigInt64Array(f.buffer)[0] ^= 1n; return f[0]; };
    parentPort.postMessage = (message, ...more) => {
      if (message.result?.loss) message.result.loss = message.result.loss.map(nudged);
      post(message, ...more);
    };
  }
`;

/** Says that a thread has a result, and keeps it back for a while. */
const SLOW = `
  import { isMainThread, parentPort } from "node:worker_threads";
  if (!isMainThread) {
    const post = parentPort.postMessage.bind(parentPort);
    parentPort.postMessage = (message, ...more) => {
      if (message.result) process.stderr.write("held back\\n");
      setTimeout(() => post(message, ...more), message.result ? 5000 : 0);
    };
  }
`;

const WORKER = ["worker", "--workers", "1", "--lease", "1", "--engine"];

describe.skipIf(!hasRedis)("a worker", () => {
  let server: Server;
  beforeAll(async () => {
    expect(await run(...SWEEP, "--workers", "2", "--out", "threads")).toMatchObject({ code: 0, stderr: "" });
  });
  beforeEach(async () => {
    await server?.close();
    server = await redisServer();
  });
  afterAll(() => server?.close());

  /** The environment of a process that runs this code first, in all its threads. */
  const after = (code: string): NodeJS.ProcessEnv => {
    const file = join(folder, "first.mjs");
    writeFileSync(file, code);
    return { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` };
  };
  const sweep = (out: string, ...more: string[]): Running =>
    start([...SWEEP, "--executor", server.url, "--out", out, "--json", ...more]);
  const same = (out: string): void => expect(filesOf(join(folder, out))).toEqual(filesOf(join(folder, "threads")));

  it("whose code was changed, so that it gives other numbers, is found by --check, named, and its cells computed again", async () => {
    const liar = await worker(line, server.url, [], after(LIE));
    const lies = sweep("checked", "--check", "0.1");
    const { code, stdout } = await liar.ended;
    expect(code).toBe(1);
    const honest = await worker(line, server.url);
    const ended = await lies.ended;
    expect(ended.code).toBe(0);
    const [id] = stdout.split(" ");
    expect(ended.stderr).toContain(`the worker ${id} gave other bits than this machine for the cell of seed`);
    same("checked");
    await endAll([honest]);
  });

  const queue = async (): Promise<string> => (await run("queue", "--engine", server.url)).stdout;

  it("that was stopped and returns late, with a result that is there already, changes nothing", async () => {
    const first = launch({ main, folder, env: after(SLOW) }, [...WORKER, server.url]);
    const command = sweep("late");
    await until(() => first.stderr().includes("held back"), "it has computed a cell");
    first.process.kill("SIGSTOP");
    const second = await worker(line, server.url, ["--lease", "1"]);
    expect(await command.ended).toMatchObject({ code: 0, stderr: "" });
    first.process.kill("SIGCONT");
    await endAll([second]);
    first.process.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(countOf(first.stdout())).toBe(1); // the other has computed it too, and the two were compared
    same("late");
  });

  it("with another --module says so and ends, and one with the same computes the cells of an own motif", async () => {
    const rules = (term: string): string =>
      `export default ({ defineMotif, mul, neg }) => defineMotif({ name: "push", summary: "x", term: ({ e, yPre }) => ${term} });`;
    writeFileSync(join(folder, "rules.js"), rules("mul(e, yPre)"));
    writeFileSync(join(folder, "others.js"), rules("neg(mul(e, yPre))"));
    const own = [...SWEEP, "--motifs", "0,push", "--module", "rules.js", "--json"];
    expect(await start([...own, "--workers", "2", "--out", "own-threads"]).ended).toMatchObject({ code: 0 });
    const command = start([...own, "--executor", server.url, "--out", "own-queue"]);
    const status = async (...more: string[]): Promise<string> =>
      (await start(["queue", "--engine", server.url, ...more]).ended).stdout;
    await until(async () => /send cells: (?!none)/.test(await status()), "the command is there");
    for (const module of [[], ["--module", "others.js"]]) {
      const stranger = await start(["worker", "--engine", server.url, ...module]).ended;
      expect(stranger.code).toBe(1);
      expect(stranger.stderr).toMatch(
        /^synaptape: the cells at .* are of .*, module [\da-f]{8}, and this worker is .*: its bits could differ\. Give both the same --module\.\n$/,
      );
    }
    expect(await status("--module", "rules.js")).toMatch(/module [\da-f]{8}: [1-9]\d* waiting/);
    const honest = await worker(line, server.url, ["--module", "rules.js"]);
    expect(await command.ended).toMatchObject({ code: 0 });
    expect(filesOf(join(folder, "own-queue"))).toEqual(filesOf(join(folder, "own-threads")));
    await endAll([honest]);
  });

  it("of another version, or with other kernels, says so and ends, and never gets a cell", async () => {
    const command = sweep("strangers");
    await until(async () => /send cells: (?!none)/.test(await queue()), "the command is there");
    const dist = dirname(dirname(main));
    const copy = (name: string, version: string, kernels: string): string => {
      const at = join(folder, name);
      cpSync(dist, join(at, "dist"), { recursive: true });
      symlinkSync(resolve("node_modules"), join(at, "node_modules"));
      writeFileSync(join(at, "package.json"), JSON.stringify({ name: "synaptape", version, type: "module" }));
      for (const file of readdirSync(join(at, "dist"), { recursive: true, encoding: "utf8" })) {
        if (!file.endsWith(".js")) continue;
        const path = join(at, "dist", file);
        const text = readFileSync(path, "utf8");
        if (text.includes(kernelHash)) writeFileSync(path, text.replaceAll(kernelHash, kernels));
      }
      return join(at, "dist", "cli", "main.js");
    };
    mkdirSync(join(folder, "other"));
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    const other = "0".repeat(64);
    for (const [name, of, kernels, shown] of [
      ["other/version", "9.9.9", kernelHash, `version 9.9.9, numerics \\d+, kernels ${kernelHash.slice(0, 8)}`],
      ["other/kernels", version, other, `version ${version}, numerics \\d+, kernels 00000000`],
    ]) {
      const copied = copy(name, of, kernels);
      const stranger = launch({ main: copied, folder }, ["worker", "--engine", server.url]);
      expect(await stranger.ended).toBe(1);
      expect(stranger.stderr()).toMatch(
        new RegExp(
          `^synaptape: the cells at .* are of .*, and this worker is ${shown}: its bits could differ\\. Install the same version\\.\\n$`,
        ),
      );
    }
    const honest = await worker(line, server.url);
    const { code, stdout } = await command.ended;
    expect(code).toBe(0);
    expect(objects(stdout).at(-1)).toMatchObject({ done: true });
    const [said] = await endAll([honest]);
    expect(countOf(said)).toBe(24);
    same("strangers");
  });
});
