// What the folders above need from credit in addition to its public names.

export { ticksOf } from "./equilibrium/model.js";
