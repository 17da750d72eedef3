// Prints the rows of the benchmarks that are named, or of all; "page" writes them into bench/README.md, and "science"
// writes bench/science/README.md from runs, see science.ts.
import { showRow } from "./harness.js";
import { benches } from "./list.js";
import { writePage } from "./page.js";
import { writeSciencePage } from "./science.js";

const words = process.argv.slice(2);
const json = words.includes("--json");
const names = words.filter((word) => word !== "--json");
const known = (name: string, i: number): boolean => (i === 0 && name === "page") || Object.hasOwn(benches, name);
const unknown = names[0] === "science" ? undefined : names.find((name, i) => !known(name, i));
if (unknown !== undefined) {
  console.error(`bench: there is no "${unknown}"; there are ${Object.keys(benches).join(", ")}, page and science.`);
  process.exit(2);
}
if (names[0] === "science") await writeSciencePage(names[1]);
else if (names[0] === "page") await writePage(names.length > 1 ? names.slice(1) : Object.keys(benches));
else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    for await (const row of benches[name]()) console.log(json ? JSON.stringify(row) : showRow(row));
  }
}
