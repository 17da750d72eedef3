// The colours of runs can be told apart with any colour vision. Measured here in another way than they were found: as
// Euclidean distance in CIE L*a*b*, where 2.3 is a difference that one just sees (Mahy and others 1994).
import { describe, expect, it } from "vitest";
import { RUN_HUES } from "../../src/cli/run-colours.js";

type Triple = readonly [number, number, number];

const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;

const times = (matrix: readonly Triple[], v: Triple): Triple =>
  matrix.map((row) => row.reduce((sum, x, i) => sum + x * v[i], 0)) as unknown as Triple;

/** Machado, Oliveira and Fernandes 2009, table 1, severity 1. */
const visions: Readonly<Record<string, readonly Triple[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const XYZ: readonly Triple[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

function lab(rgb: Triple): Triple {
  const white = [0.95047, 1, 1.08883];
  const [x, y, z] = times(XYZ, rgb.map((c) => Math.min(1, Math.max(0, c))) as unknown as Triple).map((c, i) => {
    const t = c / white[i];
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each(Object.entries({ light: "#ffffff", dark: "#131416" }))(
  "the colours of runs on a %s page",
  (scheme, page) => {
    const hues = RUN_HUES[scheme as keyof typeof RUN_HUES];

    it.each(Object.keys(visions))("differ far more than one just sees, in %s vision", (vision) => {
      const seen = hues.map((hue) => lab(times(visions[vision], linear(hue))));
      const pairs = seen.flatMap((a, i) => seen.slice(i + 1).map((b) => Math.hypot(...a.map((x, k) => x - b[k]))));
      expect(Math.min(...pairs)).toBeGreaterThan(20);
    });

    it("have the contrast that WCAG asks of graphics", () => {
      const light = (hex: string): number => times(XYZ, linear(hex))[1];
      for (const hue of hues) {
        const [a, b] = [light(hue), light(page)].sort((x, y) => y - x);
        expect((a + 0.05) / (b + 0.05)).toBeGreaterThanOrEqual(3);
      }
    });
  },
);
