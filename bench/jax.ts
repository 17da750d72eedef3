// A lifetime of 50 and of 250 steps against JAX, jitted as a whole with lax.scan, on one thread each and in turn. JAX stores all
// steps or computes them again (jax.checkpoint); the faster of the two stands in the table.
import { spawnSync } from "node:child_process";
import { Contender, ours, PYTHON, race } from "./contender.js";
import { type Bench, figure } from "./harness.js";

const ROUNDS = 3;

export const jaxBench: Bench = async function* () {
  if (spawnSync(PYTHON, ["-c", "import jax"]).status !== 0) {
    console.error(`bench: ${PYTHON} has no JAX. Name a Python that has it: PYTHON=... npm run bench jax`);
    return;
  }
  for (const steps of [50, 250]) {
    for (const chemicals of [1, 2, 5]) {
      const peer = (name: string, ...more: string[]): Contender =>
        new Contender(name, PYTHON, ["bench/peers/jax_lifetime.py", String(chemicals), String(steps), ...more]);
      const mine = ours(steps === 50 ? "lifetime" : "lifetime-250", chemicals);
      const best = await race([mine, peer("stored"), peer("again", "remat")], ROUNDS);
      const own = best.get(mine.name);
      const peers = ["stored", "again"].flatMap((how) => {
        const answer = best.get(how);
        return answer ? [{ how, ...answer }] : [];
      });
      if (!own || peers.length === 0) continue;
      const fastest = peers.reduce((a, b) => (b.ms < a.ms ? b : a));
      yield {
        ...{ bench: "jax", steps, chemicals, ours: figure(own.ms), jax: figure(fastest.ms), itsTape: fastest.how },
        ...{ ratio: figure(fastest.ms / own.ms), oursResidentBytes: own.bytes, jaxResidentBytes: fastest.bytes },
        share: figure(own.bytes / fastest.bytes),
      };
    }
  }
};
