// The theme: VitePress's own, with the fonts of the system.
import theme from "vitepress/theme-without-fonts";
import "katex/dist/katex.min.css";
import "./style.css";
import "./hero.css";
import { readable } from "./readable.js";

export default { ...theme, setup: readable };
