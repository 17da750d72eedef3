// What the floors above need of runs that takes Node: files, locks and folders. Nothing that a page loads imports it.
export { explained, writeAside } from "./files.js";
export { lockFolder } from "./lock.js";
export { hasRun, readConfig, readFolder } from "./read-folder.js";
export { RunFolder } from "./run-folder.js";
