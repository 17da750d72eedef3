// The code of a thread that computes cells of the kinds that a module exports. It is a separate entry point of the
// build. See `threads.ts`.
import { loadKinds, serveKinds } from "./serve-cells.js";

serveKinds(({ module = "" }) => loadKinds(module));
