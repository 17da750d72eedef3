// A program on the GPU: its launches in order, each block freed after its last use.
import { type Backend, type Block, COPY, type Extent } from "./backend.js";
import type { Constants, Launch, Value } from "./graph.js";
import { blockFor, type Input } from "./inputs.js";
import type { Lowered } from "./lower.js";

/** Something to run, for any number of episodes at once. */
export class Program {
  private readonly launches: readonly Launch[];
  private readonly outputs: readonly Value[];
  /** For each launch, the values that it is the last to read. */
  private readonly lastReads: readonly (readonly Value[])[];
  /** Numbers in the largest block, for one episode. */
  readonly largest: number;

  constructor(
    { launches, outputs }: Lowered,
    private readonly inputs: readonly Value[],
    private readonly constants: Constants,
  ) {
    this.launches = launches;
    this.outputs = outputs;
    const seen = new Set<Value>(outputs);
    const last: Value[][] = [];
    for (let i = launches.length - 1; i >= 0; i--) {
      last[i] = [];
      for (const arg of launches[i].args) {
        if (seen.has(arg)) continue;
        seen.add(arg);
        last[i].push(arg);
      }
    }
    this.lastReads = last;
    this.largest = Math.max(1, ...[...inputs, ...launches.map(({ out }) => out)].map(({ size }) => size));
  }

  /** The number of kernels in one run. */
  get length(): number {
    return this.launches.length;
  }

  /**
   * Runs it.
   *
   * @param inputs the numbers of each input by episode.
   * @returns the numbers of each output, episode after episode.
   */
  run(backend: Backend, episodes: number, inputs: readonly (readonly Input[])[]): Promise<Float32Array[]> {
    return backend.reusing(() =>
      this.computed(backend, episodes, inputs, async (blockOf) => {
        const results: Float32Array[] = [];
        for (const output of this.outputs) results.push(await backend.download(await blockOf(output)));
        return results;
      }),
    );
  }

  /** Runs it for one episode and leaves the outputs on the GPU, in blocks that the caller frees. */
  keep(backend: Backend, inputs: readonly Input[]): Promise<Block[]> {
    const each = inputs.map((input) => [input]);
    return backend.reusing(() =>
      this.computed(backend, 1, each, async (blockOf, spared) => {
        const results: Block[] = [];
        try {
          for (const output of this.outputs) {
            const block = await blockOf(output);
            // What has an owner already, an argument or another output, is copied.
            results.push(spared.has(block) ? await backend.run(COPY, block.extent, [block], []) : block);
            spared.add(block);
          }
        } catch (error) {
          for (const block of results) block.free();
          throw error;
        }
        return results;
      }),
    );
  }

  /**
   * Runs the launches and shows the blocks to `finish`. Afterwards all are freed but those that are spared: blocks of the
   * caller's own, and what `finish` adds.
   */
  private async computed<R>(
    backend: Backend,
    episodes: number,
    inputs: readonly (readonly Input[])[],
    finish: (blockOf: (value: Value) => Promise<Block>, spared: Set<Block>) => Promise<R>,
  ): Promise<R> {
    const blocks = new Map<Value, Block>();
    const spared = new Set<Block>(inputs.flat().filter((input) => !(input instanceof Float32Array)) as Block[]);
    const extent = ({ columns, rows }: Value): Extent => ({ columns, rows, episodes });
    const free = (block: Block | undefined): void => {
      if (block && !spared.has(block)) block.free();
    };
    const blockOf = async (value: Value): Promise<Block> => {
      const known = blocks.get(value);
      if (known) return known;
      const index = this.inputs.indexOf(value);
      const block =
        index >= 0
          ? await blockFor(backend, inputs[index], extent(value))
          : await backend.upload(repeated(this.constants.numbers.get(value)!, episodes), extent(value));
      blocks.set(value, block);
      return block;
    };
    try {
      for (const [i, { body, args, numbers, out, tile }] of this.launches.entries()) {
        const operands: Block[] = [];
        for (const arg of args) operands.push(await blockOf(arg));
        blocks.set(out, await backend.run(body, extent(out), operands, numbers, tile));
        for (const value of this.lastReads[i]) {
          free(blocks.get(value));
          blocks.delete(value);
        }
      }
      return await finish(blockOf, spared);
    } finally {
      for (const block of blocks.values()) free(block);
    }
  }
}

/** The same numbers for each episode. */
function repeated(numbers: Float32Array, episodes: number): Float32Array {
  const all = new Float32Array(numbers.length * episodes);
  for (let i = 0; i < episodes; i++) all.set(numbers, i * numbers.length);
  return all;
}
