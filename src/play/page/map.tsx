// A matrix as an image, with what its strongest colour stands for.
import { defineComponent, ref, watchEffect } from "vue";
import { few, largest, paint } from "./colours.js";

/** A map of numbers. */
export interface MapProps {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** What it shows, for those who do not see it, and under it. */
  readonly label: string;
  /** Whether the numbers may be negative. */
  readonly signed?: boolean;
  /** What full strength stands for; by default the largest number. */
  readonly scale?: number;
  /** Whether nothing stands under it. */
  readonly bare?: boolean;
}

/** See the head of this file. */
export const NumberMap = defineComponent(
  (props: MapProps) => {
    const canvas = ref<HTMLCanvasElement>();
    const most = (): number => props.scale ?? largest(props.data);
    watchEffect(
      () => {
        const context = canvas.value?.getContext("2d");
        if (!context || props.data.length !== props.rows * props.columns) return;
        const image = context.createImageData(props.columns, props.rows);
        paint(image.data, props.data, most(), props.signed ?? false);
        context.putImageData(image, 0, 0);
      },
      { flush: "post" },
    );
    return () => (
      <figure class="map">
        <canvas ref={canvas} width={props.columns} height={props.rows} role="img" aria-label={props.label} />
        {!props.bare && (
          <figcaption>
            {props.label}
            <span class="scale"> {props.signed ? `± ${few(most())}` : `0 to ${few(most())}`}</span>
          </figcaption>
        )}
      </figure>
    );
  },
  { props: ["data", "rows", "columns", "label", "signed", "scale", "bare"] },
);

/** The weights of a first layer as one image: a tile of 28 x 28 for each unit, side by side. */
export function tiles(data: Float32Array, units: number): { data: Float32Array; rows: number; columns: number } {
  const side = 28;
  const across = Math.min(units, 16);
  const [rows, columns] = [Math.ceil(units / across) * (side + 1), across * (side + 1)];
  const out = new Float32Array(rows * columns);
  for (let unit = 0; unit < units; unit++) {
    const [top, left] = [Math.floor(unit / across) * (side + 1), (unit % across) * (side + 1)];
    for (let row = 0; row < side; row++) {
      const from = unit * side * side + row * side;
      out.set(data.subarray(from, from + side), (top + row) * columns + left);
    }
  }
  return { data: out, rows, columns };
}
