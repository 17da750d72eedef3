// The page of a card: one HTML file about a learned rule, from the card's data alone.
import { checkMade } from "../core/index.js";
import { type Card, cardFigures, unitsOf } from "../studies/internal.js";
import { sectionsOf } from "./draw.js";
import { escapeHtml } from "./html.js";
import { reportPage } from "./page.js";

/** The program that loads the rule beside the card. */
const LOAD = [
  'import { readFile } from "node:fs/promises";',
  'import { glyphs } from "synaptape/data";',
  'import { decodeRule, evaluate } from "synaptape/meta";',
  'const { config, rule } = decodeRule(await readFile("rule.safetensors"));',
  "console.log(await evaluate(glyphs(), config, rule, { tasks: 10 }));",
];

/**
 * A card as a page of HTML that contains everything it needs: what `synaptape card` writes.
 *
 * @param card what card.json holds.
 * @throws TypeError for what is no card.
 * @example
 * const html = cardReport(JSON.parse(await readFile("card.json", "utf8")));
 */
export function cardReport(card: Card): string {
  const members = ["name", "config", "over", "runs", "parts", "scores", "retention", "inside", "left"];
  checkMade("cardReport", "the card", card, members, "Give what card.json holds.");
  const { name, config, version } = card;
  const [best] = card.scores;
  const score = best?.learned.mean == null ? "" : ` It reaches ${(100 * best.learned.mean).toFixed(1)} % on new tasks.`;
  const lead = `A plasticity rule (${config.preset}, ${config.plasticity.synapse}) that was learned on ${config.data.source}.${score} All numbers: ${unitsOf(card)}.`;
  const code = `<p class="note">In the folder of this card. <code>synaptape evaluate rule.safetensors</code> does the same.</p>\n<div class="scroll"><pre><code>${escapeHtml(LOAD.join("\n"))}</code></pre></div>`;
  const load = { id: "load", title: "How to load it", body: code };
  const [first, ...others] = sectionsOf(cardFigures(card), true);
  return reportPage({ title: name, lead, sections: [first, load, ...others], version });
}
