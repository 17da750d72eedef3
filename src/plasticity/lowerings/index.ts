// GPU kernels of the ops of plasticity. Only `src/gpu.ts` imports this, so programs that use only plasticity do not
// load it.
import type { Lowering } from "../../gpu/internal.js";
import { chemistry } from "./chemistry.js";
import { motifs } from "./motifs.js";

/** The lowerings of the ops of plasticity. */
export const plasticityLowerings: readonly Lowering[] = [...motifs, chemistry];
