// What the floors above use of this folder that is no part of the public names.
export { checkNetwork } from "./network.js";
