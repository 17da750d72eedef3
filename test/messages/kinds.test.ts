// Plain JavaScript passes null, a text or a list where no type would let it, forgets an argument, or swaps two: what is thrown
// then is a sentence of the library, never the engine's own words about a property of undefined.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Key, random, scope, type Tensor, tensor } from "../../src/index.js";
import { dense, network } from "../../src/nn/index.js";
import { placesIn, withAt } from "./absurd.js";
import { calls } from "./calls.js";
import { type Callable, functions } from "./functions.js";

const x = tensor([
  [1, 2],
  [3, 4],
]);
const odd: readonly unknown[] = [null, undefined, "text", 1.5, {}, [], () => undefined, true];
const usual: readonly unknown[] = [...odd, x, 1, Key.of(1), (t: unknown) => t, { w: x }, [x, x]];

/** A method of an exported record, such as `forward` of an op: the library calls it, with what it has checked. */
const ofRecord = /(Op|Kind)\.\w+$|^studies\.yesNo\.take$/;
/** Calls of these take long: each draws 47 classes of characters, or checks every coefficient of a rule. */
const slow = ["data.glyphs", "plasticity.checkRule"];
const isClass = (name: string): boolean => /^([a-z]+\.)?[A-Z]/.test(name);

/** In the words of V8. */
const ENGINES =
  /^(Cannot |Class constructor|The "\w+" argument)|is not (a function|iterable|defined|an object|a constructor)|Cannot read|of (undefined|null) \(|of 'undefined'/;

/** What these calls threw in an engine's words. */
async function inRawWords(name: string, f: Callable, argumentLists: Iterable<readonly unknown[]>): Promise<string[]> {
  const found: string[] = [];
  for (const args of argumentLists) {
    try {
      await scope(() => [f(...args)] as never)[0];
    } catch (error) {
      const { message } = error as Error;
      if (!message.startsWith("[") && ENGINES.test(message))
        found.push(`${name}(${args.map((arg) => typeof arg).join(", ")}): ${message}`);
    }
  }
  return found;
}

/** Each place of a call odd, the last arguments left out, neighbours swapped. */
function* wrongOnes(args: readonly unknown[], depth: number): Generator<readonly unknown[]> {
  for (const value of odd)
    for (const place of placesIn(args, depth).slice(1)) yield withAt(args, place, value) as never;
  for (let i = 0; i < args.length; i++) yield args.slice(0, i);
  for (let i = 1; i < args.length; i++) yield args.with(i, args[i - 1]).with(i - 1, args[i]);
}

beforeAll(() => void vi.spyOn(console, "warn").mockImplementation(() => undefined));
afterAll(() => void vi.restoreAllMocks());

describe("arguments of another kind", () => {
  const tried = functions.filter(([name]) => !isClass(name) && !ofRecord.test(name) && !slow.includes(name));
  const subpathOf = (name: string): string => /^(\w+)\.\w+/.exec(name)?.[1] ?? "the core";
  it.each([...new Set(tried.map(([name]) => subpathOf(name)))])(
    "are refused in a sentence by every function of %s",
    async (subpath) => {
      const found: string[] = [];
      for (const [name, f] of tried) {
        if (subpathOf(name) !== subpath) continue;
        const lists = usual.flatMap((a) => [[a], ...usual.map((b) => [a, b]), [a, x, x].slice(0, f.length)]);
        found.push(...(await inRawWords(name, f, [[], ...lists])));
      }
      expect(found).toEqual([]);
    },
  );

  it("are tried with all public functions", () => {
    expect(tried.length).toBeGreaterThan(550);
    expect(functions.filter(([name]) => ofRecord.test(name)).length).toBeLessThan(20);
  });

  const written = Object.entries(calls).filter(([name]) => name !== "testing.checkOp");
  it.each(written)("are refused in a sentence by %s", async (name, lists) => {
    const f = functions.find(([each]) => each === name)?.[1];
    if (!f) throw new Error(`there is no function ${name}`);
    // What the library made, such as a network, is looked at as a whole; numbers and options one by one.
    const depth = name.includes(".") ? 1 : 3;
    expect(
      await inRawWords(
        name,
        f,
        lists.flatMap((args) => [...wrongOnes(args, depth)]),
      ),
    ).toEqual([]);
  });

  it("are refused by what functions return", () => {
    const net = network({ input: [2], layers: [dense(2)] });
    const params = net.init(Key.of(1));
    expect(() => net.init(1 as never)).toThrow(
      "[network] the key of init is a number, not a Key. Make one: Key.of(0).",
    );
    expect(() => net.apply(x as never, params as never)).toThrow(TypeError);
    expect(() => net.apply(params, undefined as never)).toThrow("[network] operand 1 is undefined, not a tensor.");
    expect(() => net.apply(params, x, { trainng: true } as never)).toThrow('[network] there is no option "trainng"');
  });
});

describe("what people mistype", () => {
  it.each<[string, RegExp, () => unknown]>([
    [
      "a network of inputs",
      /\[network\] there is no option "inputs"; there are input, layers, dtype/,
      () => network({ inputs: [2], layers: [] } as never),
    ],
    [
      "a network without layers",
      /\[network\] `layers` is undefined\. Give a list\./,
      () => network({ input: [2] } as never),
    ],
    [
      "a network of null",
      /\[network\] options are an object such as \{ input: \.\.\. \}, not null/,
      () => network(null as never),
    ],
    [
      "bernoulli with swapped arguments",
      /\[random\.bernoulli\] `p` is \[2\]/,
      () => random.bernoulli(Key.of(0), [2] as never, 0.5 as never),
    ],
    ["a sum over a text", /\[sum\] axes is "rows"\. Give a list\./, () => x.sum("rows" as never)],
    ["a tensor of a shape of null", /\[reshape\] the shape is null/, () => (x as Tensor).reshape(null as never)],
  ])("%s", (_, message, call) => {
    expect(call).toThrow(message);
  });
});
