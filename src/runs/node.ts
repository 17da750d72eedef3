// What the folders above need from runs that requires Node: files, locks and folders. Nothing that a page loads imports
// it.
export { explained, readPlain, systemCode, writeAside, writeOnce } from "./files.js";
export { folderStore, lookAnew, namesIn } from "./folder-store.js";
export { type Elsewhere, HeldError, lockFolder } from "./lock.js";
export { hasRun, readConfig, readFolder } from "./read-folder.js";
export { RunFolder } from "./run-folder.js";
export { shellWord } from "./shell-word.js";
export { packageFile, packageVersion } from "./version.js";
