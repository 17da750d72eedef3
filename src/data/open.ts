// Opens everybody's data: a folder or a file in one of the formats below. Node only; the module itself loads anywhere.
import { checkKind, checkOptions, InputError, listed, plain, quote } from "../core/index.js";
import { npyFolder, openNpz, openSafetensorsSet } from "./arrays.js";
import { openCsv } from "./csv.js";
import type { Dataset } from "./dataset.js";
import { idxFolder } from "./idx-folder.js";
import { pictureFolder } from "./picture-folder.js";
import { codeOf, type DataOptions, type FolderFormat, type Listing, listingOf } from "./source.js";

/** Files that hold a whole set, by the end of their names. */
const fileFormats: Readonly<Record<string, (file: string, options: DataOptions) => Promise<Dataset>>> = {
  ".npz": openNpz,
  ".safetensors": openSafetensorsSet,
  ".csv": openCsv,
};

const formatOfFile = (file: string): string | undefined =>
  Object.keys(fileFormats).find((end) => file.toLowerCase().endsWith(end));

/** Ways in which a folder holds data; the first that fits is taken. */
const folderFormats: readonly FolderFormat[] = [idxFolder, npyFolder, pictureFolder];

/** What can be opened, for messages. */
const FORMS = `a folder with ${folderFormats.map(({ about }) => about).join("; with ")}; or a .npz, .safetensors or .csv file`;

/**
 * Opens data for tasks: from a folder
 *
 * - of IDX files, `<prefix>*images*idx3-ubyte` and `<prefix>*labels*idx1-ubyte`, each plain or `.gz`;
 * - of two .npy files called images and labels, or x and y, alone or with a word, such as x_train and y_train;
 * - of a folder of PNG or JPEG files for each class, or of several such sets;
 *
 * or from a .npz or .safetensors file with two such arrays, or a .csv file with a label and numbers in each line. A folder
 * with one such file is opened as that file. Integers from 0 to 255 are bytes, of which 255 stands for 1; floats stay as they
 * are. Images are (count, rows, columns), with 1 or 3 channels last if there are four axes.
 *
 * @param source the path of the folder or the file.
 * @throws InputError that names the file that is missing, damaged or of another form.
 * @example
 * const pets = await openData("pets", { size: [28, 28], colour: "grey" }); // pets/cat/*.png, pets/dog/*.png
 * pets.classNames; // ["cat", "dog"]
 */
export async function openData(source: string, options: DataOptions = {}): Promise<Dataset> {
  checkKind("openData", "the source", source, "text");
  checkOptions("openData", options, ["prefix", "size", "colour"]);
  checkDataOptions(options);
  const { stat } = await import("node:fs/promises");
  const fail = (text: string, cause?: Error): InputError =>
    new InputError(`[openData] ${plain(source)} ${text}`, { cause });
  const what = await stat(source).catch((cause: Error) => {
    const fact = codeOf(cause) === "ENOENT" ? "does not exist" : `cannot be read (${codeOf(cause)})`;
    throw fail(`${fact}. Make \`source\` ${FORMS}; or use the built-in glyphs.`, cause);
  });
  if (what.isFile()) return openFile(source, options, fail);
  const listing = await listingOf(source).catch((cause: Error) => {
    throw fail(`cannot be read (${codeOf(cause)}). Make it readable.`, cause);
  });
  for (const format of folderFormats) {
    const open = await format.find(listing);
    if (!open) continue;
    if (!format.pictures) refusePictureOptions(options, fail);
    return open(options);
  }
  return openFile(onlyFile(listing, options, fail), options, fail);
}

type Fail = (text: string, cause?: Error) => InputError;

/** The one file of a folder that holds a whole set. */
function onlyFile({ folder, files }: Listing, { prefix = "" }: DataOptions, fail: Fail): string {
  const sets = files.filter(formatOfFile);
  const matching = sets.length === 1 ? sets : sets.filter((file) => file.startsWith(prefix));
  if (matching.length === 1) return `${folder}/${matching[0]}`;
  if (sets.length === 0) throw fail(`holds no data that can be read. Make \`source\` ${FORMS}.`);
  throw fail(`has ${sets.length} files of data: ${listed(sets)}. Make \`source\` one of them.`);
}

function openFile(file: string, options: DataOptions, fail: Fail): Promise<Dataset> {
  const format = formatOfFile(file);
  if (format === undefined) throw fail(`is no file that can be read. Make \`source\` ${FORMS}.`);
  refusePictureOptions(options, fail);
  return fileFormats[format](file, options);
}

/** Only pictures are converted: what other formats hold are numbers, which a program should convert itself. */
function refusePictureOptions({ size, colour }: DataOptions, fail: Fail): void {
  const option = size ? "size" : colour ? "colour" : undefined;
  if (option) throw fail(`holds no pictures, which \`${option}\` is for. Leave it out.`);
}

function checkDataOptions({ prefix = "", size, colour }: DataOptions): void {
  checkKind("openData", "the prefix", prefix, "text");
  if (size && !(size.length === 2 && size.every((side) => Number.isInteger(side) && side > 0 && side <= 10_000))) {
    throw new RangeError(`[openData] \`size\` is ${quote(size)}. Give rows and columns from 1 to 10000.`);
  }
  if (colour !== undefined && colour !== "grey" && colour !== "rgb") {
    throw new RangeError(`[openData] \`colour\` is ${quote(colour)}. Give "grey" or "rgb", or leave it out.`);
  }
}
