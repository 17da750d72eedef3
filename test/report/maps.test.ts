// Pictures of grids read back: every cell is drawn where it belongs, as strong as its value says, inside the drawing.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { mapPictures } from "../../src/report/maps.js";

const grids = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 })).chain(([columns, rows]) =>
  fc.record({
    columns: fc.constant(columns),
    size: fc.integer({ min: 1, max: 9 }),
    pictures: fc.array(
      fc.array(fc.constantFrom(0, 0.125, 0.5, 1), { minLength: rows * columns, maxLength: rows * columns }),
      { minLength: 1, maxLength: 7 },
    ),
  }),
);

it("draw every cell in its place", () => {
  fc.assert(
    fc.property(grids, ({ columns, size, pictures }) => {
      const maps = pictures.map((values, i) => ({ name: `<${i}>`, values }));
      const svg = mapPictures({ label: "a <wave>", hue: "s5", columns, size, maps });
      expect(svg).not.toMatch(/NaN|undefined|a <wave>/);
      const root = parseHTML(`<html><body>${svg}</body></html>`).document.querySelector("svg") as unknown as Element;
      const [, , width, height] = (root.getAttribute("viewBox") as string).split(" ").map(Number);
      const frames = [...root.querySelectorAll("rect")].map((each) =>
        [each.getAttribute("x"), each.getAttribute("y")].map(Number),
      );
      expect(frames).toHaveLength(pictures.length);
      const drawn = [...root.querySelectorAll("path")].flatMap((path) =>
        [...(path.getAttribute("d") as string).matchAll(/M(\d+),(\d+)/g)].map(
          ([, x, y]) => `${x},${y}: ${path.getAttribute("fill-opacity")}`,
        ),
      );
      const wanted = pictures.flatMap((values, i) =>
        values.flatMap((value, at) => {
          const [x, y] = [frames[i][0] + (at % columns) * size, frames[i][1] + Math.floor(at / columns) * size];
          expect(x + size).toBeLessThanOrEqual(width);
          expect(y + size).toBeLessThanOrEqual(height);
          return value > 0 ? [`${x},${y}: ${value}`] : [];
        }),
      );
      expect(drawn.sort()).toEqual(wanted.sort());
    }),
    { numRuns: 60 },
  );
});
