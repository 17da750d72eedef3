import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { InputError } from "../../src/index.js";
import { lockFolder } from "../../src/runs/node.js";
import { bundle, inTemporary } from "../meta/fixtures.js";

/** Starts a process that locks the folder; what it says first. */
async function start(code: string, ...args: string[]): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [code, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(child.stdout!, "data")) as [Buffer];
  return { child, said: said.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

describe("the lock of a folder", () => {
  it("is held by one process, and leaves no file when it is released", () =>
    inTemporary(async (folder) => {
      const lock = await lockFolder(folder);
      await lock.check();
      await expect(lockFolder(folder)).rejects.toThrow(InputError);
      await expect(lockFolder(folder)).rejects.toThrow(`is in use by process ${process.pid} on ${hostname()} since`);
      await lock.release();
      expect(await readdir(folder)).toEqual([]);
      await (await lockFolder(folder)).release();
    }));

  it("of a living process is respected and the process named; that of a killed one is taken over", () =>
    inTemporary(async (folder) => {
      const code = await bundle("test/runs/child.ts", folder);
      const first = await start(code, folder);
      expect(first.said).toBe("held");
      expect((await start(code, folder)).said).toMatch(`in use by process ${first.child.pid} on ${hostname()}`);
      await kill(first.child);
      const lock = await lockFolder(folder);
      await lock.release();
      expect((await readdir(folder)).filter((name) => name.startsWith(".lock"))).toEqual([]);
    }));

  it.each([0, 4])(
    "of a process that was just killed, with %i threads besides the main one, is free at once",
    (threads) =>
      inTemporary(async (folder) => {
        const code = await bundle("test/runs/child.ts", folder);
        for (let round = 0; round < 4; round++) {
          const { child } = await start(code, folder, String(threads));
          const ended = once(child, "exit");
          process.kill(child.pid!, "SIGKILL"); // and nobody waits for its end
          const next = await start(code, folder);
          expect(next.said).toBe("held");
          await Promise.all([ended, kill(next.child)]);
        }
      }),
  );

  it.runIf(existsSync("/proc/self/stat"))("of a killed process whose parent never waits for it is free", () =>
    inTemporary(async (folder) => {
      const code = await bundle("test/runs/child.ts", folder);
      // A shell that became `sleep` waits for no child, so the process stays in the system's list.
      const command = `"${process.execPath}" "${code}" "${folder}" & echo $! >&2; exec sleep 60`;
      const parent = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
      const [[said], [number]] = await Promise.all([once(parent.stdout!, "data"), once(parent.stderr!, "data")]);
      const pid = Number(number);
      try {
        expect(String(said).trim()).toBe("held");
        process.kill(pid, "SIGKILL");
        await (await lockFolder(folder)).release();
        expect(() => process.kill(pid, 0)).not.toThrow(); // the system still lists it
      } finally {
        await kill(parent);
      }
    }),
  );

  it("of a suspended process, which may continue, is respected", () =>
    inTemporary(async (folder) => {
      const code = await bundle("test/runs/child.ts", folder);
      const { child } = await start(code, folder);
      child.kill("SIGSTOP");
      await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${child.pid}`);
      await kill(child);
    }));

  it("is held by exactly one of many processes that find a dead process's lock, every time", () =>
    inTemporary(async (folder) => {
      const code = await bundle("test/runs/child.ts", folder);
      await kill((await start(code, folder)).child);
      for (let round = 0; round < 5; round++) {
        const all = await Promise.all(Array.from({ length: 5 }, () => start(code, folder)));
        expect(all.filter(({ said }) => said === "held")).toHaveLength(1);
        await Promise.all(all.filter(({ child }) => child.exitCode === null).map(({ child }) => kill(child)));
      }
    }));

  it("is taken over if a process was killed while taking it over", () =>
    inTemporary(async (folder) => {
      const code = await bundle("test/runs/child.ts", folder);
      await kill((await start(code, folder)).child);
      const dead = JSON.parse(await readFile(join(folder, ".lock"), "utf8"));
      const heir = { ...dead, token: "heir" };
      await writeFile(join(folder, `.lock.after.${dead.token}`), JSON.stringify(heir));
      const lock = await lockFolder(folder);
      await lock.check();
      await lock.release();
      expect((await readdir(folder)).filter((name) => name.startsWith(".lock"))).toEqual([]);
    }));

  it.each([
    ["a process that came later under the same number", { began: "1" }, true],
    ["this machine before its last start", { boot: "another", pid: 1 }, true],
    ["another machine", { host: "elsewhere", pid: 2 ** 22 + 1 }, false],
    ["another machine of the same name", { machine: "another", pid: 2 ** 22 + 1 }, false],
    ["a container that sees other processes", { space: "pid:[1]", pid: 2 ** 22 + 1 }, false],
  ])("of %s", (_, change, free) =>
    inTemporary(async (folder) => {
      await lockFolder(folder);
      const file = join(folder, ".lock");
      const holder = JSON.parse(await readFile(file, "utf8"));
      await writeFile(file, JSON.stringify({ ...holder, ...change }));
      if (free) await expect(lockFolder(folder).then((lock) => lock.release())).resolves.toBeUndefined();
      else await expect(lockFolder(folder)).rejects.toThrow(/is in use by process \d+ on \S+ since .*/);
    }),
  );

  it("that was taken away is noticed, and is not released for its new owner", () =>
    inTemporary(async (folder) => {
      const lock = await lockFolder(folder);
      const file = join(folder, ".lock");
      const other = JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), token: "other" });
      await writeFile(file, other);
      await expect(lock.check()).rejects.toThrow("was taken over");
      await lock.release();
      expect(await readFile(file, "utf8")).toBe(other);
    }));

  it("does not depend on a clock", () =>
    inTemporary(async (folder) => {
      vi.useFakeTimers({ toFake: ["Date"], now: new Date("1971-01-01") });
      try {
        const lock = await lockFolder(folder);
        vi.setSystemTime(new Date("2100-01-01"));
        await expect(lockFolder(folder)).rejects.toThrow("since 1971-01-01");
        await lock.release();
      } finally {
        vi.useRealTimers();
      }
    }));
});
