// What the floors above use of this folder that is no part of the public names.
export { chain } from "./chain.js";
export { chainOver } from "./elementwise.js";
export { opTable } from "./table.js";
