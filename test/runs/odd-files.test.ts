// Files of a folder in whose place there is something else: who reads them must neither wait nor read for ever.
import { spawnSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { folderStore } from "../../src/runs/folder-store.js";
import { type Cell, cellName } from "../../src/runs/index.js";
import { lockFolder, readConfig } from "../../src/runs/node.js";
import { inTemporary } from "../meta/fixtures.js";

const kinds: readonly (readonly [kind: string, make: (file: string) => unknown])[] = [
  ["a pipe", (file) => expect(spawnSync("mkfifo", [file]).status).toBe(0)],
  ["a device", (file) => symlink("/dev/zero", file)],
];
const cell: Cell = { kind: "test", config: {}, seed: 0 };
const format = { config: { parse: () => ({}), hash: () => "", free: "" } };

describe.each(kinds)("%s is refused in place of", (kind, make) => {
  it.each<[string, (folder: string) => Promise<string>, (folder: string) => Promise<unknown>]>([
    ["a lock", async (folder) => join(folder, ".lock"), (folder) => lockFolder(folder)],
    ["a configuration", async (folder) => join(folder, "config.json"), (folder) => readConfig(format, folder)],
    [
      "a result",
      async (folder) => {
        await mkdir(join(folder, "results"));
        return join(folder, "results", `${await cellName(cell)}.json`);
      },
      async (folder) => (await folderStore(folder)).get(cell),
    ],
  ])("%s", (_, place, read) =>
    inTemporary(async (folder) => {
      await make(await place(folder));
      const error = await read(folder).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(`is ${kind}, not a plain file`);
    }),
  );
});
