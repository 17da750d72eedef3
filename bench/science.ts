// npm run bench science [DIR]: writes bench/science/README.md, its figures and results.json from what is kept in
// bench/science. With DIR, the folder of a reproduction, all runs in it that are as long as the published ones are kept
// first, beside those that are or in their place.
import { keep, readKept } from "./science/kept.js";
import { writePage } from "./science/page.js";

export async function writeSciencePage(from?: string): Promise<void> {
  if (from !== undefined) await keep(from);
  writePage(readKept());
}
