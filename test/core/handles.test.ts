// What people do with tensors besides mathematics: print, send, compare, and hand in numbers that are none of the type.
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leavesOf, mapTensors } from "../../src/core/index.js";
import { configure, grad, random, scope, type Tensor, tensor } from "../../src/index.js";

describe("a tensor", () => {
  const x = tensor([
    [1, 2],
    [3, 4.5],
  ]);

  it("is printed with its numbers", () => {
    expect(inspect(x)).toBe("Tensor [2, 2] float32 [1, 2, 3, 4.5]");
    expect(inspect({ loss: tensor(0.5) })).toContain("Tensor [] float32 [0.5]");
    expect(`${x}`).toBe("Tensor [2, 2] float32 [1, 2, 3, 4.5]");
    expect(inspect(tensor([2147483647, -2147483648], { dtype: "int32" }))).toBe(
      "Tensor [2] int32 [2147483647, -2147483648]",
    );
    expect(inspect(tensor(1 / 3))).toBe("Tensor [] float32 [0.333333]");
    const gone = tensor([1]);
    gone.dispose();
    expect(inspect(gone)).toBe("Tensor [1] float32, which was disposed. Dispose a tensor after its last use.");
  });

  it("of a scope lives as long as the scope: dispose has no effect on it, and it can still be returned", () => {
    const kept = scope(() => {
      const inside = x.add(1);
      inside.dispose();
      expect([...inside.data()]).toEqual([2, 3, 4, 5.5]);
      return inside;
    });
    expect([...kept.data()]).toEqual([2, 3, 4, 5.5]);
    kept.dispose();
    expect(() => kept.data()).toThrow("disposed");
  });

  it("has a number that rises in the order of creation", () => {
    const made = [x, x.add(1), tensor(1), scope(() => x.mul(2))].map(({ id }) => id);
    expect([...made].sort((a, b) => a - b)).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it("becomes nested arrays in JSON", () => {
    expect(JSON.stringify({ x, one: tensor(2), none: tensor([]) })).toBe('{"x":[[1,2],[3,4.5]],"one":2,"none":[]}');
    expect(JSON.stringify(tensor([Number.NaN]))).toBe("[null]");
  });

  it("says what to send instead if it is cloned", () => {
    for (const value of [x, { deep: [x] }, new Map([["x", x]])]) {
      expect(() => structuredClone(value)).toThrow(
        /\[tensor\] a tensor cannot be cloned or posted: .* tensor\.data\(\).* encode\(\)/,
      );
    }
  });

  it("refuses operators, with the method to use", () => {
    const y = x as unknown as number;
    const cure = "[tensor] operators such as + and < do not work on tensors. Write a.add(b)";
    for (const use of [
      () => y + 1,
      () => y * y,
      () => -y,
      () => y < 2,
      () => y ** 2,
      () => `${y + 1}`,
      () => Math.abs(y),
    ]) {
      expect(use).toThrow(cure);
    }
  });
});

describe("int32", () => {
  it("holds whole numbers of 32 bits, and refuses all others with their position", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 31, -(2 ** 31) - 1, 4294967295, 1.9, -0.5))),
        (list) => {
          const bad = list.findIndex((x) => !Number.isInteger(x) || x < -(2 ** 31) || x >= 2 ** 31);
          const make = () => tensor(list, { dtype: "int32" });
          if (bad < 0) expect(Array.from(make().data(), (v) => v + 0)).toEqual(list.map((v) => v + 0));
          else expect(make).toThrow(new RegExp(`^\\[tensor\\] .* at ${bad} is no int32: `));
        },
      ),
      { seed: 20261128, numRuns: 300 },
    );
    expect(() => x()).toThrow(
      "[tensor] 1.5 at 0 is no int32: whole numbers from -2147483648 to 2147483647 are. Round it first",
    );
    function x() {
      return tensor([[1, 2, 3]]).take([1.5], 1);
    }
  });

  it("takes arrays of another realm and 64-bit labels", () => {
    const foreign = runInNewContext("Float32Array.of(1, 2.5)");
    expect(tensor(foreign).data()).toEqual(Float32Array.of(1, 2.5));
    expect(tensor(runInNewContext("[[1, 2], [3, 4]]")).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor(runInNewContext("Int32Array.of(1, 2)"), { dtype: "int32" }).data()).toEqual(Int32Array.of(1, 2));
    expect(tensor(BigInt64Array.of(3n, -1n), { dtype: "int32" }).data()).toEqual(Int32Array.of(3, -1));
    expect(() => tensor(BigInt64Array.of(2n ** 40n), { dtype: "int32" })).toThrow(
      "[tensor] 1099511627776 at 0 is no int32",
    );
  });
});

describe("keys and options", () => {
  it("a key is a Key", () => {
    for (const odd of ["seed", 0, undefined, { hi: 1, lo: 2 }] as never[]) {
      for (const [name, draw] of Object.entries(random)) {
        expect(() => (draw as (...args: never[]) => unknown)(odd, [2] as never, { high: 3 } as never), name).toThrow(
          new RegExp(`^\\[random\\.${name}\\] the first argument is .*, not a Key\\. Make one: Key\\.of\\(0\\)\\.`),
        );
      }
    }
  });

  it("configure knows its options", () => {
    expect(() => configure({ tapeByte: 1 } as never)).toThrow(
      '[configure] there is no option "tapeByte": there are initialBytes, maximumBytes, tapeBytes, debug.',
    );
    expect(() => configure({ debug: "yes" } as never)).toThrow('[configure] debug is "yes": it is true or false.');
  });

  it("a tree may have any keys", () => {
    const tree: Record<string, Tensor> = {};
    ["__proto__", "constructor", "a"].forEach((name, i) => {
      Object.defineProperty(tree, name, { value: tensor(i + 1), enumerable: true, configurable: true, writable: true });
    });
    expect(leavesOf("test", tree).map(({ path }) => path)).toEqual(["__proto__", "constructor", "a"]);
    const doubled = mapTensors(tree, (x) => x.mul(2));
    expect(Object.keys(doubled)).toEqual(["__proto__", "constructor", "a"]);
    expect(leavesOf("test", doubled).map((leaf) => leaf.tensor.item())).toEqual([2, 4, 6]);
    const g = grad((p: Record<string, Tensor>) =>
      leavesOf("f", p).reduce((sum, leaf) => sum.add(leaf.tensor.square()), tensor(0)),
    )(tree);
    expect(leavesOf("test", g).map((leaf) => leaf.tensor.item())).toEqual([2, 4, 6]);
  });
});
