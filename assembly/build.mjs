// Compiles the kernels and inlines them: build/core.wasm, then src/core/wasm.generated.ts with the bytes and
// the kernels' types. The types come from the compiler's own declarations, so a kernel is declared once, here.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { main } from "assemblyscript/asc";

mkdirSync("build", { recursive: true });
const { error, stderr } = await main(["--config", "asconfig.json"]);
if (error) {
  console.error(stderr.toString());
  console.error(`[build] the kernels do not compile: ${error.message}`);
  process.exit(1);
}

const bytes = readFileSync("build/core.wasm");
const declarations = readFileSync("build/core.d.ts", "utf8");
const kernels = [...declarations.matchAll(/export function (\w+)\(([^)]*)\): (\w+);/g)].map(
  ([, name, parameters, result]) => `  ${name}(${parameters.replaceAll("?", "")}): ${result};`,
);

writeFileSync(
  "src/core/wasm.generated.ts",
  `// Written by assembly/build.mjs from assembly/*.ts. Do not edit.

/** The kernels: addresses are byte offsets into the one linear memory, counts are elements. */
export interface Kernels {
${kernels.join("\n")}
}

/**
 * The compiled module, ${bytes.length} bytes, in hexadecimal: in base64 gzip would not see code that repeats, and the
 * package would be a tenth larger.
 */
export const wasmHex =
  "${bytes.toString("hex")}";
`,
);
console.error(`core: ${kernels.length} kernels, ${bytes.length} bytes`);
