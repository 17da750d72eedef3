// Functions that are traced once and replayed.
export { type Compiled, type CompileOptions, compile, type Plan } from "./compile.js";
