// What the floors above need of data that is no part of its public names.
export { isGlyphs } from "./glyphs/index.js";
