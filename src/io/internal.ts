// What the folders above use from this one, to read files, in addition to the public names.

export { csvRows } from "./csv.js";
export { eventHead, eventOf } from "./events.js";
export { unpack } from "./gzip.js";
export { arrayOf } from "./npy.js";
export { arraysOfNpz } from "./npz.js";
