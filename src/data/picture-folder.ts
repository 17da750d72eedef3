// Folders of pictures: a folder for each class, as in torchvision's ImageFolder.
import { InputError, listed, plain, quote } from "../core/index.js";
import { type Dataset, dataset } from "./dataset.js";
import { greyOf, isGrey, type Picture, pictureOf, resized } from "./picture.js";
import { type DataOptions, type FolderFormat, type Listing, lastOf, listingOf, readWhole } from "./source.js";

const PICTURE = /\.(png|jpe?g)$/i;

/** The folders of this one. */
const within = ({ folder, folders }: Listing): Promise<Listing[]> =>
  Promise.all(folders.map((name) => listingOf(`${folder}/${name}`)));

const hasPictures = ({ files }: Listing): boolean => files.some((file) => PICTURE.test(file));

/** A folder that holds a folder for each class. */
interface PictureSet {
  readonly folder: string;
  readonly classes: readonly Listing[];
}

/** The sets in a folder: itself, or some of its folders, such as "train" and "test". */
async function setsIn(listing: Listing): Promise<PictureSet[]> {
  const inside = await within(listing);
  if (inside.some(hasPictures)) return [{ folder: listing.folder, classes: inside }];
  const deeper = await Promise.all(inside.map(async (each) => ({ folder: each.folder, classes: await within(each) })));
  return deeper.filter(({ classes }) => classes.some(hasPictures));
}

/** Folders with a folder of PNG or JPEG files for each class, or with several such sets. */
export const pictureFolder: FolderFormat = {
  about: "a folder of PNG or JPEG files for each class",
  pictures: true,
  async find(listing) {
    const sets = await setsIn(listing);
    if (sets.length === 0) return undefined;
    return async ({ prefix = "", size, colour }) => {
      const matching = sets.length === 1 ? sets : sets.filter(({ folder }) => lastOf(folder).startsWith(prefix));
      if (matching.length !== 1) {
        const names = sets.map(({ folder }) => lastOf(folder));
        throw new InputError(
          `[openData] ${plain(listing.folder)} has the sets ${listed(names)}. Choose one with \`prefix\`, for instance ${quote(names[0])}.`,
        );
      }
      const [{ folder, classes }] = matching;
      const own = lastOf(folder);
      return datasetOf(folder === listing.folder ? own : `${lastOf(listing.folder)}/${own}`, classes, size, colour);
    };
  },
};

/** The dataset of the pictures in these folders, one for each class, in alphabetical order. Other files are passed over. */
async function datasetOf(
  name: string,
  classes: readonly Listing[],
  size: DataOptions["size"],
  colour: DataOptions["colour"],
): Promise<Dataset> {
  const pictures: Picture[] = [];
  const labels: number[] = [];
  let first: { picture: Picture; file: string } | undefined;
  for (const [label, { folder, files }] of classes.entries()) {
    for (const own of files.filter((each) => PICTURE.test(each))) {
      const file = `${folder}/${own}`;
      const picture = await pictureOf(await readWhole(file), file);
      first ??= { picture, file };
      const { rows, columns } = first.picture;
      if (!size && (picture.rows !== rows || picture.columns !== columns)) {
        throw new InputError(
          `[openData] ${plain(file)} is ${picture.rows} x ${picture.columns}, but ${plain(first.file)} is ${rows} x ${columns}. ` +
            `Give a \`size\` to bring them to, such as [${rows}, ${columns}].`,
        );
      }
      pictures.push(size ? resized(picture, ...size) : picture);
      labels.push(label);
    }
  }
  const { rows, columns } = pictures[0];
  const grey = colour === "grey" || (colour === undefined && pictures.every(isGrey));
  const channels = grey ? 1 : 3;
  const images = new Uint8Array(pictures.length * rows * columns * channels);
  pictures.forEach((picture, i) => {
    images.set(grey ? greyOf(picture) : picture.colours, i * rows * columns * channels);
  });
  return dataset(name, images, labels, rows, columns, {
    channels,
    classNames: classes.map(({ folder }) => lastOf(folder)),
  });
}
