// The package as it is installed: its version, which files name that only the same version may read, and its files.
import { readFileSync } from "node:fs";

/** The package that this file belongs to: its package.json is the nearest one upwards with its name. */
function ownPackage(): { readonly folder: URL; readonly version: string } | undefined {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
      if (name === "synaptape") return { folder, version };
    } catch {
      // No package.json here: look further up.
    }
    if (folder.pathname === new URL("..", folder).pathname) return undefined;
  }
}

/** The version of the package that this file belongs to. */
export const packageVersion = (): string => ownPackage()?.version ?? "unknown";

/** The bytes of a file that comes with the package, by its path from the package's folder; undefined if it is not there. */
export function packageFile(path: string): Uint8Array | undefined {
  const own = ownPackage();
  try {
    return own && readFileSync(new URL(path, own.folder));
  } catch {
    return undefined;
  }
}
