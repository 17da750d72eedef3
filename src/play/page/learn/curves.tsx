// How learning goes: the meta-loss, the accuracy, and the numbers of the rule as they move.
import type { PlasticityConfig } from "../../../plasticity/index.js";
import { Chart } from "../chart.js";
import { few } from "../colours.js";
import type { Moved } from "./moves.js";
import { type Learning, meanOfLast, WINDOW } from "./use-learning.js";

/** The colours of columns, and after them the same colours dashed. */
const HUES = ["s5", "s1", "s2", "s3", "s4", "s6", "ink"] as const;
const hueOf = (column: number): { readonly hue: string; readonly dashed: boolean } => ({
  ...{ hue: HUES[column % HUES.length], dashed: column >= HUES.length },
});

const ABOUT: Readonly<Record<string, string>> = {
  P: "how strongly each motif drives a chemical",
  K: "how chemicals (columns) drive each other",
  v: "how the weight is read out",
  b: "a constant drive",
};

/** What the columns of a part are called. */
function columnsOf({ part, shape }: Moved, { motifs, feedbackMotifs }: PlasticityConfig): string[] {
  const named = (motif: number | string): string => (typeof motif === "number" ? `F${motif}` : motif);
  const all = part === "P" ? motifs : part === "feedbackP" ? feedbackMotifs : undefined;
  const count = shape.at(-1) ?? 1;
  if (all?.length === count) return all.map(named);
  return Array.from({ length: count }, (_, i) => (count === 1 ? "" : `chemical ${i + 1}`));
}

/** How the numbers of a part of the rule moved. */
function Coefficients({ moved, plasticity, count }: { moved: Moved; plasticity: PlasticityConfig; count: number }) {
  const { part, leaf, values } = moved;
  const columns = columnsOf(moved, plasticity);
  const whose = plasticity.scope === "layer" && part.length === 1 ? `, layer ${leaf + 1}` : "";
  const label = `${part}${whose}: ${ABOUT[part] ?? "numbers of the feedback or of time constants"}`;
  const latest = (column: number): string =>
    values.flatMap((list, i) => (i % columns.length === column ? [few(list.at(-1) ?? 0)] : [])).join(", ");
  return (
    <figure>
      <figcaption>{label}</figcaption>
      <Chart
        lines={values.map((list, i) => ({ values: list, ...hueOf(i % columns.length) }))}
        label={`${label}, task by task`}
        span={[-1e-4, 1e-4]}
        count={count}
        first={1}
      />
      <ul class="legend">
        {columns.map((column, c) => {
          const { hue, dashed } = hueOf(c);
          return (
            <li key={c}>
              <span class={dashed ? `swatch dashed ${hue}` : `swatch ${hue}`} />
              {column} <span class="number">{latest(c)}</span>
            </li>
          );
        })}
      </ul>
    </figure>
  );
}

/** See the head of this file. */
export function Curves({ learning }: { learning: Learning }) {
  const { settings, curves } = learning.state;
  if (!settings || curves.loss.length === 0) return null;
  const { loss, accuracy, moves } = curves;
  // The scale of tasks grows with what there is, so that the first hundred are no smudge at the edge.
  const count = Math.min(settings.episodes, Math.max(50, Math.ceil((loss.length * 1.25) / 50) * 50));
  const known = `${(100 * meanOfLast(accuracy)).toFixed(1)} %`;
  const mean = meanOfLast(loss).toFixed(3);
  const last = `mean of the last ${Math.min(WINDOW, loss.length)}`;
  return (
    <div class="charts">
      <figure>
        <figcaption>
          Test images known at the end of a life: <span class="number strong">{known}</span> ({last})
        </figcaption>
        <Chart
          lines={[{ hue: "plus", values: accuracy, window: WINDOW }]}
          label={`Accuracy, task by task: ${known}, ${last}`}
          span={[0, 1]}
          count={count}
          first={1}
          percent
        />
      </figure>
      <figure>
        <figcaption>
          Meta-loss, which learning makes small: <span class="number strong">{mean}</span> ({last})
        </figcaption>
        <Chart
          lines={[{ hue: "minus", values: loss, window: WINDOW }]}
          label={`Meta-loss, task by task: ${mean}, ${last}`}
          span={[0, 1]}
          count={count}
          first={1}
        />
      </figure>
      {moves.map((moved) => (
        <Coefficients key={`${moved.part}${moved.leaf}`} moved={moved} plasticity={settings.plasticity} count={count} />
      ))}
    </div>
  );
}
