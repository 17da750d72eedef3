// Tables and figures that can be read on a small screen: cells of a sentence or more are marked, so that the theme keeps
// their column wide, and a picture that stands alone is a figure, which scrolls, by keys too.
import type { MarkdownRenderer } from "vitepress";

const SENTENCE = 40; // characters from which on a cell holds a sentence

/** Marks cells and figures for the theme's style. */
export function tablesAndFigures(md: MarkdownRenderer): void {
  md.core.ruler.push("tables-and-figures", ({ tokens }) => {
    tokens.forEach(({ type, content, children }, i) => {
      if (type !== "inline") return;
      const opening = tokens[i - 1];
      if (opening?.type === "td_open" && content.length > SENTENCE && !content.includes("$"))
        opening.attrJoin("class", "sentences");
      if (opening?.type === "paragraph_open" && children?.length === 1 && children[0].type === "image") {
        opening.attrJoin("class", "figure");
        opening.attrSet("tabindex", "0");
      }
    });
  });
}
