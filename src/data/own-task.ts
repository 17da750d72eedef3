// Tasks of a program's own: functions that draw an episode of numbers from a key.
import { checkKind, checkMade, InputError, type Key, quote, Tensor } from "../core/index.js";

/** What a task of a program's own draws: numbers row by row, as a list, an array or a tensor of any shape. */
type Numbers = ArrayLike<number> | Tensor;

/** A task of a program's own: a function that is another in each episode, which networks learn from examples. */
export interface OwnTask {
  /** What `--task` and configurations call it: letters, digits and dashes. */
  readonly name: string;
  /** What it is, for the help. */
  readonly summary: string;
  /** Numbers of an input. Networks have no biases, so one of them may be the constant 1. */
  readonly inputs: number;
  /** Numbers of a target, best of a variance near 1. */
  readonly outputs: number;
  /** Examples that a network learns from one after the other, unless a run says otherwise; 100 by default. */
  readonly shots?: number;
  /** Queries that it is tested on afterwards, unless a run says otherwise; 50 by default. */
  readonly queries?: number;
  /**
   * Draws an episode. It must depend on nothing but what it is given: not on time, and not on `Math.random`.
   *
   * @param key all random numbers of the episode follow from it.
   * @returns `steps` inputs and targets to learn from, in their order, and `queries` of them to test on.
   */
  draw(
    key: Key,
    counts: { readonly steps: number; readonly queries: number },
  ): {
    readonly inputs: Numbers;
    readonly targets: Numbers;
    readonly queryInputs: Numbers;
    readonly queryTargets: Numbers;
  };
}

/** Those that were added, by their names. */
const tasks = new Map<string, OwnTask>();

/**
 * The tasks that were added by `defineTask`, in that order.
 *
 * @example ownTasks().map(({ name }) => name).includes("no-such-task") // false
 */
export const ownTasks = (): readonly OwnTask[] => [...tasks.values()];

/**
 * Adds a task: `{ kind: "own", name }` then names it in configurations of runs, and `--task` on the command line where a
 * module of own parts adds it. A thread knows it if it is added there too, as `loadParts` does.
 *
 * @throws TypeError for what is no task, and RangeError for a name that is taken or is none, and for sizes that are none.
 * @example
 * defineTask({
 *   name: "lines",
 *   summary: "a line of random slope through 0",
 *   inputs: 1,
 *   outputs: 1,
 *   draw(key, { steps, queries }) {
 *     const slope = 2 * key.uniform(0) - 1;
 *     const xs = (key, count) => random.uniform(key, [count], { low: -1 }).data();
 *     const [inputs, queryInputs] = [xs(key.fold(1), steps), xs(key.fold(2), queries)];
 *     return { inputs, queryInputs, targets: inputs.map((x) => slope * x), queryTargets: queryInputs.map((x) => slope * x) };
 *   },
 * });
 */
export function defineTask(task: OwnTask): void {
  checkMade("defineTask", "the task", task, ["name", "summary", "inputs", "outputs", "draw"], "See OwnTask.");
  const { name, summary, inputs, outputs, shots = 1, queries = 1, draw } = task;
  checkKind("defineTask", "`summary`", summary, "text");
  checkKind("defineTask", "`draw`", draw, "a function");
  const fail = (fact: string): RangeError => new RangeError(`[defineTask] ${fact}`);
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]*$/.test(name)) {
    throw fail(`\`name\` is ${quote(name)}. Give letters, digits and dashes, such as "lines".`);
  }
  if (tasks.has(name)) throw fail(`a task is called ${quote(name)} already. Choose another name.`);
  for (const [what, count] of Object.entries({ inputs, outputs, shots, queries })) {
    if (Number.isSafeInteger(count) && count > 0 && count <= 1e6) continue;
    throw fail(`\`${what}\` is ${quote(count)}. Give a whole number from 1 to 1000000.`);
  }
  tasks.set(name, task);
}

/** The task of this name. Throws an InputError if none was added. */
export function ownTask(name: string): OwnTask {
  const found = tasks.get(name);
  if (found) return found;
  throw new InputError(
    `[task] no task is called ${quote(name)} here. Call defineTask first, or pass the module that does as --module.`,
  );
}

/** An episode of a task, its numbers checked. */
export function drawOwn({ name, inputs, outputs, draw }: OwnTask, key: Key, steps: number, queries: number) {
  const drawn = draw(key, { steps, queries });
  const parts = ["inputs", "targets", "queryInputs", "queryTargets"] as const;
  checkMade("task", `what the task ${name} drew`, drawn, parts, `Give an object with ${parts.join(", ")}.`);
  const numbers = (part: (typeof parts)[number], count: number): Float32Array => {
    const given = drawn[part];
    const list = given instanceof Tensor ? given.data() : given;
    if (!(Array.isArray(list) || ArrayBuffer.isView(list)) || list.length !== count) {
      const fact = typeof list?.length === "number" ? `has ${list.length} numbers` : `is ${quote(list)}`;
      throw new InputError(`[task] \`${part}\` of the task ${name} ${fact}. Give ${count}.`);
    }
    const floats = Float32Array.from(list as ArrayLike<number>);
    const odd = floats.findIndex((value) => !Number.isFinite(value));
    if (odd < 0) return floats;
    throw new InputError(
      `[task] \`${part}\` of the task ${name} has ${quote((list as ArrayLike<unknown>)[odd])} at ${odd}. Give finite numbers.`,
    );
  };
  return {
    inputs: numbers("inputs", steps * inputs),
    targets: numbers("targets", steps * outputs),
    queryInputs: numbers("queryInputs", queries * inputs),
    queryTargets: numbers("queryTargets", queries * outputs),
  };
}
