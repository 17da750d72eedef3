import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, describe, expect, it } from "vitest";
import {
  advance,
  configure,
  grad,
  keep,
  MemoryError,
  memory,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";

const still = () => {
  const { arenaPeak: _, memoryBytes: __, ...rest } = memory.stats();
  return rest;
};

afterEach(() => configure({ debug: false }));

describe("scope", () => {
  it("frees everything but what it returns, which lives where the scope was called", () => {
    const before = still();
    const { sum, parts } = scope(() => {
      const x = tensor([1, 2, 3]);
      for (let i = 0; i < 100; i++) x.mul(i);
      return { sum: x.add(1), parts: [x, x.square()] as const };
    });
    expect([sum.toArray(), parts[0].toArray(), parts[1].toArray()]).toEqual([
      [2, 3, 4],
      [1, 2, 3],
      [1, 4, 9],
    ]);
    expect(still()).toMatchObject({ arenaBytes: before.arenaBytes, live: before.live + 3 });
    for (const x of [sum, ...parts]) x.dispose();
    expect(still()).toEqual(before);
  });

  it("returns a tensor that occurs twice as one, and leaves outer tensors where they are", () => {
    const outside = tensor([7]);
    const back = scope(() => {
      const x = outside.mul(2);
      return { a: x, b: x, outside, text: "kept as it is", count: 3 };
    });
    expect(back.a).toBe(back.b);
    expect(back.outside).toBe(outside);
    expect([back.text, back.count, back.a.toArray()]).toEqual(["kept as it is", 3, [14]]);
  });

  it("nests: an inner result lives as long as the outer scope", () => {
    const before = still();
    let escaped: Tensor | undefined;
    const result = scope(() => {
      const inner = scope(() => scope(() => tensor([1, 2])).add(1));
      escaped = inner;
      expect(inner.toArray()).toEqual([2, 3]);
      return inner.sum().item();
    });
    expect([result, escaped?.alive]).toEqual([5, false]);
    expect(still()).toEqual(before);
  });

  it("frees when its function throws", () => {
    const before = still();
    const broken = (): never => {
      zeros([1000]);
      scope(() => zeros([100_000]).add(1).sum().item());
      throw new Error("broken");
    };
    for (let i = 0; i < 3; i++) expect(() => scope(() => scope(broken))).toThrow("broken");
    expect(still()).toEqual(before);
  });

  it("refuses asynchronous functions, also while a gradient is recorded", () => {
    const before = still();
    const run = (): unknown => scope((async () => tensor(1)) as never);
    expect(run).toThrow(
      "[scope] the function is asynchronous; it returned a promise, and what it made is freed by now. Await outside of it.",
    );
    expect(() =>
      grad((x: Tensor) => {
        run();
        return x;
      })(tensor(1)),
    ).toThrow("[scope] the function is asynchronous");
    expect(still().arenaBytes).toBe(before.arenaBytes);
  });

  it("refuses generators, which would run when the scope has ended; a scope within one is as any other", () => {
    function* numbers(): Generator<Tensor> {
      for (;;) yield scope(() => tensor(1).add(1));
    }
    const before = still();
    const inGradient = grad((x: Tensor) => x.add(scope(numbers as never)));
    for (const run of [
      () => scope(numbers as never),
      () => advance({ x: tensor(1) }, numbers as never),
      () => inGradient(tensor(1)),
    ]) {
      expect(run).toThrow(TypeError);
      expect(run).toThrow(
        /^\[(scope|advance)\] the function is a generator, which runs only when its values are asked for/,
      );
    }
    expect(still().arenaBytes).toBe(before.arenaBytes);
    expect(numbers().next().value?.item()).toBe(2);
    expect(still().arenaBytes).toBe(before.arenaBytes); // though the generator was abandoned
  });

  it("frees nothing inside a recorded gradient, so that second derivatives find what they need", () => {
    const cube = (x: Tensor): Tensor => scope(() => scope(() => x.square()).mul(x));
    expect(grad(grad(cube))(tensor(2)).item()).toBe(12);
  });

  it("lets results be views of tensors inside and outside", () => {
    const outside = tensor([
      [1, 2],
      [3, 4],
    ]);
    const [inner, outer] = scope(() => [outside.mul(2).row(1), outside.row(1)] as const);
    expect([inner.toArray(), outer.toArray()]).toEqual([
      [6, 8],
      [3, 4],
    ]);
    outside.dispose();
    expect([inner.alive, outer.alive]).toEqual([true, false]);
  });
});

describe("a dead tensor", () => {
  const dead = (): Tensor => {
    let x: Tensor | undefined;
    scope(() => {
      x = tensor([[1, 2, 3]]);
    });
    return x!;
  };

  it("throws wherever it is used, with the cure", () => {
    const x = dead();
    const uses = [
      () => x.data(),
      () => x.item(),
      () => x.add(1),
      () => tensor(1).mul(x),
      () => x.row(0),
      () => keep(x),
      () => x.sum(),
      () => String(x),
    ];
    for (const use of uses.filter((_, i) => i !== 1)) {
      expect(use).toThrow(
        /^\[scope\] this \[1, 3\] tensor died with its scope\. Return it from the scope, or keep\(\) it\./,
      );
    }
    expect(() => grad((p: Tensor) => p.sum())(x)).toThrow("[scope]");
    expect(x.alive).toBe(false);
    x.dispose();
  });

  it("names its file and line in debug mode", () => {
    configure({ debug: true });
    const x = dead();
    expect(() => x.data()).toThrow(
      /^\[scope\] this \[1, 3\] tensor, made at memory\.test\.ts:\d+, died with its scope/,
    );
  });

  it("has a shape that nobody can change in debug mode", () => {
    configure({ debug: true });
    const shape = [2, 3];
    const x = zeros(shape).mul(2);
    for (const { shape } of [x, x.reshape([6]), zeros([1])]) {
      expect(() => Object.assign(shape, { 0: 9 })).toThrow(TypeError);
      expect(() => (shape as number[]).push(1)).toThrow(TypeError);
    }
    shape.reverse();
    expect(x.shape).toEqual([2, 3]);
  });

  it("is recognised by its epoch, not its address: the next scope's tensors lie in the same place", () => {
    const x = dead();
    scope(() => {
      expect(tensor([[7, 8, 9]]).data()).toHaveLength(3);
      expect(() => x.data()).toThrow("[scope]");
    });
  });
});

describe("keep, dispose and using", () => {
  it("keep copies out of every scope", () => {
    const before = still();
    let kept: { w: Tensor } | undefined;
    scope(() => {
      scope(() => {
        kept = keep({ w: tensor([1, 2]).mul(3) });
      });
    });
    expect(kept!.w.toArray()).toEqual([3, 6]);
    kept!.w.dispose();
    expect(kept!.w.alive).toBe(false);
    expect(() => kept!.w.data()).toThrow(
      "[dispose] this [2] tensor was disposed. Dispose a tensor after its last use.",
    );
    expect(still()).toEqual(before);
  });

  it("using frees at the closing brace, and disposing twice has no further effect", () => {
    const before = still();
    {
      using big = keep(zeros([1000]));
      expect(big.alive).toBe(true);
      big.dispose();
    }
    // The argument of keep is a persistent tensor of its own.
    expect(still().live).toBe(before.live + 1);
    const [x, y] = [tensor([1]), tensor([2])];
    x.dispose();
    x.dispose();
    expect(y.toArray()).toEqual([2]);
  });

  it("views live as long as what they look into", () => {
    const x = tensor([1, 2, 3, 4]);
    const [matrix, row] = [x.reshape([2, 2]), x.reshape([2, 2]).row(1)];
    expect(row.toArray()).toEqual([3, 4]);
    expect(row.base).toBe(x);
    x.dispose();
    expect([matrix.alive, row.alive]).toEqual([false, false]);
  });
});

describe("a full memory", () => {
  it("is an error with the number of bytes requested, and everything still works after it", () => {
    const { memoryBytes: held } = memory.stats();
    configure({ maximumBytes: held + 2 ** 20 });
    try {
      const before = still();
      const x = tensor([1, 2, 3]);
      const attempts = [
        () => zeros([2 ** 28]),
        () => scope(() => zeros([2 ** 28])),
        () => grad((p: Tensor) => p.add(zeros([2 ** 27, 3])).sum())(x),
        () => scope(() => Array.from({ length: 10_000 }, () => zeros([10_000])).length),
      ];
      for (const attempt of attempts) {
        expect(attempt).toThrow(MemoryError);
        expect(attempt).toThrow(
          new RegExp(
            `^\\[memory\\] a block of \\d+ bytes does not fit: the memory has \\d+ bytes and may grow to ${held + 2 ** 20}`,
          ),
        );
        expect(x.mul(2).toArray()).toEqual([2, 4, 6]);
        expect(scope(() => zeros([100]).add(1).sum().item())).toBe(100);
      }
      expect(still().arenaBytes).toBe(before.arenaBytes);
    } finally {
      configure({ maximumBytes: 2 ** 32 });
    }
    expect(zeros([2 ** 22]).size).toBe(2 ** 22);
  });
});

describe("configure", () => {
  it("refuses invalid sizes, and an initial size that comes too late", () => {
    expect(() => configure({ tapeBytes: 0 })).toThrow("[configure] tapeBytes is a positive number of bytes, not 0.");
    expect(() => configure({ maximumBytes: 2 ** 33 })).toThrow(
      "[configure] maximumBytes is at most 4294967296 (4 GiB)",
    );
    tensor(1);
    expect(() => configure({ initialBytes: 2 ** 20 })).toThrow("[configure] initialBytes comes too late");
  });
});

describe("the collector", () => {
  it("frees what nobody holds or disposed, but nothing that a view still needs", async () => {
    const folder = mkdtempSync(join(tmpdir(), "synaptape-gc-"));
    const outfile = join(folder, "gc.mjs");
    const contents = `
      import { memory, tensor, keep, grad } from "./index.ts";
      const turn = () => new Promise((done) => setTimeout(done, 5));
      const first = tensor(1);
      const base = memory.stats();
      const kept = keep(tensor([1, 2, 3]));
      let view = tensor([[1, 2], [3, 4]]).row(1);
      for (let i = 0; i < 1000; i++) { tensor([i, i]).mul(2).add(1); grad((x) => x.square().sum())(tensor([1, 2])); }
      const full = memory.stats().live - base.live;
      for (let i = 0; i < 40 && memory.stats().live - base.live > 2; i++) { globalThis.gc(); await turn(); }
      const left = memory.stats().live - base.live;
      const values = [...kept.data(), ...view.data()];
      view = undefined;
      for (let i = 0; i < 40 && memory.stats().live - base.live > 1; i++) { globalThis.gc(); await turn(); }
      console.log(JSON.stringify({ full, left, values, last: memory.stats().live - base.live, kept: kept.alive && first.alive }));
    `;
    try {
      const resolveDir = fileURLToPath(new URL("../../src", import.meta.url));
      await build({
        stdin: { contents, resolveDir, loader: "ts" },
        bundle: true,
        format: "esm",
        platform: "node",
        outfile,
        logLevel: "silent",
      });
      const found = JSON.parse(execFileSync(process.execPath, ["--expose-gc", outfile], { encoding: "utf8" }));
      expect(found.full).toBeGreaterThan(1000);
      expect(found.values).toEqual([1, 2, 3, 3, 4]);
      expect([found.left, found.last]).toEqual([2, 1]);
      expect(found.kept).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
