// A process that gives one job to a thread and says what came of it: `node child.mjs THREAD`.
import { openPool } from "../../src/runs/internal.js";

const [slot] = await openPool({
  code: { entry: process.argv[2], name: "x", places: [], from: "" },
  threads: 1,
  begin: {},
});
try {
  console.log(await slot.run({}, { name: "job 1" }));
} catch (error) {
  console.log(`${(error as Error).name}: ${(error as Error).message}`);
}
