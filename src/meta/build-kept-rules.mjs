// Writes the rules of the folder `rules/` into src/meta/kept-rules.generated.ts, so that nothing has to be found or fetched
// at run time: each as the bytes of its file, with its hash and what its card says of it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "rules");

const rows = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort()
  .map((name) => {
    const { runs, config, scores } = JSON.parse(readFileSync(join(folder, name, "card.json"), "utf8"));
    const accuracy = `${(100 * scores[0].learned.mean).toFixed(1)} % on new tasks`;
    const learned = `${config.preset} on ${config.data.source}: ${accuracy} (${config.ways} classes, ${config.shots} images)`;
    const bytes = readFileSync(join(folder, name, "rule.safetensors")).toString("base64");
    return { name, about: learned, hash: runs[0].ruleHash, bytes };
  });

const text = `// Written by src/meta/build-kept-rules.mjs from the folder rules. Do not edit.
export const kept: readonly { readonly name: string; readonly about: string; readonly hash: string; readonly bytes: string }[] = ${JSON.stringify(rows, null, 2)};
`;
const file = join(root, "src/meta/kept-rules.generated.ts");
if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
