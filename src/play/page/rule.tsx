// The rule: which motifs are on, and its numbers P, K, v and b. Whatever is changed acts on the same life at once.

import type { RuleValues } from "../../meta/index.js";
import type { MotifId } from "../../plasticity/index.js";
import { withNumber } from "../numbers-of.js";
import { Numbers } from "./numbers.js";
import type { Play } from "./use-play.js";

/** The motifs in words (Shervani-Tabar and Rosenbaum 2023, equations 14 to 23), and Hebb's rule about the means. */
const MOTIFS: readonly (readonly [motif: MotifId, name: string])[] = [
  [0, "pseudo-gradient"],
  [1, "activity times error below"],
  [2, "error times error below"],
  [3, "decay"],
  [4, "error below alone"],
  [5, "pseudo-gradient times all activity"],
  [6, "activity, error below, and their match"],
  [7, "pseudo-gradient and the match of errors"],
  [8, "activity, error below, and error seen from below"],
  [9, "Oja's rule"],
  ["hebb", "Hebb's rule about the means"],
];

const SIZES = { P: 0.3, K: 2, v: 2, b: 1 } as const;

/** See the head of this file. */
export function Rule({ play }: { play: Play }) {
  const { begun } = play.state;
  if (!begun) return null;
  const { plasticity, rule } = begun.setup;
  const { motifs } = plasticity;
  const named = (motif: MotifId): string => (typeof motif === "number" ? `F${motif}` : motif);
  const chemicals = Array.from({ length: plasticity.chemicals }, (_, c) => `chemical ${c + 1}`);
  const table = (part: "P" | "K" | "v" | "b", columns: readonly string[], about: string) =>
    rule[part].map(({ shape, data }, leaf) => {
      const rows = data.length / columns.length;
      const whose = rule[part].length > 1 ? `, layer ${leaf + 1}` : "";
      if (!Number.isInteger(rows) || data.length > 110) {
        return <p class="note">{`${part}${whose} has ${shape.join(" x ")} numbers, too many for sliders.`}</p>;
      }
      return (
        <Numbers
          key={`${part}${leaf}`}
          data={data as Float32Array}
          columns={columns}
          rows={rows === 1 && chemicals.length === 1 ? ["all"] : rows === chemicals.length ? chemicals : [""]}
          label={`${part}${whose}: ${about}`}
          most={SIZES[part]}
          set={(at, value) =>
            play.take((setup) => withNumber(setup, part as keyof RuleValues, leaf, at, value), {
              ...{ stay: true, topic: `${part} ${leaf} ${at}` },
            })
          }
        />
      );
    });
  return (
    <div>
      <fieldset class="motifs">
        <legend>Motifs that are on</legend>
        {MOTIFS.map(([motif, about]) => (
          <label key={motif}>
            <input
              type="checkbox"
              checked={motifs.includes(motif)}
              disabled={motifs.length === 1 && motifs[0] === motif}
              onChange={(event) => play.motif(motif, (event.target as HTMLInputElement).checked)}
            />
            {` ${named(motif)}: ${about}`}
          </label>
        ))}
      </fieldset>
      {table("P", motifs.map(named), "how strongly each motif drives a chemical")}
      {rule.K.length > 0 && table("K", chemicals, "how chemicals (columns) drive each other (rows)")}
      {rule.v.length > 0 && table("v", chemicals, "how the weight is read out")}
      {rule.b.length > 0 && table("b", chemicals, "a constant drive")}
    </div>
  );
}
