// Where the images of a run come from and how they are read: as settings, and as cells name them.
import type { Dataset } from "../data/index.js";
import { type ConfigOf, choice, field, list, text, whole } from "../fields/index.js";
import { type DataRef, dataRef, type Reading } from "../runs/index.js";

/** Where the images come from. */
export const dataFields = {
  /** "glyphs" for the built-in set, else a path: see `openData`. */
  source: field({
    type: text("glyphs or the path of data"),
    default: "glyphs",
    flag: "--data <glyphs|path>",
    help: "the built-in characters, or IDX, PNG, JPEG, npy, npz, safetensors or CSV",
  }),
  /** What the name of the set begins with, if the source has several. */
  prefix: field({
    type: text("what the names of the files begin with", { empty: true }),
    default: "train",
    flag: "--prefix <text>",
    help: "read the set whose name begins with this, if there are several",
  }),
  /** Rows and columns to which pictures are brought; none to leave them as they are. */
  size: field({
    type: list(whole(1, { most: 10_000 }), { example: "28,28" }),
    default: [],
    flag: "--size <list>",
    help: "bring PNG and JPEG pictures to so many rows and columns",
    defaultHelp: "as they are",
    since: "0.2.0",
    before: [],
  }),
  /** Whether pictures are read as grey or in colour. */
  colour: field({
    type: choice(["own", "grey", "rgb"]),
    default: "own",
    flag: "--colour <name>",
    help: "read pictures as grey or rgb; own: grey if none of them has a colour",
    since: "0.2.0",
    before: "own",
  }),
};

type DataConfig = ConfigOf<typeof dataFields>;

/** The configuration of data in this place. */
export const dataAt = (
  source: string,
  prefix = dataFields.prefix.default,
  { size, colour }: Reading = {},
): DataConfig => ({ source, prefix, size: size ?? [], colour: colour ?? "own" });

/** How the pictures of a configuration are read. */
export const readingOf = ({ size, colour }: DataConfig): Reading => ({
  ...(size.length > 0 && { size: [size[0], size[1]] }),
  ...(colour !== "own" && { colour }),
});

/** How cells name the images of a configuration whose hash is known. */
export const refOf = (data: DataConfig, hash: string): DataRef => ({
  ...{ source: data.source, prefix: data.prefix, hash },
  ...readingOf(data),
});

/** How cells name the images of a configuration, which were opened. */
export const dataRefOf = (dataset: Dataset, data: DataConfig): Promise<DataRef> => {
  const { source, prefix } = data;
  const which = source === dataFields.source.default ? String(dataset.byClass[0].length) : prefix;
  return dataRef(dataset, source, which, readingOf(data));
};
