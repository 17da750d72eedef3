// `npm run engines`: which engine agrees with hashes.json. With `-- --update`, Node's hashes become the file first: for
// a change that is meant to change numbers, and is said to in its commit.
import { writeFileSync } from "node:fs";
import { differences, engines, golden, goldenFile } from "./engines.js";

if (process.argv.includes("--update")) {
  const { hashes } = await engines[0].run();
  writeFileSync(goldenFile, `${JSON.stringify(hashes, null, 2)}\n`);
}
for (const engine of engines) {
  if (engine.missing) {
    console.log(`${engine.name}: not here; ${engine.missing}`);
    process.exitCode = 1;
    continue;
  }
  const { version, hashes } = await engine.run();
  const differs = differences(hashes, golden());
  const verdict = differs.length === 0 ? "equal" : `different at ${differs.join(", ")}`;
  console.log(`${version}: ${Object.keys(hashes).length} hashes, ${verdict}`);
  if (differs.length > 0) process.exitCode = 1;
}
