// A matrix of numbers to change: each is a slider on a ground in its colour.
import { few } from "./colours.js";

/** Values follow the square of the slider, so that small ones can be set finely. */
const valueAt = (place: number, most: number): number => Math.fround(most * place * Math.abs(place));
const placeOf = (value: number, most: number): number =>
  Math.max(-1, Math.min(1, Math.sign(value) * Math.sqrt(Math.abs(value) / most)));

/** See the head of this file. */
export function Numbers(props: {
  readonly data: Float32Array;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** What the table shows. */
  readonly label: string;
  /** The largest number that a slider sets. */
  readonly most: number;
  readonly set: (at: number, value: number) => void;
}) {
  const { data, columns, rows, label, most, set } = props;
  const cell = (row: string, column: string, at: number) => {
    const value = data[at];
    const strength = `${Math.round(100 * Math.min(1, Math.abs(value) / most) ** (1 / 2))}%`;
    return (
      <td key={column}>
        <span class={value < 0 ? "heat minus" : "heat plus"} style={{ "--strength": strength }}>
          <input
            type="range"
            min={-1}
            max={1}
            step={0.01}
            value={placeOf(value, most)}
            aria-label={`${label}, ${[row, column].filter((one) => one !== "").join(", ")}`}
            aria-valuetext={few(value)}
            onInput={(event) => set(at, valueAt(Number((event.target as HTMLInputElement).value), most))}
          />
          <span class="number">{few(value)}</span>
        </span>
      </td>
    );
  };
  return (
    <div class="scroll">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={row}>
              {row === "" ? <td /> : <th scope="row">{row}</th>}
              {columns.map((column, c) => cell(row, column, r * columns.length + c))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
