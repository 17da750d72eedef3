// The network that settles: its energy and loss, and its credit beside the gradient.
import type { Credit, EquilibriumFrame } from "../../explore/equilibrium.js";
import { Chart } from "../chart.js";
import { colour, few, largest } from "../colours.js";
import { Drawing } from "../drawing.js";

/** What is said of it. */
export function sayEquilibrium({ energies, losses, free, moved, found }: EquilibriumFrame): string {
  const ticks = energies.length - 1;
  const [energy, loss] = [energies, losses].map((all) => few(all[ticks]));
  const now = `energy ${energy}, loss ${loss}`;
  if (!found) return `Tick ${ticks} without a nudge: ${now}; the farthest state went ${few(moved)}.`;
  const { cosine, relativeError } = found;
  return (
    `Tick ${ticks - free} with a nudge: ${now}. The cosine of the credit and the gradient is ${cosine.toFixed(4)}; ` +
    `they are ${few(100 * relativeError)} % of the gradient apart.`
  );
}

/** A dot for each parameter: to the right its gradient, up its credit. On the diagonal they are the same. */
function drawCredit(
  context: CanvasRenderingContext2D,
  size: readonly [number, number],
  found: Credit | undefined,
): void {
  const [middleX, middleY] = size.map((length) => length / 2);
  const reach = Math.min(middleX, middleY) - 6;
  const line = (...[x0, y0, x1, y1]: readonly number[]): void => {
    context.beginPath();
    context.moveTo(middleX + reach * x0, middleY - reach * y0);
    context.lineTo(middleX + reach * x1, middleY - reach * y1);
    context.stroke();
  };
  context.strokeStyle = colour("line");
  line(-1, 0, 1, 0);
  line(0, -1, 0, 1);
  context.strokeStyle = colour("quiet");
  context.setLineDash([4, 4]);
  line(-1, -1, 1, 1);
  if (!found) return;
  const { credit, gradient } = found;
  const scale = reach / Math.max(largest(gradient), 1e-12);
  context.fillStyle = colour("plus");
  context.globalAlpha = 0.6;
  // What is beyond the edge is drawn at it.
  const inside = (value: number): number => Math.max(-reach, Math.min(reach, scale * value));
  for (const [i, value] of gradient.entries()) {
    context.beginPath();
    context.arc(middleX + inside(value), middleY - inside(credit[i]), 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}

/** See the head of this file. */
export function Equilibrium({ frame }: { frame: EquilibriumFrame }) {
  const { energies, losses, free, nudged, found } = frame;
  const about = found
    ? `The credit of ${found.credit.length} parameters beside their gradients: a cosine of ${found.cosine.toFixed(4)}`
    : "The credit beside the gradient, once the output is nudged";
  return (
    <div class="explorable">
      <figure>
        <Chart
          lines={[
            { hue: "plus", values: energies },
            { hue: "minus", values: losses, dashed: true },
          ]}
          label="Energy and loss, tick by tick"
          span={[0, 0.1]}
          count={free + nudged + 1}
          first={0}
          mark={free}
        />
        <figcaption>
          <span class="swatch s5" /> energy, <span class="swatch dashed s1" /> loss, tick by tick. At the upright line
          the nudge begins.
        </figcaption>
      </figure>
      <figure>
        <Drawing kind="scatter" label={about} draw={(context, size) => drawCredit(context, size, found)} />
        <figcaption>
          A dot for each synapse and bias: to the right the gradient by backpropagation, up the credit by what it saw
          change. On the dashed line they are the same.
        </figcaption>
      </figure>
    </div>
  );
}
