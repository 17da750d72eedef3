// The network as it is now: what each layer is active by and what error arrives there, and the synapses of one layer.
import { NumberMap, tiles } from "./map.js";
import type { Play } from "./use-play.js";

const nameOf = (place: number, last: number): string =>
  place === 0 ? "image" : place === last ? "output" : `hidden layer ${place}`;

/** Activities and errors of all layers. */
export function Signals({ play }: { play: Play }) {
  const { begun, frame } = play.state;
  if (!begun || !frame || frame.activities.length !== begun.sizes.length) return null;
  const last = begun.sizes.length - 1;
  const shape = (place: number): readonly [rows: number, columns: number] =>
    place === 0 ? [28, 28] : begun.sizes[place] % 16 === 0 ? [begun.sizes[place] / 16, 16] : [1, begun.sizes[place]];
  return (
    <div class="signals">
      {begun.sizes.map((_, place) => {
        const [rows, columns] = shape(place);
        const name = nameOf(place, last);
        return (
          <div class={place === 0 ? "signal image" : "signal"} key={place}>
            <NumberMap data={frame.activities[place]} rows={rows} columns={columns} label={`Activity: ${name}`} />
            <NumberMap data={frame.errors[place]} rows={rows} columns={columns} label={`Error: ${name}`} signed />
          </div>
        );
      })}
    </div>
  );
}

/** Weights and chemicals of the layer that is shown. */
export function Synapses({ play }: { play: Play }) {
  const { begun, frame } = play.state;
  if (!begun || !frame || frame.layer > begun.sizes.length - 2) return null;
  const { layer } = frame;
  const [inputs, units] = [begun.sizes[layer], begun.sizes[layer + 1]];
  const laidOut = (data: Float32Array) => (layer === 0 ? tiles(data, units) : { data, rows: units, columns: inputs });
  const times = begun.times[layer];
  const called = (c: number): string => {
    const time = times[c];
    if (!time) return `Chemical ${c + 1}`;
    const tau = Number(time.tau.toPrecision(3));
    return `Chemical ${c + 1}: time constant ${tau} ${tau === 1 ? "image" : "images"}${time.keeps ? ", forgets nothing" : ""}`;
  };
  return (
    <div>
      <label class="inline">
        Synapses of
        <select
          id="layer"
          value={layer}
          onChange={(event) => play.setLayer(Number((event.target as HTMLSelectElement).value))}
        >
          {begun.sizes.slice(1).map((size, i) => (
            <option value={i}>{`layer ${i + 1}: ${begun.sizes[i]} inputs, ${size} units`}</option>
          ))}
        </select>
      </label>
      <div class="maps">
        <NumberMap {...laidOut(frame.weights)} label="Weights" signed />
        {frame.chemicals.length > 0 &&
          frame.chemicals.map((h, c) => <NumberMap key={c} {...laidOut(h)} label={called(c)} signed />)}
      </div>
      <p class="note">
        {layer === 0
          ? "Each tile is what one unit of the first hidden layer gets from the 28 x 28 pixels."
          : "A row for each unit, a column for each of its inputs."}
      </p>
    </div>
  );
}
