// What `data` uses of this folder besides its public names: it reads files through it.
export { unpack } from "./gzip.js";
