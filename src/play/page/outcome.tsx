// How well it goes: what the image is taken for, and how many of the test images are known so far.
import { Chart } from "./chart.js";
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
      <Chart
        lines={[
          ...(before ? [{ hue: "quiet", values: before, thin: true }] : []),
          { hue: "plus", values: frame.accuracies },
        ]}
        label={`Accuracy: ${so}.`}
        span={[0, 1]}
        count={steps + 1}
        first={0}
        mark={frame.at}
        percent
      />
      <figcaption>
        <span id="accuracy" class="number">
          {percent(known)}
        </span>{" "}
        of {begun.names.length * 10} test images known
        {frame.at > 0 && `; ${right} of the ${frame.at} images so far were named right before they were learned`}.
        {before && <span id="before"> The thin line is the rule before you changed it.</span>}
      </figcaption>
      <p class="hidden" role="status">
        {playing ? "" : so}
      </p>
    </figure>
  );
}
