// Against the alternatives that a user has, on the same work in the same run: jax-js and TensorFlow.js on WebAssembly,
// and eager PyTorch on one thread. A ratio says how many times as long theirs takes.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Contender, nodeContender, ours, race } from "./contender.js";
import { type Bench, figure } from "./harness.js";

/** Turns for each side; there are few, since a lifetime takes some peers seconds. */
const rounds = (work: string): number => (work === "lifetime" ? 5 : 15);

const PYTHON = "/usr/bin/python3";

type Peer = (work: string, size: number) => Contender;
const tfjs: Peer = (work, size) => nodeContender("tfjs wasm", "bench/peers/tfjs.mjs", work, size);
const jax: Peer = (work, size) => nodeContender("jax-js wasm", "bench/peers/jax-js.mjs", work, size);
const torch: Peer = (work, size) => new Contender("PyTorch", PYTHON, [`bench/peers/torch_${work}.py`, String(size)]);

/** The workload, the name of its number, the number, and the peers. */
type Event = readonly [work: string, unit: string, size: number, peers: readonly Peer[]];

// tfjs runs out of memory with five chemicals; jax-js needs a quarter of a minute to trace a lifetime, so it runs only
// one.
const events: readonly Event[] = [
  ["lifetime", "chemicals", 1, [torch, tfjs]],
  ["lifetime", "chemicals", 2, [torch, tfjs, jax]],
  ["lifetime", "chemicals", 5, [torch]],
  ["small-loop", "steps", 50, [tfjs, jax]],
  ...[16, 32, 64, 128, 256, 512, 1024].map((n): Event => ["matmul", "n", n, [tfjs, jax]]),
];

export const peersBench: Bench = async function* () {
  const absent = new Set<Peer>();
  if (!existsSync("bench/peers/node_modules")) {
    console.error("bench: jax-js and tfjs are left out, since they are not installed: npm ci --prefix bench/peers");
    absent.add(tfjs).add(jax);
  }
  if (spawnSync(PYTHON, ["-c", "import torch"]).status !== 0) {
    console.error(`bench: PyTorch is left out, since ${PYTHON} has none.`);
    absent.add(torch);
  }
  for (const [work, unit, size, all] of events) {
    const peers = all.filter((peer) => !absent.has(peer)).map((peer) => peer(work, size));
    if (peers.length === 0) continue;
    const best = await race([ours(work, size), ...peers], rounds(work));
    const mine = best.get("synaptape");
    if (!mine) continue;
    for (const { name } of peers) {
      const theirs = best.get(name);
      if (!theirs) continue;
      yield {
        bench: "peers",
        work,
        [unit]: size,
        peer: name,
        ours: figure(mine.ms),
        theirs: figure(theirs.ms),
        ratio: figure(theirs.ms / mine.ms),
        oursResidentBytes: mine.bytes,
        theirsResidentBytes: theirs.bytes,
      };
    }
  }
};
