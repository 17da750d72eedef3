// What the floors above need of runs that takes Node: files, locks and folders.
export {
  appendSynced,
  explained,
  isAside,
  removeAsides,
  syncFolder,
  systemCode,
  writeAside,
  writeOnce,
} from "./files.js";
export { isLockFile, lockFolder } from "./lock.js";
export { makeFolder } from "./make-folder.js";
export { hasRun, readConfig, readFolder } from "./read-folder.js";
export { RunFolder } from "./run-folder.js";
