// Opens a place for results; the code for folders takes Node and is loaded when one is asked for.
import { InputError } from "../core/index.js";
import { inNode } from "./platform.js";
import type { Store } from "./store.js";

/** Keeps results in a folder, which is made if it is not there. Needs Node. */
export async function openStore(folder: string): Promise<Store> {
  if (inNode) return (await import("./folder-store.js")).folderStore(folder);
  throw new InputError("[store] a page has no folders to keep results in. Use memoryStore().");
}
