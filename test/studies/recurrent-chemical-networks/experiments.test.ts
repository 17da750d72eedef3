import { describe, expect, it } from "vitest";
import { checkTasks, glyphs } from "../../../src/data/index.js";
import { trainCell } from "../../../src/meta/index.js";
import { dataAt } from "../../../src/meta/internal.js";
import {
  configOf,
  experiments,
  type Label,
  labelOf,
  labels,
  type Setting,
} from "../../../src/studies/recurrent-chemical-networks/experiments.js";
import { labelsOf } from "../../../src/studies/recurrent-chemical-networks/parts.js";
import { LONG, longOf } from "../../../src/studies/recurrent-chemical-networks/rows.js";

const setting: Setting = {
  data: dataAt("glyphs"),
  hidden: [8],
  ways: 2,
  shots: 2,
  queries: 2,
  episodes: 3,
};

describe("experiments", () => {
  it("are the published ones", () => {
    const published: Setting = {
      ...setting,
      hidden: [170, 130, 100, 70],
      ways: 5,
      shots: 50,
      queries: 10,
      episodes: 180,
    };
    const of = (label: Label) => configOf(label, published, 0);
    expect(of("bio")).toMatchObject({ plasticity: { motifs: [0, 2, 9] }, learningRate: 1e-3, protocol: "faithful" });
    expect(of("linear-7").plasticity).toMatchObject({ synapse: "linear", motifs: [0, 1, 2, 3, 4, 8, 9] });
    expect(of("rcn-5")).toMatchObject({ plasticity: { chemicals: 5, initialP0: 1e-3 }, learningRate: 4e-4 });
    expect(of("layer-2")).toMatchObject({ plasticity: { scope: "layer", initialP0: 1e-2 }, learningRate: 1e-3 });
    expect(of("synapse-5")).toMatchObject({
      plasticity: { bias: "synapse", chemicals: 5, initialChemicals: "own", coupling: "scaled" },
      learningRate: 5e-4,
      clip: 10,
    });
    expect(of("momentum-10").plasticity).toMatchObject({ synapse: "momentum", chemicals: 10 });
    expect(of("bp").plasticity).toMatchObject({ motifs: [0], feedback: "symmetric" });
    expect(of("ehebb").plasticity.motifs).toEqual([0, 2]);
    expect(of("oja").plasticity.motifs).toEqual([0, 9]);
    expect(of("pool")).toMatchObject({ l1: 1.5, plasticity: { motifs: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } });
    checkTasks(glyphs(), { protocol: "faithful", ways: 5, shots: 50, queries: 10 });
  });

  it("are shared between figures", () => {
    const all = labelsOf(["fig1", "fig2", "fig3", "fig4", "baselines"]);
    expect(new Set(all).size).toBe(all.length);
    expect([...all].sort()).toEqual(Object.keys(experiments).sort());
    expect(labelsOf(["fig2"])).toEqual(["rcn-2", "layer-2"]);
  });

  it("are recognised by their cells, whatever the setting, and do not include long runs", () => {
    for (const label of labels) {
      for (const other of [setting, { ...setting, hidden: [3, 4], episodes: 9, shots: 1 }]) {
        for (const seed of [0, 7]) expect(labelOf(trainCell(configOf(label, other, seed)))).toBe(label);
      }
      expect(labelOf(trainCell({ ...configOf(label, setting, 0), learningRate: 0.5 }))).toBeUndefined();
    }
    for (const [label, seed] of LONG) {
      const cell = trainCell({ ...configOf(label, setting, seed), clip: 10 });
      expect([labelOf(cell), longOf(cell)]).toEqual([undefined, label]);
      expect(longOf(trainCell(configOf(label, setting, seed)))).toBeUndefined();
    }
  });
});
