// The numbers of one input for many episodes at once: sent there, or gathered from blocks that are there already.
import type { Backend, Block, Extent } from "./backend.js";
import { at, MOST_ARRAYS, X, Y, Z } from "./kernels/emitter.js";

/** One episode's numbers of an input. A block belongs to the caller. */
export type Input = Float32Array | Block;

const REPEAT = `return A0[0][${Y}][${X}];`;

/**
 * A block with the numbers of all episodes, which is the caller's own block if there is one episode and it is there
 * already.
 *
 * @param extent of one episode's numbers, and how many episodes.
 */
export async function blockFor(backend: Backend, inputs: readonly Input[], extent: Extent): Promise<Block> {
  if (inputs.every((input) => input instanceof Float32Array)) return backend.upload(joined(inputs), extent);
  const sent: Block[] = [];
  const blocks: Block[] = [];
  try {
    for (const input of inputs) {
      if (!(input instanceof Float32Array)) blocks.push(input);
      else {
        const block = await backend.upload(input, { ...extent, episodes: 1 });
        sent.push(block);
        blocks.push(block);
      }
    }
    if (blocks.length === 1) return blocks[0];
    if (new Set(blocks).size === 1) return await backend.run(REPEAT, extent, [blocks[0]], []);
    return await stacked(backend, blocks, extent);
  } finally {
    for (const block of sent) block.free();
  }
}

/** Blocks of one episode as one: as many at a time as a kernel takes, each group appended to the ones before. */
async function stacked(backend: Backend, blocks: readonly Block[], extent: Extent): Promise<Block> {
  let done: Block | undefined;
  for (let first = 0; first < blocks.length; ) {
    const before: Block[] = done ? [done] : [];
    const group = blocks.slice(first, first + MOST_ARRAYS - before.length);
    const earlier = done ? `if (${Z} < ${first}) { return ${at(0, Y, X)}; }\n` : "";
    const picks = group.map((_, i) => {
      const own = `return A${before.length + i}[0][${Y}][${X}];`;
      return i === group.length - 1 ? own : `if (${Z} == ${first + i}) { ${own} }`;
    });
    first += group.length;
    try {
      const body = `${earlier}${picks.join("\n")}`;
      done = await backend.run(body, { ...extent, episodes: first }, [...before, ...group], []);
    } finally {
      for (const block of before) block.free();
    }
  }
  return done!;
}

/** The same numbers one after the other. */
function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const all = new Float32Array(parts[0].length * parts.length);
  parts.forEach((part, i) => {
    all.set(part, i * part.length);
  });
  return all;
}
