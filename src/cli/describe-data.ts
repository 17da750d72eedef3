// `synaptape data`: what a source holds, as it would be read.
import { basename, dirname } from "node:path";
import { listed } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { sizeText } from "../data/internal.js";
import { sheetOf } from "../report/sheet.js";
import { dataHash } from "../runs/index.js";
import { explained, writeAside } from "../runs/node.js";
import { type DataFlags, dataOf, openImages } from "./data.js";
import { say, sayJson } from "./output.js";

/** The flags of `data` that were given. */
export interface DescribeFlags extends Omit<DataFlags, "data"> {
  readonly sheet?: string;
  readonly json?: boolean;
}

/** Images of a class on a sheet. */
const ON_A_SHEET = 12;

/** Classes whose names are printed. */
const NAMED = 20;

/** Opens the data and prints what they are; with `sheet`, also draws some images. */
export async function describeData(source: string, { sheet, json = false, ...how }: DescribeFlags): Promise<void> {
  const data = await openImages(dataOf({ ...how, data: source }), 1);
  const facts = await factsOf(data);
  if (sheet !== undefined) {
    await writeAside(dirname(sheet), basename(sheet), sheetOf(data, ON_A_SHEET)).catch((error: unknown) => {
      throw explained(error, `${sheet} cannot be written`, "Choose another --sheet.");
    });
  }
  if (json) return sayJson({ ...facts, ...(sheet !== undefined && { sheet }) });
  const { name, images, perClass, size, numbers, classNames, hash } = facts;
  const rows = [
    ["name", name],
    ["images", `${images} of ${perClass.length} classes, ${range(perClass)} of each`],
    [
      "size",
      `${size} (${data.channels === 3 ? "red, green and blue" : "grey"})${data.transposed ? ", on its side as in EMNIST's files; shown upright" : ""}`,
    ],
    ["numbers", numbers],
    ...(classNames ? [["classes", listed(classNames, NAMED)]] : []),
    ["hash", hash],
    ...(sheet === undefined ? [] : [["sheet", sheet]]),
  ];
  for (const [what, value] of rows) say(`${what.padEnd(8)} ${value}`);
}

async function factsOf(data: Dataset) {
  const perClass = data.byClass.map(({ length }) => length);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data.images) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const floats = data.images instanceof Float32Array;
  return {
    name: data.name,
    images: perClass.reduce((sum, count) => sum + count, 0),
    perClass,
    size: sizeText(data),
    numbers: floats ? `floats from ${least} to ${most}, as they are` : `bytes from ${least} to ${most}, read as 0 to 1`,
    classNames: data.classNames,
    hash: await dataHash(data),
  };
}

const range = (counts: readonly number[]): string => {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
};
