// Compiles the kernels and inlines them: for each module build/NAME.wasm, then a TypeScript file with the bytes and the
// kernels' types. The types come from the compiler's own declarations, so a kernel is declared once, here.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { main } from "assemblyscript/asc";

const modules = [
  { target: "core", entry: "assembly/index.ts", output: "src/core/wasm.generated.ts" },
  { target: "core64", entry: "assembly/float64.ts", output: "src/float64/wasm.generated.ts" },
  { target: "plasticity", entry: "assembly/plasticity.ts", output: "src/plasticity/wasm.generated.ts" },
  { target: "special", entry: "assembly/special.ts", output: "src/special/wasm.generated.ts" },
  { target: "linalg", entry: "assembly/linalg.ts", output: "src/linalg/wasm.generated.ts" },
];

mkdirSync("build", { recursive: true });
for (const { target, entry, output } of modules) {
  const { error, stderr } = await main([entry, "--config", "asconfig.json", "--target", target]);
  if (error) {
    console.error(stderr.toString());
    console.error(`[build] the kernels of ${target} do not compile: ${error.message}`);
    process.exit(1);
  }
  const bytes = readFileSync(`build/${target}.wasm`);
  const declarations = readFileSync(`build/${target}.d.ts`, "utf8");
  const kernels = [...declarations.matchAll(/export function (\w+)\(([^)]*)\): (\w+);/g)].map(
    ([, name, parameters, result]) => `  ${name}(${parameters.replaceAll("?", "")}): ${result};`,
  );
  writeFileSync(
    output,
    `// Written by assembly/build.mjs from ${entry}. Do not edit.

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
