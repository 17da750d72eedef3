// The sheet of spiking cells: the potential of each, and how many spike in each step.
import type { GridFrame } from "../../explore/grid.js";
import { Chart } from "../chart.js";
import { NumberMap } from "../map.js";

/** The potential of a cell at rest in millivolts, how far from it a colour is strong, and the strongest without a spike. */
const [REST, STRONG, MOST] = [-70, 40, 0.7];

/** What is said of it. */
export const sayGrid = ({ time, reached, spikes, counts }: GridFrame): string =>
  `After ${time} ms, ${reached} of ${spikes.length} cells have spiked, ${counts.at(-1) ?? 0} of them in the last step.`;

/** See the head of this file. */
export function Grid({ frame, steps }: { frame: GridFrame; steps: number }) {
  const { side, potentials, spikes, counts } = frame;
  const shown = potentials.map((v, cell) =>
    spikes[cell] === 1 ? 1 : Math.max(-MOST, Math.min(MOST, (v - REST) / STRONG)),
  );
  return (
    <div class="explorable">
      <figure class="map">
        <NumberMap data={shown} rows={side} columns={side} scale={1} signed bare label={sayGrid(frame)} />
        <figcaption>
          A square for each cell: blue above rest, strongest where it spikes; orange below rest, where it has just
          spiked.
        </figcaption>
      </figure>
      <figure>
        <Chart
          lines={[{ hue: "plus", values: counts }]}
          label="Cells that spike, step by step"
          span={[0, 10]}
          count={steps}
          first={1}
        />
        <figcaption>Cells that spike, step by step; a step is half a millisecond.</figcaption>
      </figure>
    </div>
  );
}
