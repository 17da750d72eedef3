// How reports look: one style sheet for screens, light and dark, and for paper. Charts refer to colours as variables,
// so the same SVG suits all three.
//
// Colours of series are those of Okabe and Ito 2008, which people with any colour vision can tell apart, darkened on
// white and lightened on black until their contrast with the background is at least 3 to 1. Configurations that differ
// in the number of chemicals share one hue, which gets stronger from one chemical to five.

const light = {
  ground: "#ffffff",
  ink: "#1c1c1e",
  quiet: "#5f6368",
  faint: "#8a8f98",
  line: "#e3e5e8",
  shade: "#f4f5f7",
  base: "#6e7178",
  s1: "#c65200",
  s2: "#00805d",
  s3: "#a8487b",
  s4: "#946200",
  s5: "#0072b2",
  s6: "#4b4fb8",
  l1: "#5b9bd5",
  l2: "#2f78c0",
  l3: "#1d5597",
  l5: "#0b2f63",
  plus: "#0067b3",
  minus: "#c65200",
};

const dark: typeof light = {
  ground: "#131416",
  ink: "#e9eaec",
  quiet: "#a6abb3",
  faint: "#7d838c",
  line: "#2c2f34",
  shade: "#1c1e21",
  base: "#a0a5ad",
  s1: "#f4935a",
  s2: "#35c79b",
  s3: "#e79ac4",
  s4: "#e0b34a",
  s5: "#5fb8ef",
  s6: "#a3a7f5",
  l1: "#3c72ab",
  l2: "#5a97d6",
  l3: "#8dbdee",
  l5: "#d3e8ff",
  plus: "#4aa8ea",
  minus: "#f08a50",
};

/** The name of a colour. */
export type Colour = keyof typeof light;

/** A colour as a chart names it. */
export const colour = (name: Colour): string => `var(--${name})`;

const variables = (colours: typeof light): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");

/** The style sheet of reports, for screens, light and dark, and for paper: it defines the colours of `figureHtml`. */
export const reportStyle = `
:root{color-scheme:light dark;${variables(light)}}
@media (prefers-color-scheme:dark){:root{${variables(dark)}}}
@media print{:root{color-scheme:light;${variables(light)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1020px;margin:0 auto;padding:56px 28px 96px}
h1{font-size:30px;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 10px}
h2{font-size:21px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:72px 0 6px}
h3{font-size:15px;font-weight:650;margin:36px 0 6px}
p{margin:0 0 14px;max-width:72ch}
.lead,.note,figcaption{color:var(--quiet)}
.lead{font-size:17px;max-width:68ch}
.note,figcaption{font-size:13.5px;line-height:1.5;max-width:80ch}
nav{margin:22px 0 0;display:flex;flex-wrap:wrap;gap:4px 18px;font-size:14.5px}
a{color:var(--s5);text-decoration:none}
a:hover{text-decoration:underline}
figure{margin:20px 0 0}
figure h3{margin:30px 0 8px}
.panels{display:flex;flex-wrap:wrap;gap:22px 28px}
.panels>div{flex:1 1 440px}
.picture{min-width:min(100%,var(--least));padding:3px 0;overflow:auto hidden}
.picture>svg{min-width:var(--least)}
.slim{display:none}
@media screen and (max-width:600px){.wide{display:none}.slim{display:block}}
.maps b{display:block;font-size:13px;font-weight:600;margin-bottom:3px}
.maps b span{font-weight:400;color:var(--quiet)}
.maps{display:flex;flex-wrap:wrap;gap:18px 28px}
.pair{display:flex;flex-wrap:wrap;gap:10px 18px}
figcaption{margin-top:8px}
svg{display:block;max-width:100%;height:auto;overflow:visible}
svg text{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
.numbers{font-size:13.5px;margin-top:8px}
.at rect:first-child{pointer-events:all}
.at .tip{visibility:hidden;pointer-events:none}
.at:hover .tip{visibility:visible}
.scroll{overflow-x:auto;margin:18px 0 0}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th{font-weight:600;color:var(--quiet);border-bottom:1px solid var(--line);white-space:nowrap}
th,td{text-align:right;padding:5px 0 5px 17px;vertical-align:baseline;white-space:nowrap}
th:first-child,td:first-child,.text{text-align:left}
th:first-child,td:first-child{padding-left:0}
tbody tr+tr td{border-top:1px solid var(--line)}
td.long{min-width:15ch;white-space:normal}
.cards td:first-child{min-width:34ch}
td.quiet,.quiet{color:var(--quiet)}
code{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
.samples td,.samples th{text-align:center;padding:5px 6px}
.samples td:first-child,.samples th:first-child{text-align:left;padding:5px 16px 5px 0;white-space:nowrap}
.samples img{display:block;width:44px;height:44px;image-rendering:pixelated;border-radius:3px}
.wrong{color:var(--minus);font-weight:650;text-decoration:underline;text-underline-offset:3px}
footer{margin-top:72px;border-top:1px solid var(--line);padding-top:14px}
@media (max-width:600px){
main{padding:32px 16px 64px}
h1{font-size:25px}
h2{margin-top:56px}
.cards,.cards tbody,.cards tr,.cards td{display:block}
.cards thead{display:none}
.cards tr{padding:10px 0}
.cards tbody tr+tr{border-top:1px solid var(--line)}
.cards tbody tr td{display:inline-block;min-width:0;padding:1px 18px 1px 0;border:0;text-align:left}
.cards tbody tr td:first-child{display:block;min-width:0;padding-bottom:5px}
.cards td:not(:first-child)::before{content:attr(data-head) ": ";color:var(--quiet)}
}
@media print{
@page{margin:16mm 14mm}
body{font-size:10.5pt}
main{max-width:none;padding:0}
nav,.at,a[download]{display:none}
h2{margin-top:28pt;break-after:avoid}
figure,tr,.panels>div,.pair{break-inside:avoid}
.panels{gap:12pt}
.panels>div{flex-basis:40%}
.scroll,.picture{overflow:visible}
.picture,.picture>svg{min-width:0}
table{font-size:8.5pt}
th,td{white-space:normal;padding-left:10pt}
a{color:inherit}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`.trim();

/** An SVG for a file of its own: the variables are replaced by the colours of light pages. */
export function inLight(svg: string): string {
  return svg.replace(/var\(--(\w+)\)/g, (_, name: string) => light[name as Colour]);
}
