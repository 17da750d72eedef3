// Prints the rows of the benchmarks that are named, or of all; "page" writes them into bench/README.md.
import { showRow } from "./harness.js";
import { benches } from "./list.js";
import { writePage } from "./page.js";

const words = process.argv.slice(2);
const json = words.includes("--json");
const names = words.filter((word) => word !== "--json");
const known = (name: string, i: number): boolean => (i === 0 && name === "page") || Object.hasOwn(benches, name);
const unknown = names.find((name, i) => !known(name, i));
if (unknown !== undefined) {
  console.error(`bench: there is no "${unknown}"; there are ${Object.keys(benches).join(", ")} and page.`);
  process.exit(2);
}
if (names[0] === "page") await writePage(names.length > 1 ? names.slice(1) : Object.keys(benches));
else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    for await (const row of benches[name]()) console.log(json ? JSON.stringify(row) : showRow(row));
  }
}
