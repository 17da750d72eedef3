import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { InputError } from "../../src/core/index.js";
import {
  type AnyFields,
  type ConfigOf,
  canonical,
  choice,
  complete,
  defaultsOf,
  field,
  flagsOf,
  givenIn,
  group,
  inFlags,
  type Leaf,
  list,
  listOf,
  named,
  number,
  Place,
  take,
  text,
  UsageError,
  variants,
  whole,
  wordOr,
  yesNo,
} from "../../src/fields/index.js";
import { runs } from "../laws/settings.js";
import { computed } from "../timing.js";

const inner = {
  source: field({ type: text("a folder"), default: "glyphs", flag: "--data <dir>", help: "where images are" }),
  depth: field({ type: whole(1), default: 3 }),
};

const task = variants("kind", {
  classify: {},
  teacher: { inputs: field({ type: whole(1), default: 8 }) },
});

const rows = {
  chemicals: field({
    type: whole(1, { most: 64 }),
    default: 1,
    flag: "--chemicals <n>",
    help: "chemicals of a synapse",
  }),
  rate: field({ type: number({ above: 0 }), default: 0.1, flag: "--lr <x>", help: "step size" }),
  bias: field({ type: choice(["none", "layer", "neuron"]), default: "none", flag: "--bias <scope>", help: "where" }),
  hidden: field({ type: list(whole(1, { most: 9 })), default: [3, 2], flag: "--hidden <list>", help: "widths" }),
  clip: field({
    type: wordOr(["off"], number({ from: 1 })),
    default: 10,
    since: "2",
    before: "off",
    flag: "--clip <k>",
  }),
  data: field({ type: group(inner), default: defaultsOf(inner), since: "2", before: { source: "glyphs", depth: 1 } }),
  task: field({ type: task, default: { kind: "classify" }, since: "3", before: { kind: "classify" } }),
  notes: field({ type: text("words", { empty: true }), default: "", hashed: false }),
  strict: field({ type: yesNo, default: false }),
};
type Config = ConfigOf<typeof rows>;

const file = new Place("[config] a.json: ", "", "file");
const code = new Place("[train] ", "", "code");
const good = defaultsOf(rows);

it("a wrong value is an InputError in a file and a RangeError in code", () => {
  for (const [place, Kind] of [
    [file, InputError],
    [code, RangeError],
  ] as const) {
    for (const wrong of [
      { ...good, rate: -1 },
      { ...good, speed: 1 },
      { chemicals: 1 },
      { ...good, data: { source: 1 } },
    ])
      expect(() => take(rows, wrong, place)).toThrow(Kind);
  }
});

describe("a table", () => {
  it("gives the type of its configurations, and accepts its own defaults, as a copy and in its own order", () => {
    expectTypeOf<Config["bias"]>().toEqualTypeOf<"none" | "layer" | "neuron">();
    expectTypeOf<Config["clip"]>().toEqualTypeOf<"off" | number>();
    expectTypeOf<Config["hidden"]>().toEqualTypeOf<readonly number[]>();
    expectTypeOf<Config["data"]["source"]>().toEqualTypeOf<string>();
    expectTypeOf<Extract<Config["task"], { kind: "teacher" }>["inputs"]>().toEqualTypeOf<number>();
    const turned = Object.fromEntries(Object.entries(good).reverse());
    const taken = take(rows, turned, file);
    expect(taken).toEqual(good);
    expect(Object.keys(taken)).toEqual(Object.keys(rows));
    expect(taken.hidden).not.toBe(good.hidden);
    expect(complete(rows, { rate: 2 }, code)).toEqual({ ...good, rate: 2 });
    expect(complete(rows, { rate: undefined } as never, code)).toEqual(good);
  });

  it.each<[string, unknown, string]>([
    [
      "a field too many",
      { ...good, chemical: 2 },
      '[config] a.json: there is no field "chemical". Did you mean "chemicals"? Remove it; there are chemicals, rate,',
    ],
    ["a value", { ...good, rate: -1 }, '"rate" is -1. Make it a number above 0.'],
    ["a word", { ...good, bias: "all" }, '"bias" is "all". Make it one of "none", "layer", "neuron".'],
    [
      "an entry",
      { ...good, hidden: [3, 0] },
      '"hidden" is [3,0]. Make it a list, each entry a whole number from 1 up.',
    ],
    ["a union", { ...good, clip: 0.5 }, '"clip" is 0.5. Make it "off", or a number of at least 1.'],
    ["what is inside", { ...good, data: { source: "", depth: 1 } }, '"data.source" is "". Make it text.'],
    [
      "what is missing inside",
      { ...good, data: { source: "a" } },
      'the field "data.depth" is missing. Add it: a whole number',
    ],
    ["no object", { ...good, data: [] }, '"data" is []. Make it an object.'],
    [
      "an unknown variant",
      { ...good, task: { kind: "sort" } },
      '"task.kind" is "sort". Make it one of "classify", "teacher".',
    ],
    ["a variant of another's", { ...good, task: { kind: "classify", inputs: 3 } }, 'there is no field "task.inputs"'],
    ["a name of every object's", { ...good, task: { kind: "constructor" } }, '"task.kind" is "constructor"'],
    ["nothing", null, "a.json: it is null. Make it an object."],
  ])("refuses %s", (_, value, message) => {
    expect(() => take(rows, value, file)).toThrow(InputError);
    expect(() => take(rows, value, file)).toThrow(message);
  });

  it("speaks of options if they came from code", () => {
    expect(() => complete(rows, { rate: Number.NaN }, code)).toThrow(
      "[train] `rate` is NaN. Make it a number above 0.",
    );
    expect(() => complete(rows, { ratio: 1 } as never, code)).toThrow("there is no option `ratio`. Remove it");
    expect(() => take(rows, {}, code)).toThrow("the option `chemicals` is missing. Give it: a whole number");
  });

  it("names the entries of a list of objects", () => {
    const many = { all: field({ type: listOf(group(inner)), default: [] }) };
    expect(take(many, { all: [{ source: "a", depth: 1 }] }, file).all[0].source).toBe("a");
    expect(() => take(many, { all: [inner] }, file)).toThrow('"all[0].source"');
  });
});

describe("the form for hashes", () => {
  const hashed = (config: Config): string => JSON.stringify(canonical(rows, config));

  it("leaves out what changes nothing, and later additions with the value that matches the past", () => {
    const first = { chemicals: 1, rate: 0.1, bias: "none", hidden: [3, 2] };
    const old = take(rows, { ...first, strict: false, notes: "any" }, file);
    expect(hashed(old)).toBe(JSON.stringify({ ...first, strict: false }));
    expect(hashed({ ...old, notes: "other" })).toBe(hashed(old));
    for (const change of [
      { clip: 10 },
      { data: { source: "glyphs", depth: 2 } },
      { task: { kind: "teacher", inputs: 1 } },
    ]) {
      expect(hashed({ ...old, ...change } as Config)).not.toBe(hashed(old));
    }
  });

  it("does not change if a table gets a field whose value matches the past, at any position", () => {
    const added = { how: field({ type: choice(["plain", "new"]), default: "new", since: "9", before: "plain" }) };
    for (let at = 0; at <= Object.keys(rows).length; at++) {
      const entries = Object.entries<AnyFields[string]>(rows);
      const longer = Object.fromEntries([...entries.slice(0, at), ...Object.entries(added), ...entries.slice(at)]);
      const old = take(longer, good, file);
      expect(JSON.stringify(canonical(longer, old as never))).toBe(hashed(good));
      expect(JSON.stringify(canonical(longer, { ...old, how: "new" } as never))).not.toBe(hashed(good));
    }
  });
});

describe("flags", () => {
  const flags = flagsOf(rows);
  const flag = (name: string) => flags.find((flag) => flag.name === name)!;

  it("come from the rows, with help and defaults", () => {
    expect(flags.map(({ usage }) => usage)).toEqual([
      ...["--chemicals <n>", "--lr <x>", "--bias <scope>", "--hidden <list>", "--clip <k>"],
    ]);
    expect(flag("--chemicals").help).toBe("chemicals of a synapse (default: 1)");
    expect(flagsOf(rows, { defaults: false })[0].help).toBe("chemicals of a synapse");
    expect(flagsOf({ a: field({ type: yesNo, default: true, flag: "--much-more <b>" }) })[0].key).toBe("muchMore");
  });

  it.each([
    ["--chemicals", "5", 5],
    ["--lr", "4e-4", 4e-4],
    ["--lr", ".5", 0.5],
    ["--bias", "layer", "layer"],
    ["--hidden", "3, 2", [3, 2]],
    ["--clip", "off", "off"],
    ["--clip", "2.5", 2.5],
  ])("%s %s is %j", (name, given, value) => {
    expect(flag(name).read(given)).toEqual(value);
  });

  it.each([
    ["--chemicals", "0", '--chemicals is "0". Pass a whole number from 1 to 64.'],
    ["--chemicals", "65", '--chemicals is "65"'],
    ["--chemicals", "--lr", '--chemicals has no value: "--lr" follows it. Pass a whole number from 1 to 64.'],
    ["--bias", "all", '--bias is "all". Pass none, layer or neuron.'],
    ["--hidden", "3,,2", '--hidden is "3,,2". Pass whole numbers from 1 to 9 with commas between them.'],
    ["--clip", "0", '--clip is "0". Pass off, or a number of at least 1.'],
  ])("refuses %s %s", (name, given, message) => {
    expect(() => flag(name).read(given)).toThrow(UsageError);
    expect(() => flag(name).read(given)).toThrow(message);
  });

  it("are given as settings under their own names", () => {
    expect(givenIn(rows, { lr: 3, bias: "layer", other: 1 })).toEqual({ rate: 3, bias: "layer" });
  });

  it("appear in messages in place of the options that they set", () => {
    const message = "[train] `rate` is -1 beside `data.source`; `else` stays, and `bias`.";
    expect(inFlags(message, [rows, inner])).toBe("[train] --lr is -1 beside --data; `else` stays, and --bias.");
  });
});

describe("any type", () => {
  const leaves: Record<string, Leaf<unknown>> = {
    whole: whole(2, { to: 9 }),
    number: number({ above: -1, below: 1 }),
    choice: choice(["a", "b"]),
    named: named(() => ["x"]),
    text: text(),
    list: list(whole(0), { distinct: true }) as Leaf<unknown>,
    pair: list(whole(0), { length: 2 }) as Leaf<unknown>,
    union: wordOr(["off"], number({ from: 1 })),
    yesNo,
  };

  it.each(Object.entries(leaves))("%s accepts its values and refuses all others in a short sentence", (_, type) => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.integer(), fc.double(), fc.string({ maxLength: 500, size: "max" })),
        (value) => {
          const place = file.at("x");
          if (type.holds(value)) return void expect(type.take(value, place)).toEqual(value);
          try {
            type.take(value, place);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            return void expect((error as Error).message.length).toBeLessThan(1000);
          }
          throw new Error("it was taken");
        },
      ),
      runs(300),
    );
  });

  it.each(Object.entries(leaves))("%s reads only its own values from text", (_, type) => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789.,e+-ab xof") });
    const words = fc.constantFrom("off", "a", "x", "1", "0.5", "true", "2,3", "toString", "__proto__");
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(fc.string(), digits, words), (given) => {
        const value = type.text!.read(given);
        if (value === undefined) return;
        read++;
        expect(type.holds(value)).toBe(true);
      }),
      runs(500),
    );
    expect(read, "nothing was read").toBeGreaterThan(0);
  });

  it.each(Object.entries(leaves))(
    "%s handles a very long text at once, and shortens it in the message",
    (name, type) => {
      for (const given of [
        "1".repeat(100_000),
        "1,".repeat(50_000),
        `1e${"9".repeat(100_000)}`,
        `0.${"0".repeat(1e5)}x`,
      ]) {
        const began = computed();
        for (let i = 0; i < 20; i++) type.text!.read(given);
        // Measured below 1 ms each; what grows with the square of the length takes seconds.
        expect((computed() - began) / 20, name).toBeLessThan(25);
      }
      const [only] = flagsOf({ it: field({ type: choice(["a"]), default: "a", flag: "--it <x>" }) });
      expect(() => only.read("9".repeat(100_000))).toThrow(/^--it is "9{80}"\.\.\. \(100000 characters\)\. Pass a\.$/);
    },
  );
});
