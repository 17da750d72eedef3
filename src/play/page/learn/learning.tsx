// Learning the rule: what is chosen, how it goes, and what was kept.
import { LIMITS } from "../../limits.js";
import type { Play } from "../use-play.js";
import { Compare } from "./compare.js";
import { Curves } from "./curves.js";
import { KeptRules } from "./kept.js";
import type { Chosen, Learning } from "./use-learning.js";

const FIELDS: readonly (readonly [name: keyof Chosen, label: string])[] = [
  ["ways", "Characters in a task"],
  ["shots", "Images of each"],
  ["episodes", "Tasks to learn from"],
  ["learningRate", "Step size"],
  ["seed", "Seed"],
];

/** What is chosen for learning. */
function Settings({ learning }: { learning: Learning }) {
  const { chosen } = learning.state;
  return (
    <fieldset class="choices" disabled={learning.busy()}>
      <legend class="hidden">How a rule is learned</legend>
      {FIELDS.map(([name, label]) => {
        const [least, most] = LIMITS[name];
        const fine = name === "learningRate";
        return (
          <label key={name}>
            {label}
            <input
              id={`learn-${name}`}
              type="number"
              min={least}
              max={most}
              step={fine ? "any" : 1}
              value={chosen[name]}
              placeholder={fine ? "the rule's own" : ""}
              onChange={(event) => {
                const { value } = event.target as HTMLInputElement;
                learning.choose({ [name]: fine && value === "" ? undefined : Number(value) });
              }}
            />
          </label>
        );
      })}
    </fieldset>
  );
}

/** Begins, pauses and ends. */
function Controls({ play, learning }: { play: Play; learning: Learning }) {
  const { phase, outcome } = learning.state;
  const button = (id: string, text: string, act: () => unknown, { main = false, off = false } = {}) => (
    <button type="button" id={id} class={main ? "main" : ""} disabled={off} onClick={() => void act()}>
      {text}
    </button>
  );
  const begin = button("learn", phase === "done" ? "Learn again" : "Learn a rule", learning.learn, {
    ...{ main: true, off: !play.state.begun },
  });
  return (
    <div class="row">
      {!learning.busy() && begin}
      {/running|pausing/.test(phase) &&
        button("pause-learning", "Pause", learning.pause, { main: true, off: phase === "pausing" })}
      {phase === "paused" && button("go-on", "Go on", learning.goOn, { main: true })}
      {learning.busy() && button("stop-learning", "Stop", learning.stop, { off: phase === "stopping" })}
      {learning.busy() && button("keep", "Keep the rule of now", learning.keep, { off: phase === "stopping" })}
      {outcome && button("use", "Let the life go by it", () => play.use(outcome))}
    </div>
  );
}

/** How far it is, in words. */
function progressOf({ state }: Learning): string {
  const { phase, settings, curves, pace } = state;
  if (!settings) return "";
  const [done, { episodes, preset, hidden, plasticity }] = [curves.loss.length, settings];
  const what = `${preset} with motifs ${plasticity.motifs.join(", ")}, hidden layers ${hidden.join(", ") || "none"}`;
  const left = Math.ceil((episodes - done) / pace);
  const pacing = phase === "running" && done > 2 ? `, ${pace.toPrecision(2)} a second, about ${left} s left` : "";
  return `${what}: task ${done} of ${episodes}${pacing}.`;
}

/** What was learned, and how to learn it elsewhere. */
function Result({ learning }: { learning: Learning }) {
  const { outcome } = learning.state;
  if (!outcome) return null;
  const { episodes, hash, command } = outcome;
  return (
    <div>
      <p>
        After {episodes} tasks the rule has the hash <code id="rule-hash">{hash}</code>.
        {command ? " This command learns the same rule on any machine, to the bit:" : ""}
      </p>
      {command && (
        <p>
          <code id="command" class="command">
            {command}
          </code>
        </p>
      )}
    </div>
  );
}

/** See the head of this file. */
export function LearnRule({ play, learning }: { play: Play; learning: Learning }) {
  const { phase } = learning.state;
  return (
    <div>
      <p class="note">
        A rule with the structure of the one above begins with almost nothing in its numbers. A network lives through a
        task by it, and the gradient of how badly it does then, through every step of that life, moves the rule's
        numbers. Then the next network begins, with other characters. This runs in the background; the life above can be
        played meanwhile.
      </p>
      <Settings learning={learning} />
      <Controls play={play} learning={learning} />
      <p id="progress" class="number">
        {progressOf(learning)}
      </p>
      <p class="hidden" role="status">
        {{ paused: "Paused.", done: "A rule has been learned." }[phase as string] ?? ""}
      </p>
      <Result learning={learning} />
      <Curves learning={learning} />
      <KeptRules play={play} learning={learning} />
      <Compare play={play} learning={learning} />
    </div>
  );
}
