// Random keys: no two have a stretch of their streams in common, and nothing in the library draws twice from one.
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { bio } from "../../src/bio/index.js";
import { noImages } from "../../src/data/index.js";
import { Key, random, tensor } from "../../src/index.js";
import { defaultTrainConfig, layerSizes } from "../../src/meta/index.js";
import { drawEpisode, imagesOf, taskKinds, withTask } from "../../src/meta/internal.js";
import * as nn from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";
import { initialRule } from "../../src/plasticity/index.js";
import { small, tiny } from "../meta/fixtures.js";
import { runs } from "./settings.js";

/** The keys of a tree: itself, its children, theirs ... */
const family = (key: Key, widths: readonly number[]): Key[] =>
  widths.length === 0 ? [key] : [key, ...key.split(widths[0]).flatMap((child) => family(child, widths.slice(1)))];

it("keys of a tree are all different, and no two words in a row of one stream occur in another", () => {
  const LENGTH = 64;
  fc.assert(
    fc.property(
      fc.nat(Number.MAX_SAFE_INTEGER),
      fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
      (seed, widths) => {
        const keys = family(Key.of(seed), widths);
        expect(new Set(keys.map(String)).size).toBe(keys.length);
        const pairs = keys.flatMap((key) => {
          const words = Array.from({ length: LENGTH + 1 }, (_, i) => key.bits(i));
          return words.slice(1).map((word, i) => `${words[i]},${word}`);
        });
        expect(new Set(pairs).size).toBe(keys.length * LENGTH);
      },
    ),
    runs(20),
  );
});

/** The keys from which a tensor, or the same word, is drawn again while `f` runs, each with where that was. */
function drawnTwice(f: () => void): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  const note = (what: string): void => {
    if (seen.has(what)) twice.push(`${what} ${new Error().stack?.split("\n").slice(4, 9).join(" <")}`);
    seen.add(what);
  };
  let inside = 0; // a draw may be made of others
  const watch = (target: object, name: string, describe: (self: unknown, args: unknown[]) => string): void => {
    const real = (target as Record<string, (...args: unknown[]) => unknown>)[name];
    vi.spyOn(target as Record<string, () => unknown>, name as never).mockImplementation(function (
      this: unknown,
      ...args: unknown[]
    ) {
      if (inside++ === 0) note(describe(this, args));
      try {
        return real.apply(this, args);
      } finally {
        inside--;
      }
    } as never);
  };
  for (const name of Object.keys(random)) watch(random, name, (_, [key]) => `${key}`);
  watch(Key.prototype, "bits", (key, [index]) => `${key} ${index}`);
  f();
  vi.restoreAllMocks();
  return twice;
}

describe("nothing draws twice from one key:", () => {
  afterEach(() => vi.restoreAllMocks());

  it("where it does, that is noticed", () => {
    const key = Key.of(3);
    const twice = drawnTwice(() => {
      random.normal(key, [2]);
      random.uniform(key.fold(1), [2]);
      random.exponential(key, [2]);
      for (let i = 0; i < 3; i++) key.uniform(i);
      key.permutation(3);
    });
    expect(twice.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      expect.stringMatching(/^0000000000000003 /),
      "0000000000000003 2",
      "0000000000000003 1",
    ]);
  });

  it("training with dropout, in the order of each epoch", () => {
    const layers = [nn.dense(6), nn.dropout(0.5), nn.activation("tanh"), nn.dense(4), nn.dropout(0.25), nn.dense(3)];
    const net = nn.network({ input: [5], layers });
    const labels = tensor(
      Int32Array.from({ length: 12 }, (_, i) => i % 3),
      { dtype: "int32" },
    );
    const examples = nn.examplesOf(random.normal(Key.of(9), [12, 5]), labels);
    const twice = drawnTwice(() => {
      const options = { optimizer: sgd({ lr: 0.1 }), epochs: 3, batchSize: 5, key: Key.of(2) };
      nn.fit(net, net.init(Key.of(1)), examples, options);
    });
    expect(twice).toEqual([]);
  });

  it("the steps of living synapses", () => {
    const alive = bio(
      nn.network({ input: [5], layers: [nn.dense(4), nn.dense(3)] }),
      { rejuvenate: { every: 1 } },
      sgd({ lr: 0.1 }),
    );
    const twice = drawnTwice(() => {
      let params = alive.network.init(Key.of(1));
      let state = alive.init(params);
      for (let step = 0; step < 4; step++) ({ params, state } = alive.step(params, params, state));
    });
    expect(twice).toEqual([]);
  });

  it.each(taskKinds)("the episodes of a run of %s", (name) => {
    const config = withTask({ ...tiny, shots: 1, queries: 1 }, name);
    const dataset = imagesOf(config.task) ? small : noImages;
    for (const protocol of ["faithful", "strict"] as const) {
      const twice = drawnTwice(() => {
        for (let episode = 0; episode < 4; episode++) {
          drawEpisode({ ...config, protocol }, Key.of(5).fold(episode), layerSizes(config, dataset), dataset);
        }
      });
      // Which classes are held out is drawn from one key on purpose, the same for all runs.
      expect(twice.filter((draw) => !draw.startsWith(`${Key.of(20)} `))).toEqual([]);
    }
  });

  it("the first rules of all presets", () => {
    expect(drawnTwice(() => void initialRule(defaultTrainConfig("rcn").plasticity, [5, 4]))).toEqual([]);
  });
});
