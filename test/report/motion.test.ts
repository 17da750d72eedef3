// A motion read back: every picture has every point, in its place, and all of it inside the drawing.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { motion } from "../../src/report/motion.js";

const numbers = (text: string | null): number[] => (text?.match(/-?[\d.]+/g) ?? []).map(Number);

const films = fc.integer({ min: 1, max: 5 }).chain((points) =>
  fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2 * points, maxLength: 2 * points }), {
    minLength: 1,
    maxLength: 6,
  }),
);

it("shows all pictures to one scale, upright, inside the drawing", () => {
  fc.assert(
    fc.property(films, (frames) => {
      const svg = motion({ label: "a <swim>", hue: "s5", frames, seconds: 3 });
      expect(svg).not.toMatch(/NaN|undefined|a <swim>/);
      const root = parseHTML(`<html><body>${svg}</body></html>`).document.querySelector("svg") as unknown as Element;
      const [, , width, height] = numbers(root.getAttribute("viewBox"));
      const animated = root.querySelectorAll("polyline")[1];
      const pictures = (animated.querySelector("animate")?.getAttribute("values") ?? "").split(";").map(numbers);
      expect(pictures.map(({ length }) => length)).toEqual(frames.map(({ length }) => length));
      expect(numbers(animated.getAttribute("points"))).toEqual(pictures[0]);
      const [flat, drawn] = [frames.flat(), pictures.flat()];
      // To one scale: distances from the first point are those of the film, y turned over, to rounding.
      const spans = [0, 1].map(
        (odd) => Math.max(...flat.filter((_, i) => i % 2 === odd)) - Math.min(...flat.filter((_, i) => i % 2 === odd)),
      );
      const scale = Math.min(672 / Math.max(spans[0], 1e-9), 372 / Math.max(spans[1], 1e-9));
      drawn.forEach((at, i) => {
        const sign = i % 2 === 0 ? 1 : -1;
        expect(Math.abs(at - drawn[i % 2] - sign * scale * (flat[i] - flat[i % 2]))).toBeLessThan(0.11);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(i % 2 === 0 ? width : height);
      });
      expect(root.querySelector("animate")?.getAttribute("dur")).toBe("3s");
    }),
    { numRuns: 50 },
  );
});
