// The swimmer from above, and where its nose has been.
import type { SwimmerFrame } from "../../explore/swimmer.js";
import { colour } from "../colours.js";
import { Drawing } from "../drawing.js";

/** What is said of it. */
export const saySwimmer = ({ time, speed, total, path }: SwimmerFrame): string => {
  const [x, y] = [path[path.length - 2] - path[0], path[path.length - 1] - path[1]];
  const way = Math.sqrt(x * x + y * y);
  return (
    `After ${time.toFixed(2)} s its nose is ${way.toFixed(2)} m from where it began; the head moves forward at ` +
    `${(100 * speed).toFixed(1).replace("-", "−")} cm/s. Rewards so far: ${total.toFixed(1)} of ${path.length / 2 - 1}.`
  );
};

/** The least of the water that is seen, in metres across and up, and the room around, in pixels. */
const [LEAST, ROOM] = [[1.2, 0.7], 24] as const;

/** How metres become pixels: all of the path and of the body is seen, and the middle of both is in the middle. */
function viewOf({ path, outline }: SwimmerFrame, [width, height]: readonly [number, number]) {
  const ends = [0, 1].map((axis) => {
    const all = [...path, ...outline].filter((_, i) => i % 2 === axis);
    return [Math.min(...all), Math.max(...all)] as const;
  });
  const spans = ends.map(([low, high], axis) => Math.max(LEAST[axis], high - low));
  const scale = Math.min((width - 2 * ROOM) / spans[0], (height - 2 * ROOM) / spans[1]);
  const [x, y] = ends.map(([low, high]) => (low + high) / 2);
  return {
    scale,
    at: (px: number, py: number) => [width / 2 + scale * (px - x), height / 2 - scale * (py - y)] as const,
  };
}

function draw(context: CanvasRenderingContext2D, size: readonly [number, number], frame: SwimmerFrame): void {
  const { scale, at } = viewOf(frame, size);
  const trace = (points: Float64Array): void => {
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) context.lineTo(...at(points[i], points[i + 1]));
    context.stroke();
  };
  Object.assign(context, { lineCap: "round", lineJoin: "round", textBaseline: "bottom" });
  context.strokeStyle = colour("quiet");
  trace(frame.path);
  context.strokeStyle = colour("plus");
  context.lineWidth = Math.max(4, 0.02 * scale);
  trace(frame.outline);
  context.fillStyle = colour("minus");
  context.beginPath();
  context.arc(...at(frame.outline[0], frame.outline[1]), Math.max(4, 0.016 * scale), 0, 2 * Math.PI);
  context.fill();
  // How long a quarter of a metre is.
  const bottom = size[1] - 6;
  context.fillStyle = colour("quiet");
  context.fillRect(8, bottom, scale / 4, 2);
  context.fillText("25 cm", 8, bottom - 4);
}

/** See the head of this file. */
export function Swimmer({ frame }: { frame: SwimmerFrame }) {
  return (
    <figure>
      <Drawing kind="scene" label={saySwimmer(frame)} draw={(context, size) => draw(context, size, frame)} />
      <figcaption>The swimmer from above; its nose is orange, and the line is where the nose has been.</figcaption>
    </figure>
  );
}
