// `synaptape queue`: shows a queue, and tells it what to do.
import { control, type QueueAction } from "../engines/internal.js";
import { say, sayJson, table } from "./output.js";
import { connectQueue } from "./queue-address.js";

/** The flags of `queue` that were given. */
export interface QueueFlags {
  readonly engine?: string;
  readonly json?: boolean;
}

/** Does what the action says, and prints how the queue then is. */
export async function runQueue(action: QueueAction, { engine, json = false }: QueueFlags): Promise<void> {
  const link = await connectQueue(engine);
  try {
    const status = await control(link, action);
    if (json) return sayJson({ queue: link.name, ...status });
    const { paused, waiting, active, workers, senders, barred, identity } = status;
    say(`${link.name}, ${identity}: ${waiting} waiting, ${active} under way${paused ? ", paused" : ""}.`);
    say(`Commands that send cells: ${senders.join(", ") || "none"}.`);
    if (workers.length === 0) say("Workers: none.");
    else {
      const rows = workers.map(({ id, count, fits }) => [id, String(count), fits ? "" : "another version"]);
      for (const line of table([["worker", "at once", ""], ...rows])) say(line);
    }
    if (barred.length > 0) say(`Barred, because their bits differed: ${barred.join(", ")}.`);
  } finally {
    await link.close();
  }
}
