// The code of the page that `watch` serves; it runs in a browser. Whatever comes from a run is put in as text.
import * as Plot from "@observablehq/plot";
import { colour } from "../report/theme.js";
import type { Watched } from "./watched-run.js";

interface State {
  readonly runs: readonly Watched[];
  readonly differences: readonly (readonly [string, ...string[]])[];
}

interface Load {
  readonly busy: number;
  readonly cores: number;
  readonly free: number;
  readonly memory: number;
}

/** A value on a curve. */
interface Value {
  readonly run: string;
  readonly episode: number;
  readonly value: number;
}

/** Episodes over which curves are averaged. */
const WINDOW = 20;
const HUES = ["s1", "s2", "s3", "s4", "s5", "s6"] as const;

const part = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
let state: State = { runs: [], differences: [] };
let span: readonly [number, number] | undefined;

const element = (tag: string, text = ""): HTMLElement =>
  Object.assign(document.createElement(tag), { textContent: text });

/** The mean of the last few values up to each one. */
function smooth(name: string, points: readonly { episode: number; value: number | null }[]): Value[] {
  return points.map(({ episode }, i) => {
    const near = points
      .slice(Math.max(0, i - WINDOW + 1), i + 1)
      .flatMap(({ value }) => (value === null ? [] : [value]));
    return {
      run: name,
      episode,
      value: near.length === 0 ? Number.NaN : near.reduce((sum, each) => sum + each, 0) / near.length,
    };
  });
}

/** Draws curves with what is pointed at. Dragging across them sets the span of all charts. */
function draw(id: string, label: string, values: readonly Value[]): void {
  const place = part(id);
  const names = [...new Set(values.map(({ run }) => run))];
  const shown = span ? values.filter(({ episode }) => episode >= span![0] && episode <= span![1]) : values;
  if (shown.length === 0) {
    place.replaceChildren(element("p", "Nothing yet."));
    return;
  }
  const svg = Plot.plot({
    ...{ width: Math.max(280, place.clientWidth), height: 260, marginLeft: 46, className: "chart" },
    style: { background: "none", color: colour("ink"), overflow: "visible", fontSize: "12px" },
    x: { label: "episode", ...(span && { domain: span }) },
    y: { label, grid: true },
    color: { domain: names, range: HUES.map(colour) },
    marks: [
      Plot.lineY(shown, { x: "episode", y: "value", stroke: "run", strokeWidth: 1.75 }),
      Plot.ruleX(shown, Plot.pointerX({ x: "episode", py: "value", stroke: colour("faint") })),
      Plot.tip(shown, Plot.pointerX({ x: "episode", y: "value", channels: { run: "run" }, fill: colour("shade") })),
    ],
  }) as SVGSVGElement & Plot.Plot;
  svg.querySelector("style")?.remove(); // the policy of the page forbids it
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${label} by episode`);
  const at = (event: PointerEvent): number => {
    const { left, width } = svg.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * svg.viewBox.baseVal.width;
    return svg.scale("x")?.invert?.(x) as number;
  };
  let from: number | undefined;
  const drag = (event: PointerEvent): void => {
    if (event.type === "pointerdown") {
      from = at(event);
      return;
    }
    const to = at(event);
    if (from !== undefined && Math.abs(to - from) >= 1) span = [Math.min(from, to), Math.max(from, to)];
    from = undefined;
    render();
  };
  // Before Plot, which keeps these events to itself.
  for (const type of ["pointerdown", "pointerup"] as const) svg.addEventListener(type, drag, { capture: true });
  place.replaceChildren(svg);
}

function table(id: string, head: readonly string[], rows: readonly (readonly string[])[], none: string): void {
  if (rows.length === 0) {
    part(id).replaceChildren(element("p", none));
    return;
  }
  const line = (tag: string, cells: readonly string[]): HTMLElement => {
    const row = element("tr");
    row.append(...cells.map((cell) => element(tag, cell)));
    return row;
  };
  const [whole, top, body] = [element("table"), element("thead"), element("tbody")];
  top.append(line("th", head));
  body.append(...rows.map((row) => line("td", row)));
  whole.append(top, body);
  part(id).replaceChildren(whole);
}

function render(): void {
  const { runs, differences } = state;
  part("runs").replaceChildren(
    ...runs.map(({ name, points, episodes, problem }, i) => {
      const item = element("li", `${name}: ${problem ?? `${points.length} of ${episodes} episodes`}`);
      item.style.color = runs.length > 1 ? colour(HUES[i % HUES.length]) : "";
      return item;
    }),
  );
  const curves = (of: "loss" | "accuracy"): Value[] =>
    runs.flatMap(({ name, points }) =>
      smooth(
        name,
        points.map((point) => ({ episode: point.episode, value: point[of] })),
      ),
    );
  draw("accuracy", `accuracy, mean of ${WINDOW}`, curves("accuracy"));
  draw("loss", `loss, mean of ${WINDOW}`, curves("loss"));
  draw(
    "coefficients",
    "P",
    runs.flatMap(({ name, coefficients }) =>
      coefficients.flatMap(({ episode, values }) =>
        values.map((value, i) => ({ run: `${runs.length > 1 ? `${name} ` : ""}P[${i}]`, episode, value })),
      ),
    ),
  );
  const acts = runs.flatMap(({ name, points }) =>
    points
      .filter(({ clipped, diverged }) => clipped !== undefined || diverged)
      .map(({ episode, clipped, diverged }) => [
        name,
        String(episode),
        diverged ? "left out" : `times ${clipped!.toPrecision(3)}`,
      ]),
  );
  table("guard", ["run", "episode", "meta-gradient"], acts.slice(-50).reverse(), "It has not acted.");
  table("differences", ["setting", ...runs.map(({ name }) => name)], differences, "Nowhere.");
}

const events = new EventSource("/events");
events.addEventListener("runs", ({ data }) => {
  state = JSON.parse(data);
  render();
});
events.addEventListener("load", ({ data }) => {
  const { busy, cores, free, memory }: Load = JSON.parse(data);
  const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
  part("load").textContent =
    `${busy.toFixed(2)} of ${cores} cores busy, ${gib(free)} of ${gib(memory)} GiB of memory free.`;
});
events.onerror = () => {
  part("load").textContent = "The command has ended, or cannot be reached. This page shows what it last said.";
};
part("whole").addEventListener("click", () => {
  span = undefined;
  render();
});
let width = 0;
new ResizeObserver(() => {
  if (document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  render();
}).observe(document.body);
