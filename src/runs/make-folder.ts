// Folders that are made with those above them, and undone if what they were made for fails.
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder, systemCode } from "./files.js";

/** Makes a folder and those above it that are missing, and adds each to `made`; what another run makes meanwhile is fine. */
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

/** Makes a folder; false if it is there. */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST" && (await stat(folder)).isDirectory()) return false;
    throw error;
  }
}
