// Two rules on the same tasks.
import { defineComponent, ref } from "vue";
import type { Comparison, NetworkRule, TaskScores } from "../../learn/compare.js";
import { LIMITS } from "../../limits.js";
import type { Play } from "../use-play.js";
import type { Learning } from "./use-learning.js";

const points = (share: number): string => (100 * share).toFixed(1).replace("-", "−");
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const SIDE = 200;

const meanOf = (scores: readonly TaskScores[], which: 0 | 1): number =>
  scores.reduce((sum, score) => sum + score[which], 0) / scores.length;

/** What comes of a comparison, in words. */
function verdictOf({ gain: { mean, low, high } }: Comparison): string {
  const more = `The second knows ${points(Math.abs(mean))} points ${mean < 0 ? "less" : "more"}`;
  const so = `${more} (98 % interval: ${points(low)} to ${points(high)}).`;
  return low > 0 || high < 0 ? so : `${so} Chance can explain that.`;
}

/** Each task as a point: how much one rule knew, and how much the other. */
function Tasks({ scores, names }: { scores: readonly TaskScores[]; names: readonly [string, string] }) {
  const label = `Test images known in ${scores.length} tasks: across under ${names[0]}, upwards under ${names[1]}.`;
  return (
    <figure class="pairs">
      <svg viewBox={`-44 -10 ${SIDE + 60} ${SIDE + 50}`} role="img" aria-label={label}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="grid" x1={0} x2={SIDE} y1={SIDE * (1 - share)} y2={SIDE * (1 - share)} />
            <line class="grid" y1={0} y2={SIDE} x1={SIDE * share} x2={SIDE * share} />
            <text x={-6} y={SIDE * (1 - share) + 4} text-anchor="end">{`${100 * share} %`}</text>
            <text x={SIDE * share} y={SIDE + 16} text-anchor="middle">{`${100 * share} %`}</text>
          </g>
        ))}
        <line class="even" x1={0} y1={SIDE} x2={SIDE} y2={0} />
        {scores.map(([first, second], i) => (
          <circle key={i} cx={SIDE * first} cy={SIDE * (1 - second)} r={4} />
        ))}
        <text x={SIDE / 2} y={SIDE + 36} text-anchor="middle">
          the first rule
        </text>
      </svg>
      <figcaption>Each point is a task. Above the line, the second rule knew more.</figcaption>
    </figure>
  );
}

/** See the head of this file. */
export const Compare = defineComponent(
  ({ play, learning }: { play: Play; learning: Learning }) => {
    const tasks = ref(20);
    const picked = ref<[string, string]>(["life", ""]);
    /** The rules that were compared last. */
    const compared = ref<[string, string]>(["", ""]);
    const rules = (): Map<string, readonly [name: string, rule: NetworkRule]> => {
      const { begun } = play.state;
      const all = new Map<string, readonly [name: string, rule: NetworkRule]>();
      if (begun) all.set("life", ["The rule of the life", begun.setup]);
      for (const rule of learning.state.kept) all.set(rule.name, [rule.name, rule]);
      return all;
    };
    /** What is picked, as far as it is still there; else the last rules. */
    const both = (): readonly [string, string] => {
      const names = [...rules().keys()];
      const [first, second] = picked.value.map((name) => (names.includes(name) ? name : undefined));
      return [first ?? names[0], second ?? names[names.length - 1]];
    };
    const choice = (which: 0 | 1, label: string) => (
      <label>
        {label}
        <select
          id={`compare-${which}`}
          value={both()[which]}
          onChange={(event) => {
            const next = [...both()] as [string, string];
            next[which] = (event.target as HTMLSelectElement).value;
            picked.value = next;
          }}
        >
          {[...rules()].map(([key, [name]]) => (
            <option value={key} key={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
    );
    const compare = (): void => {
      const [first, second] = both().map((key) => rules().get(key)!);
      compared.value = [first[0], second[0]];
      learning.compare(first[1], second[1], tasks.value);
    };
    const result = () => {
      const { scores, comparison } = learning.state;
      if (scores.length === 0) return null;
      return (
        <div class="result">
          <div>
            <table class="scores">
              <caption>{`Test images known, mean of ${scores.length} tasks`}</caption>
              <tbody>
                {([0, 1] as const).map((which) => (
                  <tr key={which}>
                    <th scope="row">{compared.value[which]}</th>
                    <td class="number">{percent(meanOf(scores, which))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {comparison && (
              <p id="compared" role="status">
                {verdictOf(comparison)}
              </p>
            )}
          </div>
          <Tasks scores={scores} names={compared.value} />
        </div>
      );
    };
    return () => {
      if (learning.state.kept.length === 0) return null;
      return (
        <div>
          <h3>Compare two rules</h3>
          <p class="note">
            Both rules get the same tasks: characters that no training showed, the same images in the same order, and
            the same first weights in networks of the same size. The numbers of characters and images, and the seed, are
            those above.
          </p>
          <div class="choices">
            {choice(0, "First rule")}
            {choice(1, "Second rule")}
            <label>
              Tasks
              <input
                type="number"
                min={LIMITS.tasks[0]}
                max={LIMITS.tasks[1]}
                value={tasks.value}
                onChange={(event) => (tasks.value = Number((event.target as HTMLInputElement).value))}
              />
            </label>
            <button type="button" id="compare" disabled={learning.state.comparing} onClick={compare}>
              Compare
            </button>
          </div>
          {result()}
        </div>
      );
    };
  },
  { props: ["play", "learning"] },
);
