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

/** A table in a box that scrolls by itself where it is too wide. Cells are HTML. */
export function htmlTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: string, content: string, { text = false }: Column): string =>
    `<${tag}${text ? ' class="text"' : ""}>${content}</${tag}>`;
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((content, i) => cell(tag, content, columns[i])).join("")}</tr>`;
  const head = line(
    "th",
    columns.map((column) => column.head),
  );
  const body = rows.map((cells) => line("td", cells)).join("\n");
  return `<div class="scroll"><table><thead>${head}</thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** A whole page that loads no other file. `body` is HTML. */
export function htmlPage(title: string, style: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>
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
