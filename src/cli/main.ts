#!/usr/bin/env node
// The command line, `synaptape`. Each command loads its modules when it runs, and failures load theirs, which keeps --help
// fast.
import { endWithReader } from "./output.js";
import { runProgram } from "./program.js";

const fail = async (error: unknown): Promise<void> => (await import("./failure.js")).fail(error);

endWithReader();
process.on("uncaughtException", (error) => void fail(error).finally(() => process.exit()));
await runProgram(process.argv.slice(2)).catch(fail);
