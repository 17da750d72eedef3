// What `data` uses from this folder, to read files, in addition to the public names.
export { unpack } from "./gzip.js";
