#!/usr/bin/env node
// The command line, `synaptape`. Each command loads its modules when it runs, which keeps --help fast.
import { fail } from "./failure.js";
import { endWithReader } from "./output.js";
import { runProgram } from "./program.js";

endWithReader();
process.on("uncaughtException", (error) => {
  fail(error);
  process.exit();
});
await runProgram(process.argv.slice(2)).catch(fail);
