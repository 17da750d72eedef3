// What commands print: lines, JSON, tables, and numbers as people read them.
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bytes, duration, endWithReader, linesOf, percent, say, sayJson, table } from "../../src/cli/output.js";
import { shellWord } from "../../src/runs/node.js";

afterEach(() => vi.restoreAllMocks());

/** What a function writes to standard output. */
function printed(body: () => void): string {
  let all = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    all += text;
    return true;
  });
  body();
  return all;
}

describe("lines", () => {
  it("end in one line break, and are empty without a text", () => {
    expect(printed(() => say("a line"))).toBe("a line\n");
    expect(printed(() => say())).toBe("\n");
  });

  it("of JSON are read back as what was given, with null for what JSON cannot hold", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = printed(() => sayJson(value));
        expect(text.endsWith("\n")).toBe(true);
        expect(text.slice(0, -1)).not.toContain("\n");
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
      }),
    );
    expect(printed(() => sayJson({ loss: Number.NaN, far: Number.POSITIVE_INFINITY }))).toBe(
      '{"loss":null,"far":null}\n',
    );
  });
});

describe("a table", () => {
  const grid = fc
    .record({ columns: fc.integer({ min: 1, max: 4 }), rows: fc.integer({ min: 1, max: 5 }) })
    .chain(({ columns, rows }) =>
      fc.array(fc.array(fc.stringMatching(/^[a-z0-9]{0,8}$/), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );

  it("puts each column in its place, two spaces apart: the first to the left, the others to the right", () => {
    fc.assert(
      fc.property(grid, (rows) => {
        const lines = table(rows);
        expect(lines).toHaveLength(rows.length);
        const width = (column: number): number => Math.max(...rows.map((row) => row[column].length));
        rows.forEach((row, i) => {
          expect(lines[i]).not.toMatch(/ $/);
          let at = 0;
          row.forEach((cell, column) => {
            const place = lines[i].padEnd(100).slice(at, at + width(column));
            expect(column === 0 ? place.trimEnd() : place.trimStart()).toBe(cell);
            expect(place).toHaveLength(width(column));
            at += width(column) + 2;
            expect(lines[i].padEnd(100).slice(at - 2, at)).toBe("  ");
          });
        });
      }),
    );
  });

  it("of a figure begins with its column heads", () => {
    const columns = [{ head: "what", text: true }, { head: "n" }];
    expect(linesOf({ columns, rows: [["arm", "12"]] })).toEqual(["what   n", "arm   12"]);
  });
});

describe("numbers", () => {
  it("shown as shares are exact to half of the last digit", () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), (share) => {
        const text = percent(share);
        expect(text).toMatch(/^-?\d+\.\d %$/);
        expect(Math.abs(Number(text.slice(0, -2)) - 100 * share)).toBeLessThan(0.0501);
      }),
    );
  });

  it("shown as times are exact to the second under an hour and rounded up to the minute above, and no part exceeds its unit", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.constantFrom(59, 60, 3599, 3600)), (seconds) => {
        const text = duration(seconds);
        const [hours, minutes, rest] = ["h", "min", "s"].map((unit) => new RegExp(`(\\d+) ${unit}\\b`).exec(text)?.[1]);
        const read = 3600 * Number(hours ?? 0) + 60 * Number(minutes ?? 0) + Number(rest ?? 0);
        expect(Number(rest ?? 0)).toBeLessThan(60);
        expect(Number(minutes ?? 0)).toBeLessThan(60);
        expect([hours !== undefined, minutes !== undefined, rest !== undefined]).toEqual([
          seconds >= 3600,
          seconds >= 60,
          seconds < 3600,
        ]);
        if (seconds < 3600) expect(read).toBe(seconds);
        else expect(seconds - read).toBeGreaterThanOrEqual(0);
        expect(seconds - read).toBeLessThan(60);
        // Behind a larger part there are two digits.
        if (seconds >= 60) expect((seconds >= 3600 ? minutes : rest) ?? "").toHaveLength(2);
      }),
    );
    expect(duration(59.6)).toBe("1 min 00 s");
    expect(duration(0.4)).toBe("0 s");
  });

  it("of bytes are shown in GiB from 1 GiB on, and in MiB below", () => {
    const exact = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(exact, (count) => {
        const [number, unit] = bytes(count).split(" ");
        expect(unit).toBe(count >= 2 ** 30 ? "GiB" : "MiB");
        const [scale, step] = unit === "GiB" ? [2 ** 30, 0.1] : [2 ** 20, 1];
        expect(Math.abs(Number(number) - count / scale)).toBeLessThanOrEqual(step / 2 + 1e-9);
      }),
    );
    expect([2 ** 30 - 1, 2 ** 30].map(bytes)).toEqual(["1024 MiB", "1.0 GiB"]);
  });
});

describe("a path for a shell", () => {
  it.skipIf(process.platform === "win32")("is read by a shell as the same path", () => {
    const path = fc.string({
      unit: fc.constantFrom("a", "Z", "_", "0", "-", " ", "'", '"', "$", "\\", "`", "*", ";", "/", ".", "é", "\n"),
      minLength: 1,
      maxLength: 8,
    });
    const paths = fc.sample(path, { numRuns: 300, seed: 7 });
    const output = execFileSync("sh", ["-c", `printf '%s\\0' ${paths.map(shellWord).join(" ")}`]);
    expect(output.toString().split("\0").slice(0, -1)).toEqual(paths);
  });

  it("has no quotes if it needs none", () => {
    for (const path of ["runs/a-1", "/tmp/x_2.json", "a@b%c+d=e:f,g"]) expect(shellWord(path)).toBe(path);
    expect(shellWord("my run")).toBe("'my run'");
  });
});

describe("standard output that is closed", () => {
  it("ends the process as SIGPIPE does; any other error on it is thrown", () => {
    const handlers = new Map<object, (error: Error) => void>();
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "on").mockImplementation(((_: string, handler: (error: Error) => void) =>
        handlers.set(stream, handler)) as never);
    }
    endWithReader();
    const codes: unknown[] = [];
    vi.spyOn(process, "exit").mockImplementation(((code: number) => {
      codes.push(code);
      throw new Error("the process has ended");
    }) as never);
    const failed = (code: string) => Object.assign(new Error(code), { code });
    expect(() => handlers.get(process.stdout)?.(failed("EPIPE"))).toThrow("the process has ended");
    expect(codes).toEqual([141]);
    expect(() => handlers.get(process.stdout)?.(failed("ENOSPC"))).toThrow("ENOSPC");
    expect(() => handlers.get(process.stderr)?.(failed("EPIPE"))).not.toThrow();
    expect(codes).toEqual([141]);
  });
});
