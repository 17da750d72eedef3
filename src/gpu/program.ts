// A program on the GPU: its launches in order, each block freed after its last use.
import type { Backend, Block, Extent } from "./backend.js";
import type { Constants, Launch, Value } from "./graph.js";
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
   * @param data the numbers of each input, episode after episode.
   * @returns the numbers of each output, likewise.
   */
  async run(backend: Backend, episodes: number, data: readonly Float32Array[]): Promise<Float32Array[]> {
    const blocks = new Map<Value, Block>();
    const extent = ({ columns, rows }: Value): Extent => ({ columns, rows, episodes });
    const blockOf = async (value: Value): Promise<Block> => {
      const known = blocks.get(value);
      if (known) return known;
      const index = this.inputs.indexOf(value);
      const numbers = index >= 0 ? data[index] : repeated(this.constants.numbers.get(value)!, episodes);
      const block = await backend.upload(numbers, extent(value));
      blocks.set(value, block);
      return block;
    };
    try {
      for (const [i, { body, args, numbers, out }] of this.launches.entries()) {
        const operands: Block[] = [];
        for (const arg of args) operands.push(await blockOf(arg));
        blocks.set(out, await backend.run(body, extent(out), operands, numbers));
        for (const value of this.lastReads[i]) {
          blocks.get(value)?.free();
          blocks.delete(value);
        }
      }
      const results: Float32Array[] = [];
      for (const output of this.outputs) results.push(await backend.download(await blockOf(output)));
      return results;
    } finally {
      for (const block of blocks.values()) block.free();
    }
  }
}

/** The same numbers for each episode. */
function repeated(numbers: Float32Array, episodes: number): Float32Array {
  const all = new Float32Array(numbers.length * episodes);
  for (let i = 0; i < episodes; i++) all.set(numbers, i * numbers.length);
  return all;
}
