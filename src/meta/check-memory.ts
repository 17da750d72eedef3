// Checks whether a lifetime can fit in memory at all. This is done before a run gets a folder, not in its first episode.
import { configuration, InputError, typeNamed } from "../core/index.js";
import { synapseKind } from "../plasticity/internal.js";
import { taskOptions } from "./config.js";
import type { EpisodeSetup } from "./episode-job.js";

/**
 * Throws an InputError if memory cannot hold even what every lifetime needs at once, with any checkpoints: the weights,
 * their chemicals and gradient, and the examples, in the run's `dtype`.
 */
export function checkMemory({ config, sizes }: Pick<EpisodeSetup, "config" | "sizes">): void {
  const { ways, shots, queries } = taskOptions(config);
  const weights = sizes.slice(1).reduce((sum, outputs, layer) => sum + outputs * sizes[layer], 0);
  const { synapse, chemicals } = config.plasticity;
  const held = 2 + (synapseKind(synapse).chemicals ? chemicals : 0);
  const bytes = typeNamed(config.dtype).bytes * (held * weights + ways * (shots + queries) * sizes[0]);
  const { maximumBytes } = configuration();
  if (bytes <= maximumBytes) return;
  const gigabytes = (n: number): string => `${(n / 2 ** 30).toPrecision(3)} GiB`;
  throw new InputError(
    `[train] a lifetime of layers of ${sizes.join(", ")} units needs at least ${gigabytes(bytes)}, but the memory has at most ` +
      `${gigabytes(maximumBytes)}. Make \`hidden\`${held > 2 ? ", `chemicals`" : ""}, \`shots\` or \`queries\` smaller.`,
  );
}
