// Opens a store in a folder. The code for folders needs Node, and is loaded only when one is opened.
import { checkKind, InputError } from "../core/index.js";
import { inNode } from "./platform.js";
import type { Store } from "./store.js";

/** Keeps results in a folder, which is made if it does not exist. Needs Node. */
export async function openStore(folder: string): Promise<Store> {
  checkKind("openStore", "the folder", folder, "text");
  if (inNode) return (await import("./folder-store.js")).folderStore(folder);
  throw new InputError("[store] a page has no folders to keep results in. Use memoryStore().");
}
