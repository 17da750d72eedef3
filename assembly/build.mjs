// Compiles the kernels and inlines them: for each module build/NAME.wasm, then a TypeScript file with the bytes and the
// kernels' types. The types come from the compiler's own declarations, so a kernel is declared once, here. Where the sources
// are those of the last time, nothing is compiled.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const modules = [
  { target: "core", entry: "assembly/index.ts", output: "src/core/wasm.generated.ts" },
  { target: "core64", entry: "assembly/float64.ts", output: "src/float64/wasm.generated.ts" },
  { target: "plasticity", entry: "assembly/plasticity.ts", output: "src/plasticity/wasm.generated.ts" },
  {
    target: "plasticity64",
    entry: "assembly/plasticity.ts",
    output: "src/float64/wasm-plasticity.generated.ts",
  },
  { target: "special", entry: "assembly/special.ts", output: "src/special/wasm.generated.ts" },
  { target: "traces", entry: "assembly/traces.ts", output: "src/credit/wasm-traces.generated.ts" },
  { target: "events", entry: "assembly/events.ts", output: "src/spiking/wasm-events.generated.ts" },
  { target: "linalg", entry: "assembly/linalg.ts", output: "src/linalg/wasm.generated.ts" },
];

/** A hash of everything that the modules are made of. */
function sources() {
  const hash = createHash("sha256");
  const names = readdirSync("assembly", { recursive: true }).filter((name) => /\.(ts|mjs|json)$/.test(name));
  const files = names.sort().map((name) => `assembly/${name}`);
  for (const file of [...files, "asconfig.json", "node_modules/assemblyscript/package.json"]) {
    hash.update(`${file}\n`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

const made = sources();
/** What the file of a module begins with. */
const headOf = (entry) => `// Written by assembly/build.mjs from ${entry}. Do not edit.\n// Sources: ${made}\n`;

/** Whether a module is there whole, from these sources. */
function isThere({ entry, output }) {
  if (!existsSync(output)) return false;
  const text = readFileSync(output, "utf8");
  return text.startsWith(headOf(entry)) && text.endsWith('";\n');
}

/** What identifies the kernels: a worker elsewhere must have the same. */
const identity = "src/engines/wasm-hash.generated.ts";
const identityHead = headOf("the modules of all folders");
const hasIdentity = existsSync(identity) && readFileSync(identity, "utf8").startsWith(identityHead);

if (modules.every(isThere) && hasIdentity) process.exit();

const { main } = await import("assemblyscript/asc");
mkdirSync("build", { recursive: true });
const all = createHash("sha256");
for (const { target, entry, output } of modules) {
  const { error, stderr } = await main([entry, "--config", "asconfig.json", "--target", target]);
  if (error) {
    console.error(stderr.toString());
    console.error(`[build] the kernels of ${target} do not compile: ${error.message}`);
    process.exit(1);
  }
  const bytes = readFileSync(`build/${target}.wasm`);
  all.update(bytes);
  const declarations = readFileSync(`build/${target}.d.ts`, "utf8");
  const kernels = [...declarations.matchAll(/export function (\w+)\(([^)]*)\): (\w+);/g)].map(
    ([, name, parameters, result]) => `  ${name}(${parameters.replaceAll("?", "")}): ${result};`,
  );
  writeFileSync(
    output,
    `${headOf(entry)}
/** The kernels: addresses are byte offsets into the one linear memory, counts are elements. */
export interface Kernels {
${kernels.join("\n")}
}

/**
 * The compiled module, ${bytes.length} bytes, in hexadecimal: in base64 gzip would not see code that repeats, and the
 * package would be a tenth larger.
 */
export const wasmHex: string =
  "${bytes.toString("hex")}";
`,
  );
  console.error(`${target}: ${kernels.length} kernels, ${bytes.length} bytes`);
}

writeFileSync(
  identity,
  `${identityHead}
/** SHA-256, in hexadecimal digits, of the bytes of all compiled kernels. */
export const kernelHash = "${all.digest("hex")}";
`,
);
