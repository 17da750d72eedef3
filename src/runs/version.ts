// The version of the package, which files name that only the same version may read.
import { readFileSync } from "node:fs";

/** The version of the package that this file belongs to: its package.json is the nearest one upwards with its name. */
export function packageVersion(): string {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
      if (name === "synaptape") return version;
    } catch {
      // No package.json here: look further up.
    }
    if (folder.pathname === new URL("..", folder).pathname) return "unknown";
  }
}
