// How well it goes: what the image is taken for, and how many of the test images are known so far.
import type { Play } from "./use-play.js";

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The probability of each character for the image that is shown. */
export function Predictions({ play }: { play: Play }) {
  const { begun, frame } = play.state;
  if (!begun || !frame || frame.prediction.length !== begun.names.length) return null;
  return (
    <ul class="predictions" aria-label="What the network takes the image for">
      {begun.names.map((name, c) => (
        <li class={c === frame.label ? "right" : ""} key={c}>
          <span>{c === frame.label ? `${name} (it is)` : name}</span>
          <meter min={0} max={1} value={frame.prediction[c]} aria-label={name} />
          <span class="number">{percent(frame.prediction[c])}</span>
        </li>
      ))}
    </ul>
  );
}

const [WIDE, HIGH] = [600, 180];

/** Values from 0 to 1 as a line. */
const line = (values: Float32Array, steps: number): string =>
  Array.from(
    values,
    (value, i) => `${((WIDE * i) / Math.max(1, steps)).toFixed(1)},${(HIGH * (1 - value)).toFixed(1)}`,
  ).join(" ");

/** The share of test images known, image by image. */
export function Accuracy({ play }: { play: Play }) {
  const { begun, frame, before, playing } = play.state;
  if (!begun || !frame) return null;
  const { steps } = begun;
  const known = frame.accuracies[Math.min(frame.at, frame.accuracies.length - 1)];
  const right = Array.from(frame.answers).filter((answer, i) => answer === frame.labels[i]).length;
  const so = `${percent(known)} of the test images are known after ${frame.at} of ${steps} images`;
  return (
    <figure class="curve">
      <svg viewBox={`-46 -8 ${WIDE + 54} ${HIGH + 16}`} role="img" aria-label={`Accuracy: ${so}.`}>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={0} x2={WIDE} y1={HIGH * (1 - share)} y2={HIGH * (1 - share)} class="grid" />
            <text x={-6} y={HIGH * (1 - share) + 4} text-anchor="end">
              {percent(share)}
            </text>
          </g>
        ))}
        {before && <polyline points={line(before, steps)} class="before" />}
        <polyline points={line(frame.accuracies, steps)} class="after" />
        <line x1={(WIDE * frame.at) / steps} x2={(WIDE * frame.at) / steps} y1={0} y2={HIGH} class="now" />
      </svg>
      <figcaption>
        <span id="accuracy" class="number">
          {percent(known)}
        </span>{" "}
        of {begun.names.length * 10} test images known
        {frame.at > 0 && `; ${right} of the ${frame.at} images so far were named right before they were learned`}.
        {before && " The thin line is the rule before you changed it."}
      </figcaption>
      <p class="hidden" role="status">
        {playing ? "" : so}
      </p>
    </figure>
  );
}
