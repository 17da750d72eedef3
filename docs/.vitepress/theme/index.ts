// The theme: VitePress's own, with the fonts of the system.
import "katex/dist/katex.min.css";
import "./style.css";
import "./hero.css";
import theme from "vitepress/theme-without-fonts";

export default theme;
