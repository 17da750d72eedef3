// Pieces of a page as text.

/** Text with the characters escaped that mean something in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] as string);
}

/** A column of a table. */
export interface Column {
  readonly head: string;
  /** Whether it holds text, aligned left, instead of numbers, aligned right. */
  readonly text?: boolean;
}

/** Characters from which on the text of a cell is broken into lines, and those from which on it is a sentence. */
const [LONG, SENTENCE] = [24, 60] as const;

/**
 * A table in a box that scrolls by itself where it is too wide. Cells are HTML. If the first column holds sentences, its rows
 * become cards on narrow screens: each cell then says the name of its column, so that nothing has to be scrolled to.
 */
export function htmlTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cards = rows.some(([first = ""]) => first.length >= SENTENCE);
  const classOf = (content: string, { text = false }: Column): string => {
    const names = [...(text ? ["text"] : []), ...(content.length >= LONG ? ["long"] : [])];
    return names.length > 0 ? ` class="${names.join(" ")}"` : "";
  };
  const head = columns.map((column) => `<th${column.text ? ' class="text"' : ""}>${column.head}</th>`).join("");
  const line = (cells: readonly string[]): string =>
    `<tr>${cells
      .map((content, i) => {
        const named = cards && i > 0 ? ` data-head="${columns[i].head}"` : "";
        return `<td${classOf(content, columns[i])}${named}>${content}</td>`;
      })
      .join("")}</tr>`;
  const body = rows.map(line).join("\n");
  return `<div class="scroll"><table${cards ? ' class="cards"' : ""}><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** A whole page that loads no other file. `body` is HTML, and so is what is added to the head. */
export function htmlPage(title: string, style: string, body: string, head = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
${head}<title>${escapeHtml(title)}</title>
<style>
${style}
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
