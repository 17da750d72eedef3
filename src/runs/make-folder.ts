// Makes folders together with their parents, and remembers which to remove if the work that needs them fails.
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder, systemCode } from "./files.js";

/**
 * Makes a folder and its missing parents, and adds each to `made`. Another run may make some of them at the same time.
 */
export async function makeFolder(folder: string, made: string[]): Promise<void> {
  try {
    if (!(await makeOne(folder))) return;
  } catch (error) {
    if (systemCode(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder), made);
    if (!(await makeOne(folder))) return;
  }
  made.push(folder);
  await syncFolder(dirname(folder));
}

/** Makes a folder; false if it exists. */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST" && (await stat(folder)).isDirectory()) return false;
    throw error;
  }
}
