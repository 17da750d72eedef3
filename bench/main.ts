// Prints the rows of the benchmarks that are named, or of all; "page" runs all and writes bench/README.md.
import { showRow } from "./harness.js";
import { benches } from "./list.js";
import { writePage } from "./page.js";

const words = process.argv.slice(2);
const json = words.includes("--json");
const names = words.filter((word) => word !== "--json");
const unknown = names.find((name) => name !== "page" && !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`bench: there is no "${unknown}"; there are ${Object.keys(benches).join(", ")} and page.`);
  process.exit(2);
}
if (names.includes("page")) await writePage();
else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    for await (const row of benches[name]()) console.log(json ? JSON.stringify(row) : showRow(row));
  }
}
