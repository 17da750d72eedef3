// For files of tests that share a process (see together.ts): none may leave behind what the next one would notice.
import { afterAll, expect } from "vitest";
import { widestFloat } from "../src/core/dtype.js";
import { configuration } from "../src/core/runtime.js";
import { motifNames } from "../src/plasticity/motifs/named.js";
import { synapseNames } from "../src/plasticity/synapses/registry.js";

const state = () => ({
  ...{ settings: { ...configuration() }, widest: widestFloat() },
  ...{ motifs: motifNames(), synapses: synapseNames(), globals: Object.keys(globalThis) },
  ...{ folder: process.cwd() },
});
const before = state();

afterAll(() => {
  expect(state()).toEqual(before);
});
