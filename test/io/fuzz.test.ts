// Damaged files, 100,000 of every format: each is read, or refused with an InputError, and none takes long, makes
// much, or says much. Inputs are valid files changed at random, so that damage lies behind what is checked first.
import { readFileSync } from "node:fs";
import { deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idxDataset, readIdx } from "../../src/data/index.js";
import { InputError, Key, scope } from "../../src/index.js";
import { unpack } from "../../src/io/gzip.js";
import { decodeSafetensors, encodeSafetensors, parseJson, readNpy, readNpz, textOf } from "../../src/io/index.js";
import { inflate } from "../../src/io/inflate.js";
import { defaultTrainConfig, parseTrainConfig } from "../../src/meta/index.js";
import { metricsLines } from "../../src/meta/metrics.js";
import { readCase } from "../../src/plasticity/internal.js";
import { computed } from "../timing.js";

const local = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, import.meta.url)));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const idx = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]);
const text = bytesOf("the quick brown fox jumps over the lazy dog, and over the dog again. ".repeat(5));
const row = { episode: 1, loss: 0.5, accuracy: null, note: 'a "b" \u00e9', nested: { list: [1, 2, { a: [] }] } };
const tensors = { w: { shape: [2, 3], data: new Float32Array(6) }, "b[0]": { shape: [], data: Int32Array.of(7) } };

const golden = ["linear-shared", "rcn-neuron-bias"].map((name) => {
  const file = local(`../../src/plasticity/golden/cases/${name}.json`);
  return bytesOf(JSON.stringify(JSON.parse(textOf(file))));
});
const reports = [
  { episode: 3, loss: 0.25, accuracy: 0.5, seconds: 1.5, clipped: 0.5 },
  { episode: 4, loss: Number.NaN, accuracy: 0, seconds: 2, diverged: true as const },
];
const configs = (["bio", "rcn"] as const).map((preset) => bytesOf(JSON.stringify(defaultTrainConfig(preset))));

interface Format {
  readonly name: string;
  /** Files to begin with. */
  readonly seeds: readonly Uint8Array[];
  readonly read: (bytes: Uint8Array) => unknown;
}

const formats: readonly Format[] = [
  {
    name: "npy",
    seeds: ["f4", "f4-v2", "i4-fortran-big", "i8", "structured", "f2-big"].map((name) => local(`./npy/${name}.npy`)),
    read: (bytes) => scope(() => void readNpy(bytes)),
  },
  {
    name: "npz",
    seeds: ["stored", "deflated"].map((name) => local(`./npy/${name}.npz`)),
    read: (bytes) => scope(() => void readNpz(bytes)),
  },
  {
    name: "safetensors",
    seeds: [encodeSafetensors(tensors, { step: "12" }), local("./safetensors/all.safetensors")],
    read: (bytes) => decodeSafetensors(bytes),
  },
  {
    name: "IDX",
    seeds: [idx, new Uint8Array(gzipSync(idx)), labels],
    read: (bytes) => {
      readIdx(bytes);
      return idxDataset("fuzz", bytes, labels);
    },
  },
  { name: "gzip", seeds: [gzipSync(text), gzipSync(text, { level: 0 })], read: (bytes) => unpack(bytes, 1e5, "x") },
  { name: "deflate", seeds: [deflateRawSync(text)], read: (bytes) => inflate(bytes, 0, 1e5) },
  {
    name: "JSON",
    seeds: [bytesOf(JSON.stringify(row)), bytesOf(`\ufeff${JSON.stringify(row, undefined, 1)}`)],
    read: (bytes) => parseJson(textOf(bytes)),
  },
  {
    name: "golden cases",
    seeds: golden,
    read: (bytes) => readCase("case", "case.json", parseJson(textOf(bytes), "case.json")),
  },
  {
    name: "runs' configurations",
    seeds: configs,
    read: (bytes) => parseTrainConfig(parseJson(textOf(bytes))),
  },
  {
    name: "metrics",
    seeds: reports.map((report) => bytesOf(metricsLines.encode(report))),
    read: (bytes) => {
      const report = metricsLines.decode(textOf(bytes));
      if (!report) throw new InputError("no report");
      if (!(report.accuracy <= 1 && report.seconds >= 0)) throw new Error("a report that cannot be");
    },
  },
];

/** Random whole numbers below a bound, the same in every run. */
function numbers(seed: number): (bound: number) => number {
  const key = Key.of(seed);
  let drawn = 0;
  return (bound) => key.integer(drawn++, bound);
}

/** Bytes that formats care about: limits, brackets, quotes, digits. */
const TELLING = [0, 1, 0x7f, 0x80, 0xff, ...bytesOf("{}[]()'\",:\\0919 eL")];

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One to four changes of a file: bytes changed, left out, repeated, or made up; now and then nothing but noise. */
function damaged(file: Uint8Array, draw: (bound: number) => number): Uint8Array {
  if (draw(20) === 0) return Uint8Array.from({ length: draw(200) }, () => draw(256));
  let bytes = Uint8Array.from(file); // slice() of a Node Buffer would not copy
  for (let change = draw(4); change >= 0 && bytes.length > 0; change--) {
    const at = draw(bytes.length);
    const count = 1 + draw(Math.min(16, bytes.length - at));
    const kind = draw(6);
    if (kind === 0) bytes[at] ^= 1 << draw(8);
    else if (kind === 1) bytes[at] = TELLING[draw(TELLING.length)];
    else if (kind === 2) bytes.fill(TELLING[draw(TELLING.length)], at, at + count);
    else if (kind === 3) bytes = bytes.slice(0, at);
    else {
      const kept = kind === 4 ? at + count : at; // left out, or repeated
      bytes = joined(bytes.subarray(0, kind === 4 ? at : at + count), bytes.subarray(kept));
    }
  }
  return bytes;
}

/** What is wrong with how an input was met; undefined if nothing. */
function complaint(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) return `${(error as Error).name}: ${(error as Error).message}`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no message may hold these.
    if (error.message.length > 1000 || /[\u0000-\u001f\u007f]/.test(error.message)) return `said ${error.message}`;
    return undefined;
  }
}

const RUNS = 100_000;

// A million errors are made, and nobody reads where.
const kept = Error.stackTraceLimit;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = kept;
});

describe("a damaged file", () => {
  it.each(formats)(
    "of $name is either read or refused with an InputError",
    ({ seeds, read }) => {
      const draw = numbers(20_261_128);
      const before = process.memoryUsage().arrayBuffers;
      let refused = 0;
      let slowest = 0;
      for (let run = 0; run < RUNS; run++) {
        const bytes = damaged(seeds[run % seeds.length], draw);
        let accepted = false;
        const start = computed();
        const wrong = complaint(() => {
          read(bytes);
          accepted = true;
        });
        slowest = Math.max(slowest, computed() - start);
        if (!accepted) refused++;
        if (wrong) expect.fail(`input ${run}, ${Buffer.from(bytes).toString("base64")}: ${wrong}`);
      }
      // Damage that nothing notices, or that the first check refuses each time, would test nothing.
      expect(refused).toBeGreaterThan(RUNS / 10);
      expect(refused).toBeLessThan(RUNS);
      expect(slowest).toBeLessThan(1000);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 29);
    },
    600_000,
  );

  it.each(formats)(
    "of $name with a megabyte of repeated content takes less than a second",
    ({ seeds, read }) => {
      const draw = numbers(7);
      for (let run = 0; run < 20; run++) {
        const seed = seeds[run % seeds.length];
        const at = draw(seed.length);
        const piece = seed.slice(at, at + 1 + draw(8));
        const middle = new Uint8Array(1e6).map((_, i) => piece[i % piece.length]);
        const bytes = joined(seed.subarray(0, at), middle, seed.subarray(at));
        const start = computed();
        expect(complaint(() => read(bytes))).toBeUndefined();
        expect(computed() - start).toBeLessThan(1000);
      }
    },
    60_000,
  );
});
