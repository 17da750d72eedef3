// The code of the page that `watch` serves; it runs in a browser. Whatever comes from a run is put in as text.
import * as Plot from "@observablehq/plot";
import { colour } from "../report/theme.js";
import type { Answers } from "./watch-samples.js";
import type { Coefficients, News, Point } from "./watched-run.js";

/** A run as far as it was told. */
interface Run {
  name: string;
  episodes: number;
  problem: string | undefined;
  readonly points: Point[];
  readonly coefficients: Coefficients[];
}

/** What the command tells about runs. */
interface Told {
  /** For each run what is new; null for nothing. */
  readonly news: readonly (News | null)[];
  readonly differences: readonly (readonly [string, ...string[]])[];
  readonly window: number;
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

/** A curve, and how it looks. */
interface Line {
  readonly values: readonly Value[];
  readonly hue: string;
  /** The dashes of its line; "" for none. */
  readonly dashes: string;
}

/** More values of a curve than this cannot be told apart on a screen. */
const MOST = 1500;

const part = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const runs: Run[] = [];
const answers = new Map<string, Answers>();
let [differences, average]: [Told["differences"], number] = [[], 1];
let span: readonly [number, number] | undefined;

const element = (tag: string, text = ""): HTMLElement =>
  Object.assign(document.createElement(tag), { textContent: text });

/** Six colours, then the same with dashes. */
const look = (i: number): Pick<Line, "hue" | "dashes"> => ({
  hue: `var(--r${1 + (i % 6)})`,
  dashes: ["", "6 3", "2 3", "8 3 2 3"][Math.floor(i / 6) % 4],
});

/** Takes what is new about the runs. */
function take({ news, ...rest }: Told): void {
  ({ differences, window: average } = rest);
  news.forEach((each, i) => {
    runs[i] ??= { name: "", episodes: 0, problem: undefined, points: [], coefficients: [] };
    if (!each) return;
    const { name, episodes, problem, keep, points, coefficients } = each;
    Object.assign(runs[i], { name, episodes, problem });
    if (keep === 0) runs[i].coefficients.length = 0;
    runs[i].points.length = keep;
    runs[i].points.push(...points);
    runs[i].coefficients.push(...coefficients);
  });
}

/** Some of these, evenly, with the last. */
function thinned<T>(list: readonly T[]): readonly T[] {
  const step = Math.ceil(list.length / MOST);
  return step <= 1 ? list : list.filter((_, i) => i % step === 0 || i === list.length - 1);
}

/** Draws curves with what is pointed at. Dragging across them sets the span of all charts. */
function draw(id: string, label: string, lines: readonly Line[]): void {
  const place = part(id);
  const within = ({ episode }: Value): boolean => !span || (episode >= span[0] && episode <= span[1]);
  const shown = lines.map((line) => ({ ...line, values: thinned(line.values.filter(within)) }));
  const all = shown.flatMap(({ values }) => values).filter(({ value }) => Number.isFinite(value));
  if (all.length === 0) {
    place.replaceChildren(element("p", "Nothing yet."));
    return;
  }
  const svg = Plot.plot({
    ...{ width: Math.max(280, place.clientWidth), height: 260, marginLeft: 46, className: "chart" },
    style: { background: "none", color: colour("ink"), overflow: "visible", fontSize: "12px" },
    x: { label: "episode", ...(span && { domain: span }) },
    y: { label, grid: true },
    marks: [
      ...shown.map(({ values, hue, dashes }) =>
        Plot.lineY(values, { x: "episode", y: "value", stroke: hue, strokeDasharray: dashes, strokeWidth: 1.75 }),
      ),
      ...shown.map(({ values, hue }) => Plot.dot(values.slice(-1), { x: "episode", y: "value", r: 2.5, fill: hue })),
      Plot.ruleX(all, Plot.pointerX({ x: "episode", py: "value", stroke: colour("faint") })),
      Plot.tip(all, Plot.pointerX({ x: "episode", y: "value", channels: { run: "run" }, fill: colour("shade") })),
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
  part("runs").replaceChildren(
    ...runs.map(({ name, points, episodes, problem }, i) => {
      const item = element("li", `${name}: ${problem ?? `${points.length} of ${episodes} episodes`}`);
      item.style.color = runs.length > 1 ? look(i).hue : "";
      return item;
    }),
  );
  const curves = (of: "loss" | "accuracy"): Line[] =>
    runs.map(({ name: run, points }, i) => ({
      ...look(i),
      values: points.map((point) => ({ run, episode: point.episode, value: point[of] ?? Number.NaN })),
    }));
  draw("accuracy", `accuracy, mean of ${average}`, curves("accuracy"));
  draw("loss", `loss, mean of ${average}`, curves("loss"));
  draw(
    "coefficients",
    "P",
    runs.flatMap(({ name, coefficients }, i) =>
      (coefficients[0]?.values ?? []).map((_, p) => ({
        ...{ hue: look(p).hue, dashes: look(6 * i + 6 * Math.floor(p / 6)).dashes },
        values: coefficients.map(({ episode, values }) => ({
          ...{ run: `${runs.length > 1 ? `${name} ` : ""}P[${p}]`, episode, value: values[p] },
        })),
      })),
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

/** Shows what the networks answer, as pictures with the classes that they name. */
function showAnswers(): void {
  const said = [...answers.values()].flatMap(({ run, episode, images, accuracy, problem }) => {
    const share = problem ?? `after ${episode} episodes, ${Math.round(100 * accuracy)} % right`;
    const row = element("div");
    row.append(
      ...images.map(({ src, label, named }) => {
        const figure = element("figure");
        const caption = element("figcaption", named);
        if (named !== label) caption.className = "wrong";
        figure.append(Object.assign(document.createElement("img"), { src, alt: `class ${label}` }), caption);
        return figure;
      }),
    );
    return [element("h3", `${run}: ${share}`), row];
  });
  part("answers").replaceChildren(...said);
}

const events = new EventSource("/events");
events.addEventListener("news", ({ data }) => {
  take(JSON.parse(data));
  render();
});
events.addEventListener("answers", ({ data }) => {
  const told: Answers = JSON.parse(data);
  answers.set(told.run, told);
  showAnswers();
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
