import { describe, expect, it } from "vitest";
import {
  grad,
  type Tensor,
  TreeDefinition,
  tensor,
  treeFlatten,
  treeLeaves,
  treeMap,
  treeUnflatten,
} from "../../src/index.js";

class Layer {
  constructor(
    readonly w: Tensor,
    readonly parts: readonly Tensor[],
  ) {}
  total(): number {
    return this.parts.reduce((sum, part) => sum + part.item(), this.w.item());
  }
}
const [a, b, c] = [1, 2, 3].map((x) => tensor(x));
const made = () => ({ layer: new Layer(a, [b, c]), rest: [c] as const });

describe("trees", () => {
  it("come apart into leaves in the order of their keys, and together again", () => {
    const [leaves, definition] = treeFlatten(made());
    expect(leaves).toEqual([a, b, c, c]);
    expect(leaves).toEqual(treeLeaves(made()));
    expect(definition.paths).toEqual(["layer.w", "layer.parts[0]", "layer.parts[1]", "rest[0]"]);
    const again = treeUnflatten(definition, leaves);
    expect(again).toEqual(made());
    expect(again.layer).toBeInstanceOf(Layer);
    expect(treeFlatten(a)[0]).toEqual([a]);
    expect(treeUnflatten(treeFlatten(a)[1], [b])).toBe(b);
  });

  it("keep no tensor alive by their structure, and take leaves of other shapes", () => {
    const [, definition] = treeFlatten(made());
    for (const leaf of treeLeaves(definition.structure)) expect(leaf.size).toBe(0);
    const twos = treeUnflatten(definition, [a, b, c, tensor([1, 2])]);
    expect(twos.rest[0].shape).toEqual([2]);
    expect(twos.layer.total()).toBe(6);
  });

  it("are mapped, one or several together", () => {
    expect(treeMap((x) => x.mul(2), made()).layer.total()).toBe(12);
    const sums = treeMap((x, y, z) => x.add(y).add(z), made(), made(), made());
    expect(treeLeaves(sums).map((x) => x.item())).toEqual([3, 6, 9, 9]);
    expect(sums.layer).toBeInstanceOf(Layer);
  });

  it("are differentiated through", () => {
    const loss = (tree: { x: Tensor; y: Tensor }): Tensor => {
      const [leaves, definition] = treeFlatten(treeMap((leaf) => leaf.square(), tree));
      const { x, y } = treeUnflatten(definition, leaves);
      return x.add(y.mul(3)).sum();
    };
    const { x, y } = grad(loss)({ x: tensor(2), y: tensor(5) });
    expect([x.item(), y.item()]).toEqual([4, 30]);
  });

  it("that differ are refused, with the place", () => {
    const [, definition] = treeFlatten({ x: a, y: b });
    expect(() => treeMap((x) => x, { x: a, y: b }, { x: a, z: b } as never)).toThrow(
      '[treeMap] the trees differ: where one has "y", another has "z".',
    );
    expect(() => treeMap((x) => x, { x: a, y: b }, { x: a } as never)).toThrow(
      'where one has "y", another has no more leaf.',
    );
    expect(() => treeMap((x) => x, { x: a }, { x: a, y: b } as never)).toThrow(
      'where one has no more leaf, another has "y".',
    );
    expect(() => treeUnflatten(definition, [a])).toThrow("[treeUnflatten] 1 leaves for a structure with 2.");
    expect(() => treeUnflatten({ x: a } as never, [a])).toThrow("[treeUnflatten] the first argument is no structure.");
    expect(() => treeUnflatten(definition, [a, 2 as never])).toThrow(
      '[treeUnflatten] "[1]" is a number, not a tensor.',
    );
    expect(() => treeLeaves({ x: 1 } as never)).toThrow('[treeLeaves] "x" is a number, not a tensor.');
    expect(definition).toBeInstanceOf(TreeDefinition);
  });
});
