// Prints the hashes of the engine that runs it: `node test/engines/print.mjs`, `bun test/engines/print.mjs`.
import { fingerprint } from "./fingerprint.mjs";

const { bun, node } = process.versions;
console.log(JSON.stringify({ version: bun ? `Bun ${bun}` : `Node ${node}`, hashes: await fingerprint() }));
