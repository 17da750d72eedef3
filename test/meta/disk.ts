// File systems of our own in memory, which can be filled up or made read-only.
import { spawnSync } from "node:child_process";
import { expect } from "vitest";
import { inTemporary } from "./fixtures.js";

export const isRoot = process.getuid?.() === 0;

/** A file system of its own in memory, gone afterwards; false if this machine gives none. */
export async function onDisk(
  size: string,
  use: (disk: string, remount: (how: string) => void) => Promise<void>,
): Promise<boolean> {
  let made = false;
  await inTemporary(async (disk) => {
    made = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", disk]).status === 0;
    if (!made) return;
    const remount = (how: string): void => {
      expect(spawnSync("mount", ["-o", `remount,${how}`, disk]).status).toBe(0);
    };
    try {
      await use(disk, remount);
    } finally {
      spawnSync("umount", ["-l", disk]);
    }
  });
  return made;
}
/** Whether this machine gives file systems. */
export const canMount = isRoot && (await onDisk("64k", async () => {}));
