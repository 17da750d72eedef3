// What the folders above need from runs that requires Node: files, locks and folders. Nothing that a page loads imports
// it.
export { explained, writeAside } from "./files.js";
export { lockFolder } from "./lock.js";
export { hasRun, readConfig, readFolder } from "./read-folder.js";
export { RunFolder } from "./run-folder.js";
