// Files of a folder in whose place there is something else: who reads them must neither wait nor read for ever.
import { spawnSync } from "node:child_process";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { train } from "../../src/meta/index.js";
import { folderStore } from "../../src/runs/folder-store.js";
import { type Cell, cellName } from "../../src/runs/index.js";
import { lockFolder, readConfig } from "../../src/runs/node.js";
import { inTemporary, small, tiny } from "../meta/fixtures.js";

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

describe("in the place of a folder, or of a folder above it,", () => {
  const obstacles: readonly (readonly [kind: string, make: (file: string) => unknown])[] = [
    ["a file", (file) => writeFile(file, "")],
    ...kinds,
  ];

  it.each(obstacles)("%s is called what it is", (kind, make) =>
    inTemporary(async (folder) => {
      const place = join(folder, "out");
      await make(place);
      const begin = (out: string): Promise<unknown> => train(small, tiny, { out, workers: 1 });
      await expect(begin(place)).rejects.toThrow(`a run cannot be set up in ${place}: it is ${kind}, not a folder.`);
      const within = `a part of the path is ${kind}, not a folder.`;
      await expect(begin(join(place, "a/b"))).rejects.toThrow(within);
      await expect(folderStore(place)).rejects.toThrow(`${place}/results cannot be made: ${within}`);
      expect(await readdir(folder)).toEqual(["out"]);
    }),
  );

  it("a link that points to nothing is named, and one to a folder is followed", () =>
    inTemporary(async (folder) => {
      const [dead, link, real] = ["dead", "link", "real"].map((name) => join(folder, name));
      await symlink("nowhere", dead);
      for (const out of [dead, join(dead, "run")]) {
        await expect(train(small, tiny, { out, workers: 1 })).rejects.toThrow(`: the link ${dead} points to nothing.`);
      }
      await mkdir(real);
      await symlink("real", link);
      await train(small, { ...tiny, episodes: 1 }, { out: link, workers: 1 });
      expect(await readdir(real)).toContain("config.json");
    }));
});
