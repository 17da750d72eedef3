// tsx docs/pictures/lifetime.ts: writes docs/public/lifetime.svg, a lifetime that really took place. A rule is learned first
// (250 episodes, in memory); then a network it has never met learns five new characters, one image a step, and every frame
// shows the image, the weights of the last layer and the accuracy on 50 other images of the five characters.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { glyphs, sampleTask } from "../../src/data/index.js";
import { Key, tensor } from "../../src/index.js";
import { defaultTrainConfig, layerSizes, ruleOf, train } from "../../src/meta/index.js";
import { accuracyOf, initialStart, type Life, live, logitsOf } from "../../src/plasticity/index.js";

const WAYS = 5;
const HIDDEN = 12;

/** What a frame shows. */
interface Frame {
  readonly image: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly accuracy: number;
}

async function lifetimeFrames(): Promise<Frame[]> {
  const data = glyphs({ perClass: 20 });
  const base = { ...defaultTrainConfig("rcn-layer"), protocol: "strict" as const, hidden: [HIDDEN], ways: WAYS };
  const config = { ...base, shots: 8, queries: 10, episodes: 250, seed: 1 };
  const { rule: values } = await train(data, config, { workers: 1 });
  const rule = ruleOf(values);
  const task = sampleTask(data, Key.of(5), { ...config, classes: "heldout" });
  const start = initialStart(Key.of(6), layerSizes(config, data), config.plasticity);
  // The output units of the five characters; the others stay where they began.
  const units = [...new Set(task.queryLabels)];
  const queries = tensor(task.queryImages).reshape([task.queries, task.pixels]);
  const queryLabels = tensor(task.queryLabels, { dtype: "int32" });
  const frames: Frame[] = [];
  let life: Life | undefined;
  for (let step = 0; step < task.steps; step++) {
    const image = task.images.subarray(step * task.pixels, (step + 1) * task.pixels);
    const images = tensor(image).reshape([1, task.pixels]);
    const labels = tensor(task.labels.subarray(step, step + 1), { dtype: "int32" });
    life = live(config.plasticity, rule, start, { images, labels }, { from: life });
    const logits = logitsOf(life.weights, queries, config.plasticity.beta);
    const all = life.weights[1].toArray() as number[][];
    const weights = units.map((unit) => all[unit]);
    frames.push({ image: halved(image, 28), weights, accuracy: accuracyOf(logits, queryLabels) });
  }
  return frames;
}

/** An image of half the width and height: means of four pixels. */
const halved = (pixels: Float32Array, side: number): number[] => {
  const half = side / 2;
  return Array.from({ length: half * half }, (_, i) => {
    const at = 2 * side * Math.floor(i / half) + 2 * (i % half);
    return (pixels[at] + pixels[at + 1] + pixels[at + side] + pixels[at + side + 1]) / 4;
  });
};

const BLUES = ["#084594", "#4292c6", "#9ecae1", "#f2f2f2", "#fdae6b", "#e6550d", "#8c2d04"];
const GREYS = ["#d0d0d0", "#909090", "#505050", "#101010"];

/** Squares at whole places, one path for each colour. */
function squares(colours: readonly string[], size: number, at: readonly (readonly [number, number, number])[]): string {
  return colours
    .map((colour, i) => {
      const own = at.filter(([, , level]) => level === i).map(([x, y]) => `M${x} ${y}h${size}v${size}h-${size}z`);
      return own.length > 0 ? `<path fill="${colour}" d="${own.join("")}"/>` : "";
    })
    .join("");
}

function imageOf({ image }: Frame): string {
  const at = image.flatMap((ink, i): [number, number, number][] =>
    ink < 0.1 ? [] : [[30 + 10 * (i % 14), 70 + 10 * Math.floor(i / 14), Math.min(3, Math.floor(4 * ink))]],
  );
  return squares(GREYS, 10, at);
}

function weightsOf({ weights }: Frame, largest: number): string {
  const level = (w: number): number => Math.round(3 + Math.max(-3, Math.min(3, (3.5 * w) / largest)));
  const at = weights.flatMap((row, j) =>
    row.map((w, i): [number, number, number] => [210 + 24 * i, 78 + 26 * j, level(w)]),
  );
  return squares(BLUES, 22, at);
}

const across = (step: number, steps: number): number => 540 + (220 * (step + 1)) / steps;
const up = (accuracy: number): number => 210 - 140 * accuracy;

function drawn(frames: readonly Frame[]): string {
  const largest = Math.max(...frames.flatMap(({ weights }) => weights.flat().map(Math.abs)));
  const seconds = 0.3 * frames.length;
  const places = frames.map(
    ({ accuracy }, step) => `${across(step, frames.length).toFixed(1)},${up(accuracy).toFixed(1)}`,
  );
  const share = (100 / frames.length).toFixed(4);
  const shown = frames.map((frame, step) => {
    const text = `image ${step + 1} of ${frames.length}`;
    const percent = `${Math.round(100 * frame.accuracy)} % right`;
    const [x, y] = places[step].split(",");
    const delay = (0.3 * step).toFixed(1);
    return (
      `<g class="f" style="animation-delay:${delay}s">${imageOf(frame)}${weightsOf(frame, largest)}` +
      `<polyline points="${places.slice(0, step + 1).join(" ")}" fill="none" stroke="#084594" stroke-width="2.5"/>` +
      `<circle cx="${x}" cy="${y}" r="5" fill="#8c2d04"/>` +
      `<text x="30" y="236">${text}</text><text x="540" y="236">${percent}</text></g>`
    );
  });
  const style = [
    "text{font:15px system-ui,sans-serif;fill:#222}",
    `.f{opacity:0;animation:f ${seconds}s step-end infinite}`,
    `@keyframes f{0%{opacity:1}${share}%{opacity:0}100%{opacity:0}}`,
    "@media(prefers-reduced-motion:reduce){.f{animation:none}.f:last-of-type{opacity:1}}",
  ];
  const last = Math.round(100 * (frames.at(-1)?.accuracy ?? 0));
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<path d="M540 ${up(share)}h220" stroke="#ccc"/><text x="766" y="${up(share) + 5}">${100 * share}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 256" role="img" aria-labelledby="t">` +
    `<title id="t">A network learns five characters from ${frames.length} images, one after the other, by a local rule. ` +
    `At the end it names ${last} % of 50 other images correctly.</title><style>${style.join("")}</style>` +
    `<rect width="820" height="256" rx="12" fill="#fff"/>` +
    `<text x="30" y="40">It sees an image,</text><text x="210" y="40">its synapses change,</text>` +
    `<text x="540" y="40">and it knows more of others.</text>${grid.join("")}${shown.join("\n")}</svg>\n`
  );
}

writeFileSync(join(import.meta.dirname, "../public/lifetime.svg"), drawn(await lifetimeFrames()));
