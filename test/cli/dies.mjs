// Loaded before the command line: its process is killed in the place where it would put result number DIES_AT in its
// folder. The result is complete in its temporary file by then, and other lanes are somewhere in their cells.
import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const { link } = files;
let left = Number(process.env.DIES_AT);

files.link = async (from, to) => {
  if (/[\\/]results[\\/][^\\/]+\.json$/.test(to) && --left === 0) process.kill(process.pid, "SIGKILL");
  return link(from, to);
};
syncBuiltinESMExports();
