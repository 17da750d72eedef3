#!/usr/bin/env node
// The command line, `synaptape`. Commands load what they need when they run, so that --help is there at once.
import { fail } from "./failure.js";
import { endWithReader } from "./output.js";
import { runProgram } from "./program.js";

endWithReader();
process.on("uncaughtException", (error) => {
  fail(error);
  process.exit();
});
await runProgram(process.argv.slice(2)).catch(fail);
