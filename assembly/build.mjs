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

/** ${bytes.length} bytes in hexadecimal: in base64 gzip would not see code that repeats, and take a quarter more. */
const hex =
  "${bytes.toString("hex")}";

function base64(): string {
  const digit = (i: number): number => (hex.charCodeAt(i) & 15) + (hex.charCodeAt(i) > 57 ? 9 : 0);
  let binary = "";
  for (let i = 0; i < hex.length; i += 2) binary += String.fromCharCode(16 * digit(i) + digit(i + 1));
  return btoa(binary);
}

/** The compiled module in base64. */
export const wasmBase64 = /* @__PURE__ */ base64();
`,
);
console.error(`core: ${kernels.length} kernels, ${bytes.length} bytes`);
