// Moves the life: back, play, step, to any moment, and how fast.
import type { Play } from "./use-play.js";

const SPEEDS = [1, 2, 5, 20, 60] as const;

/** See the head of this file. */
export function Transport({ play }: { play: Play }) {
  const { begun, frame, playing, speed } = play.state;
  const [at, steps] = [frame?.at ?? 0, begun?.steps ?? 1];
  return (
    <fieldset class="transport">
      <legend class="hidden">Move through the life</legend>
      <button type="button" id="rewind" disabled={at === 0} onClick={() => play.seek(0)}>
        Rewind
      </button>
      <button type="button" disabled={at === 0} onClick={() => play.seek(at - 1)}>
        Back
      </button>
      <button type="button" id="play" class="main" disabled={!begun} onClick={play.play}>
        {playing ? "Pause" : "Play"}
      </button>
      <button type="button" id="step" disabled={at === steps} onClick={() => play.seek(at + 1)}>
        Step
      </button>
      <label class="grow">
        <span class="number">{`Image ${at} of ${steps}`}</span>
        <input
          id="moment"
          type="range"
          min={0}
          max={steps}
          value={at}
          onInput={(event) => play.seek(Number((event.target as HTMLInputElement).value))}
        />
      </label>
      <label>
        Images a second
        <select value={speed} onChange={(event) => play.setSpeed(Number((event.target as HTMLSelectElement).value))}>
          {SPEEDS.map((one) => (
            <option value={one}>{one}</option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
