// Opens a store in a folder. The code for folders needs Node, and is loaded only when one is opened.
import { checkKind, InputError } from "../core/index.js";
import { inNode } from "./platform.js";
import type { Store } from "./store.js";

/**
 * Keeps results in a folder, which is made if it does not exist. Needs Node.
 *
 * @example
 * const square: CellKind<number, number> = { name: "square", run: ({ config }) => config ** 2 };
 * const cells = [2, 3].map((config) => ({ kind: "square", config, seed: 0 }));
 * const store = await openStore("squares"); // this folder; what it holds already is not computed again
 * const { results } = await runCells(cells, { store, executor: here([square]) });
 * results.map(({ row }) => row); // [4, 9]
 */
export async function openStore(folder: string): Promise<Store> {
  checkKind("openStore", "the folder", folder, "text");
  if (inNode) return (await import("./folder-store.js")).folderStore(folder);
  throw new InputError("[store] a page has no folders to keep results in. Use memoryStore().");
}
