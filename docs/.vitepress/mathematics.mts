// Equations: `$...$` in a line and `$$...$$` on lines of their own are set by KaTeX while the site is built, with MathML
// beside what is seen, for screen readers. A mistake in an equation stops the build.
import katex from "@vscode/markdown-it-katex";
import type { MarkdownRenderer } from "vitepress";

/** Adds equations to what Markdown can hold. Dollars in code are left alone. */
export function mathematics(md: MarkdownRenderer): void {
  // The package is CommonJS: its default is an object with the function in it.
  const plugin = (katex as unknown as { default?: typeof katex }).default ?? katex;
  md.use(plugin, { throwOnError: true, strict: "error" });
  for (const name of ["math_inline", "math_inline_block", "math_block"] as const) {
    const render = md.renderer.rules[name];
    if (!render) continue;
    md.renderer.rules[name] = (tokens, index, options, env, self) => {
      const html = render(tokens, index, options, env, self);
      // Braces in an equation are not Vue's.
      return html.replace(/^(\s*(?:<p>)?\s*)<span class="katex/, '$1<span v-pre class="katex');
    };
  }
}
