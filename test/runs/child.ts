// A process that takes the lock of a folder, says so, and keeps it until it is killed: `node child.mjs FOLDER`.
import { lockFolder } from "../../src/runs/node.js";

try {
  await lockFolder(process.argv[2]);
  console.log("held");
  setInterval(() => {}, 1000);
} catch (error) {
  console.log((error as Error).message);
}
