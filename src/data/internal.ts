// What the folders above need from data in addition to its public names.
export { isGlyphs } from "./glyphs/index.js";
