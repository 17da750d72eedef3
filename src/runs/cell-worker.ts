// The thread that computes cells of the kinds that a module exports; an entry point of the build of its own. See
// `threads.ts`.
import { loadKinds, serveKinds } from "./serve-cells.js";

serveKinds(({ module = "" }) => loadKinds(module));
