// What the command line needs from engines in addition to their public names.

export { QUEUE_ACTIONS, type QueueAction } from "./queue/control.js";
export { control, processName, type QueueKind, queueKinds, workAt } from "./queue-kinds.js";
export { HandedOver } from "./slurm/handed-over.js";
export { requeue, runTask } from "./slurm/task.js";
