// npm run site [-- --base /PATH/] [-- --dev]: builds the site into build/site, for a server that serves it at PATH, or with
// --dev serves it while its pages are written. The packages of docs/package.json are installed when they are missing or are
// not those of the lock file; the library must have been built.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const docs = import.meta.dirname;
const { values } = parseArgs({
  options: { base: { type: "string", default: "/" }, dev: { type: "boolean", default: false } },
});
if (!/^\/(?:.*\/)?$/.test(values.base)) {
  console.error(`[site] --base is ${values.base}; give a path that begins and ends with a slash, such as /synaptape/.`);
  process.exit(1);
}

/** Runs a program of docs/node_modules, or npm, in docs/; ends this program if that one fails. */
function run(command, ...args) {
  const env = { ...process.env, SITE_BASE: values.base };
  const { status, error } = spawnSync(command, args, {
    cwd: docs,
    stdio: "inherit",
    env,
    shell: process.platform === "win32",
  });
  if (error) console.error(`[site] ${command} did not start: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** npm writes what it installed into node_modules/.package-lock.json: the lock file, less its own entry. */
function installed() {
  const kept = join(docs, "node_modules/.package-lock.json");
  if (!existsSync(kept)) return false;
  const packagesIn = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const have = packagesIn(kept);
  return Object.entries(packagesIn(join(docs, "package-lock.json"))).every(
    ([name, { version, optional }]) => name === "" || optional || have[name]?.version === version,
  );
}

const program = (name) => join(docs, "node_modules/.bin", name);
if (!installed()) run("npm", "ci", "--no-audit", "--no-fund");
run(program("typedoc"), "--options", "typedoc.mjs", "--logLevel", "Error");
run(program("vitepress"), values.dev ? "dev" : "build", ".");
// The playground is a page of its own, which the package holds too.
if (!values.dev) cpSync(join(docs, "../dist/play"), join(docs, "../build/site/play"), { recursive: true });
