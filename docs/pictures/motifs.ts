// tsx docs/pictures/motifs.ts: writes docs/public/motifs/f0.svg to f9.svg, the ten motifs as matrices for one small layer.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Key, random } from "../../src/index.js";
import { naiveMotifs } from "../../src/plasticity/index.js";

const [UNITS, INPUTS, SIZE] = [6, 9, 12];
const [ky, ke, kYPre, kEPre, kw] = Key.of(3).split(5);
const signals = {
  y: random.uniform(ky, [UNITS]),
  e: random.uniform(ke, [UNITS], { low: -1 }),
  yPre: random.uniform(kYPre, [INPUTS]),
  ePre: random.uniform(kEPre, [INPUTS], { low: -1 }),
};
const matrices = naiveMotifs(random.normal(kw, [UNITS, INPUTS], { std: 0.3 }), signals);

/** From blue for -1 by grey for 0 to orange for 1. */
const colour = (x: number): string => {
  const end = x < 0 ? [8, 69, 148] : [217, 95, 2];
  return `rgb(${end.map((c) => Math.round(242 + (c - 242) * Math.abs(x))).join()})`;
};

const folder = join(import.meta.dirname, "../public/motifs");
mkdirSync(folder, { recursive: true });
matrices.forEach((matrix, motif) => {
  const rows = matrix.toArray() as number[][];
  const largest = Math.max(...rows.flat().map(Math.abs));
  const cells = rows.flatMap((row, j) =>
    row.map((x, i) => `<path fill="${colour(x / largest)}" d="M${SIZE * i} ${SIZE * j}h${SIZE}v${SIZE}h-${SIZE}z"/>`),
  );
  const [width, height] = [SIZE * INPUTS, SIZE * UNITS];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  writeFileSync(join(folder, `f${motif}.svg`), `${head}${cells.join("")}</svg>\n`);
});
