import { describe, expect, it } from "vitest";
import { eachTensor, leavesOf, mapTensors, type Tensor, withLeaves } from "../../src/core/index.js";
import { tensor } from "../../src/index.js";

class Layer {
  constructor(
    readonly w: Tensor,
    readonly parts: readonly Tensor[],
  ) {}
  total(): number {
    return this.parts.reduce((sum, part) => sum + part.item(), this.w.item());
  }
}
const [a, b, c, d] = [1, 2, 3, 4].map((x) => tensor(x));

describe("leavesOf", () => {
  it("finds leaves with their paths, in the order of the keys", () => {
    const tree = { hidden: { w: a, b }, list: [c, { deep: d }], layer: new Layer(a, [b, b]) };
    expect(leavesOf("test", tree).map(({ path, tensor: x }) => [path, x.item()])).toEqual([
      ["hidden.w", 1],
      ["hidden.b", 2],
      ["list[0]", 3],
      ["list[1].deep", 4],
      ["layer.w", 1],
      ["layer.parts[0]", 2],
      ["layer.parts[1]", 2],
    ]);
    expect(leavesOf("test", a)).toEqual([{ tensor: a, path: "" }]);
    expect(leavesOf("test", { none: [], empty: {} })).toEqual([]);
  });

  it.each([
    [{ a: [1] }, '[op] "a[0]" is a number, not a tensor. Wrap numbers in tensor().'],
    [{ name: "x" }, '"name" is a string'],
    [{ f: () => 1 }, '"f" is a function'],
    [{ gone: undefined }, '"gone" is undefined'],
    [[[null]], '"[0][0]" is null'],
    [{ data: new Float32Array(3) }, '"data" is a Float32Array'],
    [new Map(), "the argument is a Map"],
    [new Set(), "the argument is a Set"],
    [7, "the argument is a number"],
  ])("refuses %o, naming its path", (tree, message) => {
    expect(() => leavesOf("op", tree)).toThrow(TypeError);
    expect(() => leavesOf("op", tree)).toThrow(message);
  });

  it("refuses a circular tree, and names where it closes", () => {
    const ring: Record<string, unknown> = { w: a };
    ring.inner = { back: ring };
    expect(() => leavesOf("op", ring)).toThrow('[op] "inner.back" contains itself');
    expect(leavesOf("op", { first: { w: a }, again: { w: a } })).toHaveLength(2);
  });
});

describe("mapTensors and withLeaves", () => {
  it("leave a circular tree as it is", () => {
    const ring: Record<string, unknown> = { w: a };
    ring.back = ring;
    const mapped = mapTensors(ring, (x) => x.mul(2));
    expect((mapped.w as Tensor).item()).toBe(2 * a.item());
    expect(mapped.back).toBe(ring);
  });

  it("keep the structure, including classes and everything that is not a tensor", () => {
    const when = new Date(0);
    const tree = { layer: new Layer(a, [b, c]), name: "net", size: 3, none: null, table: new Map([[1, 2]]), when };
    const doubled = mapTensors(tree, (x) => x.mul(2));
    expect(doubled.layer).toBeInstanceOf(Layer);
    expect(doubled.layer.total()).toBe(12);
    expect([doubled.name, doubled.size, doubled.none]).toEqual(["net", 3, null]);
    expect([doubled.table, doubled.when]).toEqual([tree.table, when]);
    expect(tree.layer.total()).toBe(6);
  });

  it("keep fields whose names a class or every object has, too", () => {
    class Named {
      get w(): unknown {
        return a;
      }
    }
    for (const key of ["w", "constructor", "toString", "__proto__"]) {
      const tree = Object.defineProperty(new Named(), key, { value: b, writable: true, enumerable: true });
      const doubled = mapTensors(tree, (x) => x.mul(2));
      const { value, writable } = Object.getOwnPropertyDescriptor(doubled, key)!;
      expect([(value as Tensor).item(), writable]).toEqual([2 * b.item(), true]);
      expect(doubled).toBeInstanceOf(Named);
    }
  });

  it("keep tuples as arrays, and return the same object if nothing changed", () => {
    const tree = { pair: [a, b] as const, rest: { c } };
    const changed = mapTensors(tree, (x) => (x === c ? d : x));
    expect(Array.isArray(changed.pair)).toBe(true);
    expect(changed.pair).toBe(tree.pair);
    expect(changed.rest.c).toBe(d);
    expect(mapTensors(tree, (x) => x)).toBe(tree);
  });

  it("meet what eachTensor shows, in order, circles left out", () => {
    const tree: Record<string, unknown> = { x: [a, { y: b }], when: new Date(0), layer: new Layer(c, [d]), again: b };
    tree.back = tree;
    const [mapped, shown]: Tensor[][] = [[], []];
    mapTensors(tree, (x) => {
      mapped.push(x);
      return x;
    });
    eachTensor(tree, (x) => shown.push(x));
    expect(shown).toEqual([a, b, c, d, b]);
    expect(mapped).toEqual(shown);
  });

  it("reverse leavesOf", () => {
    const tree = { x: [a, { y: b }], layer: new Layer(c, [d]) };
    const leaves = leavesOf("test", tree).map((leaf) => leaf.tensor);
    expect(withLeaves(tree, leaves)).toBe(tree);
    const turned = withLeaves(tree, [...leaves].reverse());
    expect(leavesOf("test", turned).map(({ tensor: x }) => x.item())).toEqual([4, 3, 2, 1]);
    expect(turned.layer.total()).toBe(3);
  });
});
