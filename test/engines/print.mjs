// Prints the hashes of the engine that runs it: `node test/engines/print.mjs`, and the same with `bun` or `deno run -A`.
import { fingerprint } from "./fingerprint.mjs";

const { bun, deno, node } = process.versions;
const version = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
console.log(JSON.stringify({ version, hashes: await fingerprint() }));
