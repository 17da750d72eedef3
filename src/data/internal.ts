// What the folders above need from data in addition to its public names.

export { checkDataset, pixelsOf, sizeText } from "./dataset.js";
export { glyphsForTasks, glyphsOfClass, isGlyphs } from "./glyphs/index.js";
